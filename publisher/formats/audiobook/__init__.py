"""The W3C's Audiobooks, in its Lightweight Packaging Format: a manifest, a track a chapter, contents, a cover."""
