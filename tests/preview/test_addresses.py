"""What a request may ask for, and in whose name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.preview.addresses import RefusedError, address_of, check_asker, names_of, our_host


@pytest.mark.parametrize("host", ["127.0.0.1:8017", "localhost:8017", "LOCALHOST:8017"])
def test_our_names_are_ours(host: str) -> None:
    assert our_host([host], 8017) == host.lower()


def test_on_the_usual_port_browsers_name_none() -> None:
    assert our_host(["127.0.0.1"], 80) == "127.0.0.1"


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        ["127.0.0.1:8017", "127.0.0.1:8017"],
        ["evil.example:8017"],
        ["127.0.0.1"],
        ["127.0.0.1:8018"],
        ["127.0.0.1:8017.evil.example"],
        ["localhost.evil.example:8017"],
        ["0.0.0.0:8017"],
        ["[::1]:8017"],
        ["user@127.0.0.1:8017"],
        [""],
    ],
)
def test_other_hosts_are_refused(hosts: list[str]) -> None:
    with pytest.raises(RefusedError):
        our_host(hosts, 8017)


@pytest.mark.parametrize(
    ("origins", "site", "mode"),
    [
        ([], None, None),
        ([], "same-origin", "cors"),
        ([], "none", "navigate"),
        ([], "cross-site", "navigate"),
        (["http://localhost:8017"], "same-origin", "cors"),
    ],
)
def test_our_own_pages_and_links_from_elsewhere_may_ask(origins: list[str], site: str | None, mode: str | None) -> None:
    check_asker(origins, site, mode, "localhost:8017")


@pytest.mark.parametrize(
    ("origins", "site", "mode"),
    [
        (["http://evil.example"], None, None),
        (["null"], None, None),
        (["https://localhost:8017"], None, None),
        (["http://localhost:9000"], None, None),
        (["http://localhost:8017", "http://evil.example"], None, None),
        ([], "cross-site", "no-cors"),
        ([], "same-site", "cors"),
        (["http://evil.example"], "cross-site", "navigate"),
    ],
)
def test_other_pages_may_not(origins: list[str], site: str | None, mode: str | None) -> None:
    with pytest.raises(RefusedError):
        check_asker(origins, site, mode, "localhost:8017")


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("/", ("",)),
        ("/upstream/", ("upstream", "")),
        ("/upstream/index.html?x=/../y", ("upstream", "index.html")),
        ("/a%20b/%C3%A9.html", ("a b", "é.html")),
        ("/a/..b", None),
        ("/a/%252e%252e", ("a", "%2e%2e")),
    ],
)
def test_names_of_a_target(target: str, names: tuple[str, ...] | None) -> None:
    if names is None:
        with pytest.raises(RefusedError):
            names_of(target)
    else:
        assert names_of(target) == names


@pytest.mark.parametrize(
    "target",
    [
        "",
        "*",
        "upstream/",
        "http://evil.example/",
        "/..",
        "/../etc/passwd",
        "/upstream/../../etc/passwd",
        "/upstream/%2e%2e/%2e%2e/etc/passwd",
        "/upstream/%2E./x",
        "/upstream/..%2f..%2fetc%2fpasswd",
        "/%2fetc%2fpasswd",
        "//etc/passwd",
        "/upstream//index.html",
        "/upstream/index.html%00.png",
        "/upstream/\0",
        "/upstream/%0d%0aSet-Cookie:x",
        "/upstream/.git/config",
        "/.upstream.lock",
        "/.preview/other",
        "/upstream/%ff",
        "/upstream/./index.html",
    ],
)
def test_targets_that_lead_elsewhere_are_refused(target: str) -> None:
    with pytest.raises(RefusedError):
        names_of(target)


@given(st.text(max_size=40))
def test_no_name_leads_out(text: str) -> None:
    try:
        names = names_of("/" + text)
    except RefusedError:
        return
    assert not any(name.startswith(".") or "/" in name or "\0" in name for name in names)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4))
def test_an_address_is_read_as_the_names_that_it_was_made_of(names: list[str]) -> None:
    try:
        read = names_of(address_of(names))
    except (RefusedError, UnicodeEncodeError):
        return
    assert read == tuple(names)
