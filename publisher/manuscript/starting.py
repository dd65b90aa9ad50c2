"""Starting an edition: its folder, written beside and renamed into place, whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from publisher.manuscript.identifiers import slug
from publisher.model.findings import InputError

MAX_NAME = 64
_NAME = re.compile(r"[^\W_][\w-]*")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


def check_name(name: str) -> str:
    """The name of an edition, if it can name a folder and files on every system and in an address.

    Raises InputError, with a name that would do.
    """
    if _NAME.fullmatch(name) and len(name) <= MAX_NAME and name.lower() not in _RESERVED:
        return name
    suggestion = slug(name.replace("/", " ").replace("_", "-"))[:MAX_NAME].strip("-.").replace(".", "-") or "my-edition"
    raise InputError(
        f"{name!r} cannot name an edition; use letters, digits and hyphens, at most {MAX_NAME}: {suggestion}"
    )


def place_edition(name: str, source: Path, files: Mapping[str, bytes]) -> Path:
    """Write an edition's files (paths inside its folder, with `/`) to `source/name`; the folder.

    Raises InputError where the name will not do, the folder is already there or cannot be written.
    """
    folder = source / check_name(name)
    if folder.exists() or folder.is_symlink():
        raise InputError(f"{folder} is already there; choose another name, or remove it first")
    try:
        source.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=source))
    except OSError as problem:
        raise InputError(
            f"cannot write in {source}: {problem.strerror}; choose a folder that can be written"
        ) from problem
    try:
        for inside, data in files.items():
            path = partial / inside
            if not path.resolve().is_relative_to(partial.resolve()):
                raise InputError(f"{inside} would stand outside {folder}; rename it")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        partial.chmod(0o777 & ~_umask())
        # Another process may have made the folder since: renaming onto a folder with files in it fails.
        partial.rename(folder)
    except OSError as problem:
        raise InputError(f"cannot write {folder}: {problem.strerror}; nothing was made of it") from problem
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def new_edition(name: str, source: Path, *, lang: str | None = None) -> Path:
    """Make `source/name` with a small text that teaches the format and builds at once; its folder.

    `lang` is a BCP 47 tag for the front matter (default: the imprint's). Raises InputError, as `place_edition`.
    """
    article = _ARTICLE.replace("LANG\n", f"lang: {lang}\n" if lang else "")
    return place_edition(name, source, {"article.md": article.encode(), "commentary.md": _COMMENTARY.encode()})


_ARTICLE = """\
---
title: A title of your own
# More facts that you may give; take the # away:
# subtitle: What it is about, in a line
# creators: [Your Name]
LANG
# date: 2026-01-31
# description: One or two sentences for catalogues
# cover: cover.jpg
# cover-alternative: What the cover shows
---

<!-- Text between these marks is for you alone: readers never see it. -->

This is the first paragraph. Write your own article here: *emphasis* with stars, [words that are a
link](https://pandoc.org/MANUAL.html#pandocs-markdown) with brackets, and a blank line between paragraphs.

<!-- The plain-language counterpart of what stands above, up to the last counterpart or heading: -->

::: plain
This is the start. Write your text here. Leave a blank line after each paragraph.
:::

<!--
More that you can write:

## A heading {plain="The same in easy words"}

[NCA]{.abbr title="National Crime Agency" say="N C A"}   an abbreviation, and how it is spoken
[Alger]{lang=fr}                                         words in another language
![A caption](picture.png){alt="What the picture shows"}  a picture that stands in this folder

`publisher check` tells what is missing; `publisher build` makes the edition.
-->
"""

_COMMENTARY = """\
---
title: Commentary
editors:
  desk: The editors
---

<!--
Each note comments on the words that `on` quotes, exactly as they stand in article.md. `kind` is context, fact-check,
definition, aftermath or perspective; `by` is one of the editors above; `date="2026-01-31"` may follow.
-->

::: {#n-example .note on="first paragraph" kind="context" by="desk"}
This is a note on two words of the article. Say here what readers should know about them.

::: plain
This note is about two words in the text.
:::
:::
"""
