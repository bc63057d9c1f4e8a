"""Where the shipped data lies: beside the packages in a checkout, in the wheel once installed."""

from __future__ import annotations

from pathlib import Path

from kg.errors import ReleaseError

_HERE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    for parent in (_HERE / "_data", _HERE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise ReleaseError(f"the shipped folder {name!r} is missing", hint="install unipact again")


def ontology_dir() -> Path:
    """Return the folder with the ontology, the concepts and `rules/`."""
    return _folder("ontology")


def shapes_dir() -> Path:
    """Return the folder with the SHACL shapes and `graph/`."""
    return _folder("shapes")


def seeds_dir() -> Path:
    """Return the folder with the shipped corpus."""
    return _folder("seeds")
