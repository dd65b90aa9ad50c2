"""One annotated Markdown source and its commentary, published in formats that are proven to agree."""

__version__ = "0.1.0"
