"""DAISY 2.02 talking books: what hardware players for blind readers take."""
