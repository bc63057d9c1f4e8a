"""What a query worker gives up before it takes its first query (Linux)."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 13  # the call fails with EACCES

# Numbers of socket, connect, execve, execveat, ptrace, io_uring_setup, and the audit architecture.
_CALLS: Final = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117, 425)),
}
_X32: Final = 0x40000000  # the second system-call table of x86-64


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def die_with(parent: int) -> None:
    """End when the thread that started this process ends; `parent` is its process's id."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def limit_memory(mebibytes: int) -> None:
    """Allow so much address space beyond what is taken now, and no core dumps."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        taken = int(statm.read().split()[0]) * resource.getpagesize()
    allowed = taken + mebibytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_network() -> bool:
    """Make sockets and new programs impossible; False where kernel or processor cannot."""
    known = _CALLS.get(os.uname().machine)
    if known is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    instructions = _filter(*known)
    program = _Program(len(instructions), instructions)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(architecture: int, calls: tuple[int, ...]) -> ctypes.Array[_Instruction]:
    """Return a BPF program: refuse other architectures, the x32 table and the listed calls."""
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    last = len(calls) + 1  # instructions between the first test and the refusal, less the tests
    program = [
        (load, 0, 0, 4),
        (equal, 0, last + 2, architecture),
        (load, 0, 0, 0),
        (at_least, last, 0, _X32),
        *((equal, len(calls) - rank, 0, call) for rank, call in enumerate(calls)),
        (give, 0, 0, _ALLOW),
        (give, 0, 0, _REFUSE),
    ]
    return (_Instruction * len(program))(*(_Instruction(*line) for line in program))
