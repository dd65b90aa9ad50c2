"""The browser that the tests of a process share."""

from __future__ import annotations

from playwright.sync_api import Browser, Playwright


class Browsers:
    """One browser for many tests, and another where it has ended: a crash is its test's, and not all that follow."""

    def __init__(self, playwright: Playwright, program: str) -> None:
        self._playwright, self._program = playwright, program
        self._open: Browser | None = None

    def one(self) -> Browser:
        if self._open is None or not self._open.is_connected():
            self._open = self._playwright.chromium.launch(
                executable_path=self._program,
                args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
                # A signal to the tests' process group is none of the browser's; it is closed with the tests.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        return self._open

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
