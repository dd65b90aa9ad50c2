"""Shell completion: scripts made of the command line's own parser, with names of editions and lists filled in.

The scripts stand alone: they look into the source folder themselves, since starting Python at each key takes too long.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

import shtab

from publisher.explaining import known_checks
from publisher.formats import FORMATS
from publisher.model.findings import InputError
from publisher.model.mixes import CHOSEN_MIXES

_EDITIONS = {
    "bash": r"""
# Names of editions under --source (or source/), and folders. $1 is the word so far.
_publisher_editions() {
  local folder=source index path
  for ((index = 1; index < COMP_CWORD; index++)); do
    [[ ${COMP_WORDS[index]} == --source ]] && folder=${COMP_WORDS[index + 1]}
  done
  for path in "$folder"/*/article.md; do
    path=${path%/article.md} path=${path##*/}
    [[ $path != '*' && $path == "$1"* ]] && printf '%s\n' "$path"
  done
  [[ $1 == */* || $1 == .* ]] && compgen -d -- "$1"
  return 0
}
""",
    "zsh": r"""
_publisher_editions() {
  local folder=source index=${words[(i)--source]}
  (( index < $#words )) && folder=${words[index+1]}
  local -a names=( ${~folder}/*/article.md(N:h:t) )
  (( $#names )) && compadd -a names
  _files -/
}
""",
    "fish": r"""
function _publisher_editions
    set -l folder source
    set -l words (commandline -opc)
    set -l at (contains -i -- --source $words); and set folder $words[(math $at + 1)]
    for path in $folder/*/article.md
        basename (dirname $path)
    end
    __fish_complete_directories
end
""",
}

_TCSH_EDITIONS = '`test -d source && find source -maxdepth 2 -name article.md | sed "s|^source.||;s|.article.md||"`'
"""Names of editions under source/; no slash or single quote, which would end it. tcsh cannot say what `--source` is."""

_LIST = r"""
# A list with commas between: what $1 begins, of the other words, each once.
_publisher_list() {
  local word=$1 head= one
  shift
  [[ $word == *,* ]] && head=${word%,*},
  for one in "$@"; do
    [[ ,$head != *,"$one",* && $head$one == "$word"* ]] && printf '%s\n' "$head$one"
  done
  return 0
}
"""


def _editions() -> dict[str, object]:
    own = {"bash": "_publisher_editions", "zsh": "_publisher_editions", "fish": "(_publisher_editions)"}
    own["tcsh"] = _TCSH_EDITIONS
    return {**own, "preamble": _EDITIONS}


def _list(name: str, words: Sequence[str]) -> dict[str, object]:
    """Several of a few words, with commas between."""
    listed = " ".join(words)
    return {
        "bash": f"_publisher_{name}",
        "zsh": f"_publisher_{name}",
        "fish": f"(__fish_append , {listed})",
        "tcsh": f"({listed})",
        "preamble": {
            "bash": f'{_LIST}\n_publisher_{name}() {{ _publisher_list "$1" {listed}; }}\n',
            "zsh": f"_publisher_{name}() {{ _values -s , {name} {listed}; }}\n",
        },
    }


def _words(name: str, words: Sequence[str]) -> dict[str, object]:
    """One of many words."""
    listed = " ".join(words)
    return {
        "bash": f"_publisher_{name}",
        "zsh": f"_publisher_{name}",
        "fish": listed,
        "tcsh": f"({listed})",
        "preamble": {
            "bash": f"""_publisher_{name}() {{ compgen -W '{listed}' -- "$1"; }}\n""",
            "zsh": f"_publisher_{name}() {{ compadd {listed}; }}\n",
        },
    }


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The completion script of a shell. Raises InputError where the library here cannot make it."""
    if shell not in shtab.SUPPORTED_SHELLS:
        raise InputError(f"the shtab that is installed knows no {shell}; install a newer one: pip install -U shtab")
    _complete(parser)
    text = str(shtab.complete(parser, shell))
    if shell == "zsh":
        return text.replace('"(*)::', '"*:')  # which is of one word in _arguments, and there may be several
    if shell == "tcsh":
        # Folders that are written as such, where names of editions would be offered; names after the first one, too.
        text = text.replace("complete publisher \\\n", "complete publisher \\\n        'c@./@d@' \\\n", 1)
        return text.replace("'p/*/()/'", f"'p/*/{_TCSH_EDITIONS}/'")
    return text


def _complete(parser: argparse.ArgumentParser) -> None:
    """Say of arguments how they are completed, where their choices do not say it."""
    by_place = {
        ("build", "format"): _list("formats", FORMATS),
        ("build", "mix"): _list("mixes", (*CHOSEN_MIXES, "none")),
        ("explain", "check"): _words("checks", known_checks()),
    }
    by_name = {"editions": _editions(), "out": shtab.DIRECTORY, "source": shtab.DIRECTORY}
    by_name |= {"file": shtab.FILE, "against": shtab.FILE}
    for command, action in _arguments(parser):
        how = by_place.get((command, action.dest)) or by_name.get(action.dest)
        if how is not None and not action.choices:
            action.complete = how  # type: ignore[attr-defined] # where shtab looks for it


def _arguments(parser: argparse.ArgumentParser, command: str = "") -> Iterator[tuple[str, argparse.Action]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                yield from _arguments(one, name)
        else:
            yield command, action
