"""Whether a dataset may be published after others: nothing vanishes, nothing purged returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pyoxigraph import Store

from kg.errors import ReleaseError
from kg.iris import Iris
from kg.releases import Release, Releases
from kg.releases.dataset import lines
from kg.releases.sorting import sort_lines

_SHOWN: Final = 20
_PUBLISHED: Final = ("id/", "article/", "concept/")


def check_publishable(
    dataset: Path, releases: Releases, iris: Iris, *, retired: Mapping[str, str]
) -> None:
    """Compare a dataset, a file of sorted N-Quads, with the current release and what was purged.

    Raises:
        ReleaseError: published IRIs would vanish, purged ones would return, or the base differs.
    """
    purged = releases.purged()
    check_nothing_returns(dataset, purged)
    before = releases.find_current()
    if before is None:
        return
    if before.manifest.base != iris.base:
        hint = f"the current release has {before.manifest.base}; use another folder"
        raise ReleaseError(f"the base would become {iris.base}", hint=hint)
    with TemporaryDirectory(dir=dataset.parent) as work:
        known = _subjects_of(before, iris, Path(work))
        check_nothing_vanishes(known, dataset, iris, retired=retired, purged=purged)


def check_nothing_vanishes(
    before: Iterator[bytes],
    after: Path,
    iris: Iris,
    *,
    retired: Mapping[str, str],
    purged: Iterable[str] = (),
) -> None:
    """Compare two releases by the subjects that have pages of their own.

    `before` are those there were, in order; `after` is a file of sorted N-Quads.

    Raises:
        ReleaseError: subjects of `before` are missing in `after` and are not retired.
    """
    excused = {*retired, *purged}
    gone = [name for name in _missing(before, after, iris) if name not in excused]
    if not gone:
        return
    shown = [*islice(gone, _SHOWN), *(["…"] if len(gone) > _SHOWN else [])]
    hint = "\n".join(["retire them in seeds/retired.tsv (iri, tab, successor or nothing):", *shown])
    raise ReleaseError(f"{len(gone)} published IRIs would vanish", hint=hint)


def check_nothing_returns(dataset: Path, purged: Iterable[str]) -> None:
    """Refuse what was purged.

    Raises:
        ReleaseError: the dataset, a file of N-Quads, names a purged IRI.
    """
    terms = [f"<{name}>".encode() for name in purged if ":" in name]
    if not terms:
        return
    back = {term for line in lines(dataset) for term in terms if term in line}
    if back:
        names = "\n".join(sorted(term[1:-1].decode() for term in back))
        hint = f"take them out of the seeds too:\n{names}"
        raise ReleaseError("what was purged would come back", hint=hint)


def is_published(subject: str, iris: Iris) -> bool:
    """Tell whether an encoded subject has a page of its own, so that it must not vanish."""
    begins = tuple(f"<{iris.base}{folder}" for folder in _PUBLISHED)
    return subject.startswith(begins) and "#" not in subject


def _missing(before: Iterator[bytes], after: Path, iris: Iris) -> Iterator[str]:
    """Walk both sorted lists of subjects side by side."""
    present = _subjects(after, iris)
    here: bytes | None = next(present, None)
    for subject in before:
        while here is not None and here < subject:
            here = next(present, None)
        if here != subject:
            yield subject[1:-1].decode()


def _subjects_of(release: Release, iris: Iris, work: Path) -> Iterator[bytes]:
    """Yield the subjects of a release in order; while it has no dump, those of its store."""
    if not release.manifest.pending:
        yield from _subjects(release.dataset, iris)
        return
    found = (str(quad.subject) for quad in Store.read_only(str(release.store_path)))
    ours = (f"{name}\n".encode() for name in found if is_published(name, iris))
    sort_lines(ours, work / "subjects", work=work)
    with (work / "subjects").open("rb") as names:
        yield from (name[:-1] for name in names)


def _subjects(file: Path, iris: Iris) -> Iterator[bytes]:
    """Yield the encoded subjects below the base that are no part (`#…`) of another."""
    begins = tuple(f"<{iris.base}{folder}".encode() for folder in _PUBLISHED)
    for subject, _ in groupby(lines(file), lambda line: line[: line.index(b" ")]):
        if subject.startswith(begins) and b"#" not in subject:
            yield subject
