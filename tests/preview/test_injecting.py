"""Pages as they are served: the panel in them, their policy widened by the preview's three addresses and no more."""

from __future__ import annotations

import re
from html import unescape

import pytest

from publisher.preview.injecting import injected, widened

HERE = "http://127.0.0.1:8017"
STRICT = "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'"


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in filter(None, map(str.split, policy.split(";")))}


def test_a_strict_policy_allows_the_preview_and_nothing_else() -> None:
    assert directives(widened(STRICT, HERE)) == {
        "default-src": ["'none'"],
        "style-src": ["'self'", f"{HERE}/.preview/panel.css"],
        "script-src": ["'self'", f"{HERE}/.preview/preview.js"],
        "connect-src": [f"{HERE}/.preview/events"],
        "base-uri": ["'none'"],
    }


def test_none_gives_way_to_the_one_address() -> None:
    found = directives(widened("script-src 'NONE'; style-src 'none'; connect-src 'none'", HERE))
    assert found["script-src"] == [f"{HERE}/.preview/preview.js"]
    assert found["connect-src"] == [f"{HERE}/.preview/events"]


def test_what_default_allows_stays_allowed() -> None:
    assert directives(widened("default-src 'self' data:", HERE))["style-src"] == [
        "'self'",
        "data:",
        f"{HERE}/.preview/panel.css",
    ]


def test_what_is_not_restricted_stays_so() -> None:
    assert directives(widened("base-uri 'none'", HERE)) == {"base-uri": ["'none'"]}


def test_a_finer_directive_is_widened_too() -> None:
    found = directives(widened("default-src 'none'; script-src-elem 'sha256-x'", HERE))
    assert found["script-src-elem"] == ["'sha256-x'", f"{HERE}/.preview/preview.js"]


def test_of_two_of_one_name_the_first_counts() -> None:
    assert directives(widened("script-src 'self'; script-src *", HERE))["script-src"] == [
        "'self'",
        f"{HERE}/.preview/preview.js",
    ]


@pytest.mark.parametrize(
    "meta",
    [
        f'<meta http-equiv="Content-Security-Policy" content="{STRICT}"/>',
        f"<META content=\"{STRICT}\" HTTP-EQUIV='content-security-policy'>",
        f'<meta\n data-x="a > b" http-equiv=Content-Security-Policy content="{STRICT.replace(chr(39), "&#39;")}">',
    ],
)
def test_the_policy_of_a_page_is_found_however_it_is_written(meta: str) -> None:
    page = injected(f"<html><head>{meta}</head><body><p>x</p></body></html>", HERE, "<b>panel</b>")
    content = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert content
    assert unescape(content[1]) == widened(STRICT, HERE)
    assert page.endswith("<p>x</p><b>panel</b>\n</body></html>")


def test_other_metas_and_the_rest_of_the_page_stay() -> None:
    page = '<head><meta charset="utf-8"/><meta name="description" content="a > b &amp; c"/></head><body>é&lt;</body>'
    assert injected(page, HERE, "") == page.replace("</body>", "\n</body>")


def test_the_panel_comes_before_the_last_end_of_the_body() -> None:
    page = injected("<body><pre>&lt;/body></pre><template></body></template></body>", HERE, "PANEL")
    assert page == "<body><pre>&lt;/body></pre><template></body></template>PANEL\n</body>"


def test_a_page_without_an_end_gets_it_at_its_end() -> None:
    assert injected("<p>x", HERE, "PANEL") == "<p>xPANEL\n"
