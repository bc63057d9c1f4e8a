"""Whether a release on disk is what its manifest says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Store

from kg.disk import sha256_of
from kg.releases.labels import rows_digest
from kg.releases.manifest import ArticleEntry, Manifest


def damage(folder: Path, manifest: Manifest) -> list[str]:
    """Return what is wrong with a release, one line each; nothing when it is whole."""
    return [
        *([] if folder.name == manifest.id else [f"the manifest is of {manifest.id}"]),
        *_files(folder, manifest),
        *_texts(folder),
        *_store(folder, manifest),
        *([] if manifest.pending else _labels(folder, manifest)),
    ]


def _files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name, entry in sorted(manifest.files.items()):
        path = folder / name
        try:
            if path.stat().st_size != entry.size or sha256_of(path) != entry.sha256:
                yield f"{name} was changed"
        except OSError as error:
            yield f"{name}: {error.strerror}"


def _texts(folder: Path) -> Iterator[str]:
    try:
        with (folder / "articles.jsonl").open(encoding="utf-8") as lines:
            for entry in map(ArticleEntry.from_json, lines):
                path = folder / "texts" / f"{entry.slug}.txt"
                if sha256_of(path) != entry.sha256:
                    yield f"texts/{entry.slug}.txt was changed"
    except OSError as error:
        yield f"{error.filename}: {error.strerror}"


def _store(folder: Path, manifest: Manifest) -> Iterator[str]:
    try:
        stored = len(Store.read_only(str(folder / "store")))
    except (OSError, ValueError, RuntimeError) as error:  # the engine's word for corruption
        yield f"store: {error}"
        return
    if stored != manifest.stored:
        yield f"store: {stored} quads instead of {manifest.stored}"


def _labels(folder: Path, manifest: Manifest) -> Iterator[str]:
    try:
        if rows_digest(folder / "search.db") != manifest.labels:
            yield "search.db was changed"
    except sqlite3.Error as error:
        yield f"search.db: {error}"
