"""What the Matterhorn Protocol 1.1 asks of a PDF/UA-1 file, checked by us (https://pdfa.org/resource/the-matterhorn-protocol/)."""
