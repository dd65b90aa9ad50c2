"""Taking rights away from what runs strangers' words: writing, the network, the sight of other files.

Linux's Landlock does it for a thread and for all that the thread starts, without privileges and without a program of
its own; of connections it rules those by TCP, so that `sockets` takes away the others. Where the system has
neither (before Linux 5.13, or another system) everything runs as it would without.
https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from publisher.holding.sockets import can_filter, without_sockets

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The calls' numbers, the same on every processor that Python's wheels are made for.
https://github.com/torvalds/linux/blob/v6.12/include/uapi/asm-generic/unistd.h"""
_VERSION_WANTED = 1
_BENEATH_PATH = 1
_NO_NEW_PRIVILEGES = 38

# https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/landlock.h
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKING = sum(1 << bit for bit in range(4, 13))
"""Making and removing files of every kind."""
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_BIND, _CONNECT = 1 << 0, 1 << 1
_ABSTRACT_SOCKETS, _SIGNALS = 1 << 0, 1 << 1
"""Reaching processes that are not held by the same rules, from version 6."""
_READING = _EXECUTE | _READ_FILE | _READ_FOLDER
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
"""What can be allowed of something that is no folder."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class View:
    """What stays allowed: reading beneath `readable` (None: everywhere), the names of files beneath `listed`, writing
    beneath `writable`; with `network`, making and taking connections, with `local` those within the machine alone.
    Paths that are not there are passed over; the null device can always be written to.
    """

    readable: tuple[Path, ...] | None = None
    writable: tuple[Path, ...] = ()
    network: bool = False
    local: bool = False
    listed: tuple[Path, ...] = ()


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("others", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


@cache
def version() -> int:
    """The version of Landlock that the system has, 0 for none. 4 and later rule over the network, too."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_WANTED)))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def confine(view: View) -> bool:
    """Leave this thread, and what it starts from now on, with a view and no more, for ever. False where the system
    cannot do that for files; sockets may be taken away all the same."""
    if not view.network:
        without_sockets(local=view.local)
    if not version():
        return False
    writing = _WRITE_FILE | _MAKING | (_REFER if version() >= 2 else 0) | (_TRUNCATE if version() >= 3 else 0)
    handled = writing | (_READING if view.readable is not None else 0)
    ruled = _BIND | _CONNECT if version() >= 4 and not view.network else 0
    others = _SIGNALS | (0 if view.network else _ABSTRACT_SOCKETS) if version() >= 6 else 0
    rules = _Rules(handled, ruled, others)
    # A system takes a structure that is longer than the one it knows only where the rest is nought.
    size = ctypes.sizeof(rules) if version() >= 4 else ctypes.sizeof(ctypes.c_uint64)
    ruleset = int(_libc().syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0))
    if ruleset < 0:  # built without it, or switched off
        return False
    try:
        for path in view.readable or ():
            _allow(ruleset, path, _READING & handled)
        for path in view.listed:
            _allow(ruleset, path, _READ_FOLDER & handled)
        for path in (Path(os.devnull), *view.writable):
            _allow(ruleset, path, handled)
        _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return int(_libc().syscall(_RESTRICT_SELF, ruleset, 0)) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # it is not there, so that there is nothing to allow
        return
    try:
        allowed = rights if path.is_dir() else rights & _OF_FILES
        if allowed:
            beneath = _Beneath(allowed, handle)
            _libc().syscall(_ADD_RULE, ruleset, _BENEATH_PATH, ctypes.byref(beneath), 0)
    finally:
        os.close(handle)


def confined(view: View, start: Callable[[], _T]) -> _T:
    """What `start` answers, called on a thread that has a view and no more: processes that it starts inherit that,
    while this thread stays free. Raises what `start` raises."""
    if not version() and (view.network or not can_filter()):
        return start()
    answers: list[_T] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            confine(view)
            answers.append(start())
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if problems:
        raise problems[0]
    return answers[0]


SYSTEM: Sequence[Path] = tuple(map(Path, ("/usr", "/lib", "/lib64", "/bin", "/etc", "/dev", "/proc", "/sys")))
"""Where programs find their libraries and settings, and nobody's documents."""


def held_by() -> tuple[str, ...]:
    """What of this system takes rights away, in words: files, connections by TCP, all other sockets. Two where all is
    there that can be."""
    files = "Landlock (files, connections)" if version() >= 4 else "Landlock (files)"
    return (*((files,) if version() else ()), *(("seccomp (sockets)",) if can_filter() else ()))
