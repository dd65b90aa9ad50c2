"""The memory that a read-aloud edition takes does not grow with its audio."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

# Every line of the narration sounds as one and the same clip of five seconds, as many times as asked for.
_BUILD = """
import json, resource, sys
from dataclasses import replace
from pathlib import Path
import numpy as np
import soundfile
sys.path.insert(0, sys.argv[1])
from epub_sample import paragraph, small_publication
from publisher.formats.contract import Job
from publisher.formats.epub.write import write
from publisher.model.narration import Chapter, Clip, Cue, Narration, Voice
from publisher.model.publication import Section
from publisher.narration.script import write_script
from publisher.rendering.templates import Templates
from publisher.store import Store

folder, times, seconds, rate = Path(sys.argv[2]), int(sys.argv[3]), 5, 22050
store = Store(folder / "store")
def sound(path):
    wave = 0.2 * np.sin(np.arange(seconds * rate) * 0.1)
    soundfile.write(path, wave.astype("float32"), rate, format="FLAC", subtype="PCM_16")
store.keep("tone", ".flac", sound)
clip = Clip("tone", rate, seconds * rate)
small = small_publication(folder)
more = Section(None, tuple(paragraph(f"more-{n}", f"The lamp was lit on night {n}.") for n in range(60)))
publication = replace(small, sections=(*small.sections, more))
script = write_script(publication, "default")
cues, now = [], 0
for chapter in script.chapters:
    for line in chapter.lines:
        for _ in range(times):
            cues.append(Cue(line, clip, now, now + clip.frames))
            now += clip.frames + round(line.pause * rate)
narration = Narration("default", Voice("espeak"), "en", rate, now, (Chapter("c", "C", 0, now),), tuple(cues))
made = write(Job(publication, Templates(), folder, store, {"default": narration}))
aloud = next(one for one in made if one.name.endswith("-read-aloud.epub"))
# VmHWM, and not ru_maxrss: that one counts what the parent held when it forked.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([aloud.duration, int(peak) // 1024]))
"""


def built(folder: Path, times: int) -> tuple[float, int]:
    """How long an edition sounds that says every line so many times, and the most memory its making took, in MB."""
    folder.mkdir()
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", _BUILD, here, str(folder), str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    duration, peak = json.loads(done.stdout)
    return duration, peak


def test_ten_times_the_sound_takes_no_more_memory(tmp_path: Path) -> None:
    short, small = built(tmp_path / "short", 1)
    long, large = built(tmp_path / "long", 6)
    assert long > 4 * short
    samples = (long - short) * 22050 * 4 / 1e6  # MB of what more there is to be heard, as it is encoded
    assert samples > 100
    assert large - small < 20, f"{small} MB for {short:.0f} s, {large} MB for {long:.0f} s"
