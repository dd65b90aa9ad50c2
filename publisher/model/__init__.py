"""The nouns: frozen dataclasses of the standard library, which import nothing but each other."""
