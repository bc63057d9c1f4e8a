"""A file of named arrays: a line that says what it is, a JSON line that says where each array lies.

It is mapped into memory, not read, and holds numbers and text only, so that a file from a stranger
can give wrong answers or an error but runs nothing.
"""

from __future__ import annotations

import json
import mmap
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from kg.errors import DataError, Place

_MAGIC: Final = b"UniPact names 1\n"
_TYPES: Final[dict[str, Literal["B", "I", "Q"]]] = {"B": "B", "I": "I", "Q": "Q"}

Numbers = memoryview  # of array codes B (8 bits), I (32 bits) or Q (64 bits)


def pack(sections: Mapping[str, array[int] | bytearray | memoryview]) -> bytearray:
    """Return the arrays as one string of bytes; all numbers are little-endian."""
    views = {name: memoryview(section) for name, section in sections.items()}
    head: dict[str, tuple[str, int, int]] = {}
    at = 0
    for name, view in views.items():
        head[name] = (view.format, at, view.nbytes)
        at += view.nbytes + -view.nbytes % 8
    line = json.dumps(head, separators=(",", ":")).encode()
    packed = bytearray(_MAGIC + line + b" " * (-(len(_MAGIC) + len(line) + 1) % 8) + b"\n")
    for view in views.values():
        packed += view.cast("B")
        packed += bytes(-len(packed) % 8)
    return packed


def unpack(data: bytes | bytearray | mmap.mmap, *, file: str = "") -> dict[str, memoryview]:
    """Return the arrays of a packed file as views into it.

    Raises:
        DataError: it is no such file, or damaged.
    """
    view = memoryview(data)
    if bytes(view[: len(_MAGIC)]) != _MAGIC:
        raise DataError("not an index of names of this version", where=Place(file))
    end = data.find(b"\n", len(_MAGIC)) + 1
    try:
        head = json.loads(bytes(view[len(_MAGIC) : end]))
        return {name: _section(view[end:], *place) for name, place in head.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"damaged: {error}", where=Place(file)) from error


def _section(view: memoryview, code: str, at: int, size: int) -> memoryview:
    if code not in _TYPES or at < 0 or size < 0 or at + size > len(view):
        raise ValueError("an array lies outside of the file")
    return view[at : at + size].cast(_TYPES[code])


def open_table(path: Path) -> dict[str, memoryview]:
    """Map a packed file into memory.

    Raises:
        DataError: it cannot be read, is no such file, or is damaged.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise DataError(f"cannot be read: {error}", where=Place(str(path))) from error
    return unpack(data, file=str(path))
