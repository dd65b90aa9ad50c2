"""DAISY 2.02 talking books: text and sound in step, for players of the blind."""
