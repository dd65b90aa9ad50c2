"""The browser that the tests share: that it ends by itself must not be the failure of all that ask for it after."""

from __future__ import annotations

import pytest
from browsers import Browsers
from playwright.sync_api import Error


def test_another_browser_is_opened_where_one_has_crashed(browsers: Browsers) -> None:
    first = browsers.one()
    assert browsers.one() is first
    with pytest.raises(Error, match="closed"):
        first.new_browser_cdp_session().send("Browser.crash")
    second = browsers.one()
    assert second is not first
    page = second.new_page()
    page.set_content("<p>One page</p>")
    assert page.inner_text("p") == "One page"
    page.close()
