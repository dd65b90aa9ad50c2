"""What a build's worker process keeps of its rights: to read the edition and the program, to write what it makes.

In it work libraries that strangers' words and pictures are given to. On Linux the system takes from it, for ever, all
other files and the network (`confining`), and bounds what it may take of the machine.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import all_suffixes
from pathlib import Path

from publisher.fingerprint import SHARED
from publisher.holding.confining import SYSTEM, View, confine

GIGABYTE = 1 << 30
FILES, LARGEST = 1024, 16 * GIGABYTE
"""Files open at once; bytes of one file: a recording of a hundred hours has three gigabytes."""

_STORES = tuple(map(Path, ("/nix/store", "/gnu/store", "/opt/homebrew", "/var/cache/fontconfig")))
"""Where some systems keep their programs and libraries; what is known of fonts."""
_NAMES = ("/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager", "/run/nscd")
"""Where it stands who knows the addresses of a network."""
_PACKAGES = {"site-packages", "dist-packages"}


@dataclass(frozen=True, slots=True)
class Keeps:
    """What a worker reads and writes beside the program; `network` for a voice that is asked over it, `workers` where
    it has workers of its own."""

    reads: tuple[Path, ...]
    writes: tuple[Path, ...]
    network: bool = False
    workers: bool = False


def read_by(edition: Path, voice: str | None) -> Iterator[Path]:
    """What building an edition reads beside the program: its folder, what stands beside that, voices' models."""
    from publisher.narration.voices.fetching import voices_folder  # noqa: PLC0415 - not when a worker begins

    yield edition
    yield from (edition.parent / name for name in SHARED)
    yield voices_folder()
    for path in _named_models(edition, voice):
        yield from (path, path.with_name(f"{path.name}.json"))


def models_of(edition: Path, voice: str | None) -> Iterator[Path]:
    """The files of the Piper voices that may have been chosen, as far as they are there and can be read: what is read
    aloud depends on them."""
    from publisher.narration.voices.fetching import voices_folder  # noqa: PLC0415

    chosen = "\n".join(_choosing(edition, voice))
    if "piper" not in chosen:
        return
    fetched = (path for path in sorted(voices_folder().glob("*.onnx")) if path.stem in chosen)
    for path in (*fetched, *_named_models(edition, voice)):
        for one in (path, path.with_name(f"{path.name}.json")):
            # What cannot even be looked at is told by whoever needs it.
            with suppress(OSError):
                if one.is_file() and os.access(one, os.R_OK):
                    yield one


def _named_models(edition: Path, voice: str | None) -> Iterator[Path]:
    for text in _choosing(edition, voice):
        for form in _MODELS:
            yield from (Path(model).expanduser() for model in form.findall(text))


def may_ask_network(edition: Path, voice: str | None) -> bool:
    """Whether a voice that is asked over the network may have been chosen: where no text names one, none has."""
    from publisher.narration.voices import engines  # noqa: PLC0415

    names = [name for name, about in engines().items() if about.network]
    return any(name in text for text in _choosing(edition, voice) for name in names)


def _choosing(edition: Path, voice: str | None) -> Iterator[str]:
    """The texts in which a voice is chosen."""
    yield voice or ""
    for file in (*edition.glob("*.md"), edition.parent / "imprint.yaml"):
        with suppress(OSError):  # whoever reads it tells of it
            yield file.read_text("utf-8", "replace")


_MODELS = tuple(
    re.compile(rf"\b{before}([^\n,\"'{{}}\[\]]+?\.onnx)\b") for before in (r"piper:[ \t]*", r"name:[ \t]*[\"']?")
)
"""The file of a voice, `piper:FILE` or `name: FILE`, which may lie anywhere; nothing that is called otherwise is opened
to a worker."""


def hold(keeps: Keeps) -> None:
    """Leave this process, for ever, with what it keeps and what the program needs. To be called before it has threads,
    which would keep all that they had."""
    _bound()
    fonts = tuple(_fonts())
    # fontconfig writes anew what it knows when fonts have come.
    known = _cache_folder() / "fontconfig"
    own, listed = _python()
    reads = (*SYSTEM, *_STORES, *own, *fonts, *_named("LD_LIBRARY_PATH"), *keeps.reads, *(_for_network(keeps.network)))
    writes = (*keeps.writes, known if known.is_dir() else _cache_folder(), Path("/var/cache/fontconfig"))
    confine(View(reads, writes, keeps.network, keeps.workers, listed))


