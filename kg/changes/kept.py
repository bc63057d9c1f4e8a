"""Accepted changes, kept beside the releases: `changes/<number>-<release>.rdfp`.

Each names the one before it, and each release names the last one that is in it. So the changes in
force are those that lead up to the current release, as commits lead up to a branch: going back to
an older release leaves the later ones out of force, but not out of the folder.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from kg.changes.delta import Delta
from kg.changes.patch import Patch, PatchReader, read_patch, write_patch
from kg.disk import write_whole
from kg.errors import DataError, ReleaseError

_SUFFIX: Final = ".rdfp"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who asked for a change, when (UTC, ISO 8601), with what request, and what it does."""

    by: str = ""
    when: str = ""
    request: str = ""
    operation: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Return what is known, as headers of a patch."""
        return {key: value for key, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class KeptChange:
    """An accepted change. What rules derive is not in it.

    Attributes:
        name: its name, and that of its file.
        previous: name of the change before it, "" for the first.
        release: id of the release that it made.
        parent: id of the release that it changed.
        signature: who made it and how.
        file: where it is kept.
    """

    name: str
    previous: str
    release: str
    parent: str
    signature: Signature
    file: Path

    def delta(self) -> Delta:
        """Read what it adds and removes.

        Raises:
            DataError: the file is damaged.
        """
        return read_patch(self.file).delta


@dataclass(frozen=True, slots=True)
class KeptChanges:
    """The changes kept in a folder of releases."""

    root: Path

    @property
    def folder(self) -> Path:
        """Return where they are."""
        return self.root / "changes"

    def keep(
        self, delta: Delta, *, previous: str, release: str, parent: str, signature: Signature
    ) -> str:
        """Write a change to the disk and return its name; one that no release names is void."""
        number = int(previous.partition("-")[0]) + 1 if previous else 1
        name = f"{number:06d}-{release}"
        headers = {
            "id": name,
            **({"previous": previous} if previous else {}),
            "release": release,
            "parent": parent,
            **signature.headers,
        }
        self.folder.mkdir(exist_ok=True)
        _write(self.folder / f"{name}{_SUFFIX}", Patch(delta, headers))
        return name

    def replace(self, change: KeptChange, patch: Patch) -> None:
        """Put another text in the place of a change: the law may demand it."""
        _write(change.file, patch)

    def get(self, name: str) -> KeptChange:
        """Return a change by its name, or the beginning of it.

        Raises:
            ReleaseError: there is none, or several, or it is damaged.
        """
        found = [file for file in self._files() if file.stem == name]
        found = found or [file for file in self._files() if name and file.stem.startswith(name)]
        if len(found) != 1:
            what = "no change is called" if not found else "several changes begin with"
            hint = "unipact changes list --all shows them"
            raise ReleaseError(f"{what} {name!r}", hint=hint)
        return self._read(found[0])

    def all(self) -> tuple[KeptChange, ...]:
        """Return every change, in force or not, by name."""
        return tuple(map(self._read, self._files()))

    def leading_to(self, name: str) -> tuple[KeptChange, ...]:
        """Return a change and those before it, the first one first; none for "".

        Raises:
            ReleaseError: one of them is missing or damaged.
        """
        found: list[KeptChange] = []
        while name:
            found.append(self._read(self.folder / f"{name}{_SUFFIX}"))
            name = found[-1].previous
        return tuple(reversed(found))

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{_SUFFIX}"))

    def _read(self, file: Path) -> KeptChange:
        try:
            headers = _headers(file)
            signature = Signature(
                **{key: headers.get(key, "") for key in ("by", "when", "request", "operation")}
            )
            return KeptChange(
                name=headers["id"],
                previous=headers.get("previous", ""),
                release=headers["release"],
                parent=headers["parent"],
                signature=signature,
                file=file,
            )
        except (OSError, DataError, UnicodeDecodeError, KeyError) as error:
            raise ReleaseError(f"a kept change is missing or damaged: {error}") from error


def _write(file: Path, patch: Patch) -> None:
    text = io.StringIO()
    write_patch(patch, text)
    write_whole(file, text.getvalue().encode())


def _headers(file: Path) -> Mapping[str, str]:
    reader = PatchReader(str(file))
    with file.open(encoding="utf-8", newline="\n") as lines:
        for _ in reader.operations(_head(lines)):
            pass
    return reader.headers


def _head(lines: io.TextIOBase | Iterator[str]) -> Iterator[str]:
    """Yield the lines before the first transaction."""
    for row in lines:
        if row.startswith("TX"):
            return
        yield row
