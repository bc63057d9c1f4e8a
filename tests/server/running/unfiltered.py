"""A kernel without seccomp, as far as a process and its children can tell."""

from __future__ import annotations

import ctypes
import os
import struct

PRCTL = {"x86_64": 157, "aarch64": 167}
SET_SECCOMP, SET_NO_NEW_PRIVS = 22, 38
EINVAL = 22


def pretend() -> None:
    """Let every later attempt to install a filter fail as it does on such a kernel."""
    program = (
        (0x20, 0, 0, 0),  # load the number of the call
        (0x15, 0, 3, PRCTL[os.uname().machine]),
        (0x20, 0, 0, 16),  # load its first argument
        (0x15, 0, 1, SET_SECCOMP),
        (0x06, 0, 0, 0x00050000 | EINVAL),
        (0x06, 0, 0, 0x7FFF0000),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    whole = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    )
    libc = ctypes.CDLL(None)
    assert libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(SET_SECCOMP, 2, whole, 0, 0) == 0
