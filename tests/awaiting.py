"""Waiting for something on a page that forbids `eval`.

`Page.wait_for_function` evaluates its text anew at each look, which a strict Content-Security-Policy refuses at any
look but the first: such a test passes only where the page is ready at once. This hands the page a function once.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Error, Page

_LOOKING = """([argument, limit]) => new Promise((done, failed) => {
    const holds = (argument) => %s;
    const end = performance.now() + limit;
    const look = () => {
        if (holds(argument)) done(true);
        else if (performance.now() > end) failed(new Error("it never came to hold"));
        else setTimeout(look, 10);
    };
    look();
})"""


def until(page: Page, condition: str, argument: Any = None, seconds: float = 30) -> None:
    """Returns when `condition`, a JavaScript expression that may name `argument`, holds on the page.

    It goes on looking where the page is left for another. Raises playwright's Error after `seconds`.
    """
    while True:
        try:
            page.evaluate(_LOOKING % condition, [argument, seconds * 1000])
        except Error as problem:
            if "context was destroyed" not in str(problem):
                raise
            page.wait_for_load_state()
        else:
            return
