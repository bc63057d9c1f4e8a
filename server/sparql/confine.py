"""What a process gives up before it runs what a client sent (Linux)."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 13  # the call fails with EACCES

AUDIT: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""The kernel's number of each architecture that there is a filter for."""

REFUSED: Final = {
    "x86_64": {
        "socket": 41, "connect": 42, "socketpair": 53, "execve": 59, "execveat": 322,
        "ptrace": 101, "process_vm_writev": 311, "pidfd_getfd": 438, "io_uring_setup": 425,
        "bpf": 321, "openat2": 437, "creat": 85, "truncate": 76, "unlink": 87, "unlinkat": 263,
        "rename": 82, "renameat": 264, "renameat2": 316, "link": 86, "linkat": 265,
        "symlink": 88, "symlinkat": 266, "mkdir": 83, "mkdirat": 258, "rmdir": 84,
        "mknod": 133, "mknodat": 259,
    },
    "aarch64": {
        "socket": 198, "connect": 203, "socketpair": 199, "execve": 221, "execveat": 281,
        "ptrace": 117, "process_vm_writev": 271, "pidfd_getfd": 438, "io_uring_setup": 425,
        "bpf": 280, "openat2": 437, "truncate": 45, "unlinkat": 35, "renameat": 38,
        "renameat2": 276, "linkat": 37, "symlinkat": 36, "mkdirat": 34, "mknodat": 33,
    },
}  # fmt: skip
"""The system calls that fail, by architecture.

io_uring could do the same calls past the filter; openat2's flags lie where a filter cannot look.
Source: the kernel's unistd_64.h of x86-64 and its generic unistd.h, which aarch64 has.
"""

ON_FILES: Final = frozenset(
    "openat2 creat truncate unlink unlinkat rename renameat renameat2 link linkat symlink "
    "symlinkat mkdir mkdirat rmdir mknod mknodat".split()
)
"""Those of them that change files, which the process that writes releases has to do."""

OPENS: Final = {
    "x86_64": {"open": (2, 1), "openat": (257, 2)},
    "aarch64": {"openat": (56, 2)},
}
"""The system calls that open files: number, and which argument has the flags, from 0."""

_WRITES: Final = 0o1103  # O_WRONLY, O_RDWR, O_CREAT and O_TRUNC, on both architectures
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


def forbid_network(*, writer: bool = False) -> bool:
    """Make sockets, new programs and, but for a writer, changes to files impossible.

    Returns:
        False where the kernel or the processor cannot.
    """
    machine = os.uname().machine
    if machine not in AUDIT or sys.byteorder != "little":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    instructions = _filter(machine, writer=writer)
    program = _Program(len(instructions), instructions)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(machine: str, *, writer: bool = False) -> ctypes.Array[_Instruction]:
    """Return a BPF program: refuse other architectures, the x32 table and the listed calls.

    A jump counts the instructions that it leaps over. Of `struct seccomp_data` (linux/seccomp.h),
    the call's number stands at 0, the architecture at 4, argument n's lower half at 16 + 8 n.
    """
    load, equal, at_least, any_bit, give = 0x20, 0x15, 0x35, 0x45, 0x06
    program = [
        (load, 0, 0, 4),
        (equal, 1, 0, AUDIT[machine]),
        (give, 0, 0, _REFUSE),
        (load, 0, 0, 0),
        (at_least, 0, 1, _X32),
        (give, 0, 0, _REFUSE),
    ]
    for name, call in REFUSED[machine].items():
        if writer and name in ON_FILES:
            continue
        program += [(equal, 0, 1, call), (give, 0, 0, _REFUSE)]
    for call, argument in () if writer else OPENS[machine].values():
        program += [
            (equal, 0, 4, call),
            (load, 0, 0, 16 + 8 * argument),
            (any_bit, 0, 1, _WRITES),
            (give, 0, 0, _REFUSE),
            (give, 0, 0, _ALLOW),
        ]
    program.append((give, 0, 0, _ALLOW))
    return (_Instruction * len(program))(*(_Instruction(*line) for line in program))
