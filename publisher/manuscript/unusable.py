"""Why a picture is not taken."""

from __future__ import annotations


class UnusableError(Exception):
    """The finding's check id and message."""

    def __init__(self, check: str, message: str) -> None:
        super().__init__(check, message)
        self.check = check
        self.message = message