def memory() -> int:
    """The bytes that a worker may take in all: what the machine has. Each engine has an allowance of its own."""
    return max(2 * GIGABYTE, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def _bound() -> None:
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not there on other systems

    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_FSIZE: LARGEST,
        resource.RLIMIT_DATA: memory(),
    }
    for limit, most in limits.items():
        soft, hard = resource.getrlimit(limit)
        least = min(most, *(one for one in (soft, hard) if one != resource.RLIM_INFINITY), most)
        resource.setrlimit(limit, (least, least))


def _python() -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The folders of Python and of packages; and those that are only to be looked into: of a folder on the path of
    imports, such as a checkout, what can be imported is the program's, all else somebody's."""
    roots = {Path(root) for root in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
    roots |= {Path(path) for path in sysconfig.get_paths().values()}
    program = Path(sys.executable)
    roots |= {program.parent, program.resolve().parent}
    package = Path(__file__).parent
    own = [*roots, package, package.parent / "templates"]
    listed = []
    for entry in map(Path, sys.path):
        if entry.is_file() or _PACKAGES & set(entry.parts):
            own.append(entry)
        elif entry.is_dir() and not any(entry.is_relative_to(root) for root in roots):
            listed.append(entry)
            own.extend(_importable(entry))
    return tuple(own), tuple(listed)


def _importable(folder: Path) -> Iterator[Path]:
    ends = (*all_suffixes(), ".dist-info", ".egg-info", ".pth")
    with suppress(OSError):  # nothing can be imported from what cannot be listed
        yield from (one for one in folder.iterdir() if one.name.endswith(ends) or (one / "__init__.py").is_file())


def _fonts() -> Iterator[Path]:
    """Where fonts are, and what says where."""
    home = _home()
    data, settings = _set("XDG_DATA_HOME", home / ".local/share"), _set("XDG_CONFIG_HOME", home / ".config")
    configured = [settings / "fontconfig", home / ".fonts.conf", home / ".fonts.conf.d", Path("/etc/fonts")]
    configured += [*_named("FONTCONFIG_PATH"), *_named("FONTCONFIG_FILE")]
    yield from (*configured, home / ".fonts", home / "Library/Fonts", Path("/Library/Fonts"))
    yield from (folder / "fonts" for folder in (data, *_named("XDG_DATA_DIRS")))
    yield _cache_folder() / "fontconfig"
    yield from _folders_named_in(configured, data)


_FOLDER = re.compile(r"<dir(?:\s+prefix=[\"'](\w+)[\"'])?[^>]*>\s*([^<]+?)\s*</dir>")


def _folders_named_in(settings: Iterable[Path], data: Path) -> Iterator[Path]:
    """The folders of fonts that fontconfig's settings name.
    https://www.freedesktop.org/software/fontconfig/fontconfig-user.html"""
    for place in settings:
        for file in (place, *sorted(place.glob("*.conf")), *sorted(place.glob("conf.d/*.conf"))):
            if file.is_file():
                with suppress(OSError):  # fontconfig cannot read it either
                    for prefix, folder in _FOLDER.findall(file.read_text("utf-8", "replace")):
                        yield (data if prefix == "xdg" else file.parent) / Path(folder).expanduser()


def _for_network(network: bool) -> Iterator[Path]:
    if network:
        yield from map(Path, _NAMES)
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            yield from _named(name)


def _named(variable: str) -> tuple[Path, ...]:
    return tuple(Path(one) for one in os.environ.get(variable, "").split(os.pathsep) if one)


def _set(variable: str, otherwise: Path) -> Path:
    return Path(os.environ.get(variable) or otherwise)


def _cache_folder() -> Path:
    return _set("XDG_CACHE_HOME", _home() / ".cache")


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a user whom the system does not know, as in containers: no place is theirs
        return Path("/nonexistent")
