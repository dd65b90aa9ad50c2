"""The same source gives the same bytes, whoever builds it, where and when.

Each build is a process of its own: its hash seed, time zone, locale, umask, user's home, folder and clock differ.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EDITIONS = Path(__file__).resolve().parents[2] / "editions"

# A moved clock is seen by all that asks Python for the time; files' own times are moved by os.utime.
_BUILD = """
import json, os, sys, time
from pathlib import Path
shift, umask, aloud, name, source, out = json.loads(sys.argv[1])
os.umask(umask)
real = time.time
time.time = lambda: real() + shift
import datetime
from publisher.build import read_imprint_of
from publisher.formats.contract import Job
from publisher.formats.epub.write import write
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact, PageBreak
from publisher.rendering.templates import Templates
from publisher.store import Store
folder, out = Path(source) / name, Path(out)
publication = read_edition(folder, read_imprint_of(folder)[0]).publication
store, narrations = Store(out / "store"), {}
if aloud:
    from publisher.narration.narrate import narrate
    from publisher.narration.script import write_script
    from publisher.narration.voices import voice_from_name
    voice = voice_from_name("espeak")
    scripts = {mix: write_script(publication, mix) for mix in ("default", "plain")}
    narrations = {mix: narrate(script, voice, store) for mix, script in scripts.items() if script.chapters}
printed = Artefact(f"{name}.pdf", "application/pdf", "pdf", "to print", breaks=(PageBreak("1", "title"),))
made = write(Job(publication, Templates(), out, store, narrations, siblings=(printed,)))
print(json.dumps(sorted(one.name for one in made)))
"""

YEAR = 366 * 24 * 3600


def built(tmp_path: Path, edition: str, *, aloud: bool, here: bool) -> dict[str, str]:
    """The digests of what one build wrote; `here` or in another place, by another user, a year later."""
    source = tmp_path / ("a" if here else "another place/deep down")
    out = source / "out"
    out.mkdir(parents=True)
    for path in [EDITIONS / "imprint.yaml", *sorted((EDITIONS / edition).rglob("*"))]:
        target = source / path.relative_to(EDITIONS)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            target.chmod(0o644 if here else 0o600)
            os.utime(target, (10**9, 10**9) if here else (15 * 10**8, 15 * 10**8))
    home = source / "home"
    home.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH")},
        "HOME": str(home),
        "LC_ALL": "C.UTF-8" if here else "C",
        "LANG": "en_GB.UTF-8" if here else "ar_EG.UTF-8",
        "LOGNAME": "ada" if here else "bram",
        "PYTHONHASHSEED": "1" if here else "4242",
        "PYTHONUTF8": "1" if here else "0",
        "TZ": "Pacific/Kiritimati" if here else "America/Adak",
        "USER": "ada" if here else "bram",
    }
    order = json.dumps([0 if here else YEAR, 0o022 if here else 0o077, aloud, edition, str(source), str(out)])
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, order], cwd=home, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in json.loads(done.stdout)}


@pytest.mark.parametrize(("edition", "aloud"), [("constructs", False), ("minimal", True)])
def test_builds_by_others_elsewhere_at_another_time_give_the_same_bytes(
    tmp_path: Path, edition: str, aloud: bool
) -> None:
    first = built(tmp_path, edition, aloud=aloud, here=True)
    assert any(name.endswith("-read-aloud.epub") for name in first) == aloud
    assert built(tmp_path, edition, aloud=aloud, here=False) == first
