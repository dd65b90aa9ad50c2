"""What a request may ask for: which hosts and origins are ours, and which names an address is made of.

A page of a stranger can have a browser send requests here, by a name of its own that leads to 127.0.0.1 (DNS
rebinding) or straight away. So the host must be ours by name, and whoever asks in the name of a page must be ours, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote, unquote_to_bytes

ADDRESS = "127.0.0.1"
RESERVED = ".preview"
"""Where the preview's own files stand: no file of a build is served whose name begins with a full stop."""
SCRIPT, STYLES, EVENTS = (f"/{RESERVED}/{name}" for name in ("preview.js", "panel.css", "events"))


class RefusedError(Exception):
    """A request that is not answered, with the status and the words that say why."""

    def __init__(self, status: HTTPStatus, words: str) -> None:
        super().__init__(status, words)
        self.status = status
        self.words = words


def our_hosts(port: int) -> frozenset[str]:
    """The hosts, as a browser names them, that a preview on a port answers for."""
    return frozenset(f"{name}:{port}" if port != 80 else name for name in (ADDRESS, "localhost"))


def our_host(hosts: Sequence[str], port: int) -> str:
    """The host that a request names. Raises RefusedError unless it names one, and one of ours."""
    if len(hosts) != 1:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "a request names one host")
    if hosts[0].lower() not in our_hosts(port):
        raise RefusedError(HTTPStatus.FORBIDDEN, f"this preview answers for {ADDRESS}:{port} alone")
    return hosts[0].lower()


def check_asker(origins: Sequence[str], site: str | None, mode: str | None, host: str) -> None:
    """Raises RefusedError where a page from elsewhere asks: by the Origin that it sends, or as the browser tells of it.

    A link from elsewhere may lead here (`mode` navigate). https://www.w3.org/TR/fetch-metadata/
    """
    foreign = any(origin.lower() != f"http://{host}" for origin in origins)
    if foreign or (site in ("cross-site", "same-site") and mode != "navigate"):
        raise RefusedError(HTTPStatus.FORBIDDEN, "this preview answers no page from elsewhere")


def names_of(target: str) -> tuple[str, ...]:
    """The names between the slashes of a request's target, decoded; the last is empty where a folder is asked for.

    Raises RefusedError for what is no path, and for every name that could mean another file than the one of that name:
    none is hidden, leads upwards or holds a slash.
    """
    path = target.partition("?")[0]
    if not path.startswith("/"):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "a request's target begins with a slash")
    names = tuple(map(_decoded, path[1:].split("/")))
    if not all(names[:-1]):
        raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such file")
    return names


def _decoded(name: str) -> str:
    try:
        told = unquote_to_bytes(name).decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such file") from None
    if told.startswith(".") or "/" in told or any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in told):
        raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such file")
    return told


def address_of(names: Sequence[str]) -> str:
    """The path of an address whose names these are."""
    return "/" + "/".join(quote(name, safe="") for name in names)
