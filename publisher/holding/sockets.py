"""Taking away sockets, which Landlock rules only for TCP: no UDP, no raw packets, nothing that reaches another machine.

A filter of system calls (seccomp, in the kernel's small language of filters, BPF) for a thread and all that it starts.
It looks at two calls: `socket`, which opens every road out, and `io_uring_setup`, by which sockets could be had without
that call. Where the system has no such filters, or the processor is none of those below, nothing changes.
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from dataclasses import dataclass
from functools import cache

_GET_SECCOMP, _SET_SECCOMP, _FILTER = 21, 22, 2
_NO_NEW_PRIVILEGES = 38
# https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/prctl.h

_LOAD, _EQUAL, _AT_LEAST, _ANSWER = 0x20, 0x15, 0x35, 0x06
"""BPF: take a word of the call's data, jump if it is, if it is no less, answer.
https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf_common.h"""
_NUMBER, _PROCESSOR, _FIRST_ARGUMENT = 0, 4, 16
"""Where these stand in `struct seccomp_data`; of the argument its lower half, both processors being little-endian."""
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
"""https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/seccomp.h"""

_WITHIN_THE_MACHINE = 1
"""AF_UNIX, the one family whose sockets end at this machine's files."""
_OTHER_TABLE = 0x40000000
"""From here on are the numbers of x86-64's x32 calls, which go by another table."""


@dataclass(frozen=True, slots=True)
class _Processor:
    """What the kernel calls a processor, and its numbers of the two calls."""

    name: int
    socket: int
    io_uring_setup: int = 425


_PROCESSORS = {"x86_64": _Processor(0xC000003E, 41), "aarch64": _Processor(0xC00000B7, 198)}
"""https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/audit.h and each one's table of calls."""


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


@cache
def can_filter() -> bool:
    """Whether sockets can be taken away on this system."""
    if sys.platform != "linux" or _processor() is None:
        return False
    return int(ctypes.CDLL(None).prctl(_GET_SECCOMP, 0, 0, 0, 0)) >= 0


def without_sockets(*, local: bool) -> bool:
    """Leave this thread, and what it starts from now on, without sockets, for ever; with `local`, those within the
    machine stay. Opening another one fails with EACCES. False where the system cannot do that, and nothing has changed.
    """
    processor = _processor()
    if not can_filter() or processor is None:
        return False
    steps = _steps(processor, local=local)
    instructions = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), instructions)
    system = ctypes.CDLL(None)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return int(system.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)) == 0


def _steps(processor: _Processor, *, local: bool) -> list[tuple[int, int, int, int]]:
    """The filter: each step is what to do, how many steps to pass over if so and if not, and a value."""
    unknown = _REFUSE | errno.ENOSYS
    spared = _ALLOW if local else _REFUSE | errno.EACCES
    return [
        (_LOAD, 0, 0, _PROCESSOR),
        (_EQUAL, 1, 0, processor.name),
        (_ANSWER, 0, 0, unknown),  # 32-bit calls on a 64-bit system have other numbers
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_TABLE),
        (_ANSWER, 0, 0, unknown),
        (_EQUAL, 0, 1, processor.io_uring_setup),
        (_ANSWER, 0, 0, unknown),
        (_EQUAL, 1, 0, processor.socket),
        (_ANSWER, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 0, 1, _WITHIN_THE_MACHINE),
        (_ANSWER, 0, 0, spared),
        (_ANSWER, 0, 0, _REFUSE | errno.EACCES),
    ]


def _processor() -> _Processor | None:
    return _PROCESSORS.get(os.uname().machine) if sys.maxsize > 2**32 else None
