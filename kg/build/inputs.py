"""What a release is built from: the folders, and what they hold once loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from kg import digests
from kg.articles.authority import Authority
from kg.errors import InputError, KgError, Problems
from kg.iris import DEFAULT_BASE, Iris
from kg.linking.enriching import read_external
from kg.linking.links import read_links
from kg.ontology import Ontology
from kg.releases.manifest import FORMAT
from kg.releases.retired import read_retired
from kg.rules import Rule, load_rules
from kg.terms import Quad
from kg.validation.shacl import CURATED, Shapes
from kg.version import VERSION

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BuildInputs:
    """What a release is built from.

    Attributes:
        seeds: a folder with `articles/`, `authority/`, `links/`, `external/` and `retired.tsv`, of
            which only the articles are needed; or articles alone: a folder of them, or a JSON
            Lines file.
        ontology: a folder with Turtle files and `rules/*.rq`.
        shapes: a folder with SHACL shapes and `graph/*.rq`.
        originals: a folder with the documents that the articles restate, or None.
        base: the base of the minted IRIs.
        jobs: processes that read articles; 0: one a core.
    """

    seeds: Path
    ontology: Path
    shapes: Path
    originals: Path | None = None
    base: str = DEFAULT_BASE
    jobs: int = 0

    @property
    def articles(self) -> Path:
        """Return where the articles are."""
        folder = self.seeds / "articles"
        return folder if folder.is_dir() else self.seeds

    def digest(self) -> str:
        """Return the digest of all that a release follows from."""
        trees = map(digests.tree, (self.seeds, self.ontology, self.shapes, self.originals))
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        return digests.digest([digests.code(), VERSION, str(FORMAT), self.base, epoch, *trees])


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the folders hold, except the articles. `curated` are the shapes of curated things."""

    ontology: Ontology
    authority: Authority
    shapes: Shapes
    curated: Shapes | None
    rules: tuple[Rule, ...]
    links: tuple[Quad, ...]
    external: tuple[Quad, ...]
    retired: Mapping[str, str]

    @classmethod
    def load(cls, inputs: BuildInputs, iris: Iris) -> Loaded:
        """Load everything.

        Raises:
            Problems: all that is wrong in any of the folders.
        """
        errors: list[KgError] = []

        def kept(load: Callable[[], T]) -> T | None:
            try:
                return load()
            except Problems as problems:
                errors.extend(problems.errors)
            except InputError as error:
                errors.append(error)
            return None

        seeds = inputs.seeds
        ontology = kept(lambda: Ontology.load(inputs.ontology))
        authority = kept(lambda: Authority.load(seeds / "authority", iris=iris))
        shapes = kept(lambda: Shapes.load(inputs.shapes, iris=iris))
        curated = kept(lambda: _curated(inputs.shapes, iris))
        rules = kept(lambda: load_rules(inputs.ontology / "rules"))
        links = kept(lambda: tuple(read_links(seeds / "links", iris)))
        external = kept(lambda: tuple(read_external(seeds / "external", iris)))
        retired = kept(lambda: read_retired(seeds / "retired.tsv", iris))
        if errors:
            raise Problems(errors)
        assert ontology is not None
        assert authority is not None
        assert shapes is not None
        return cls(
            ontology, authority, shapes, curated, rules or (), links or (), external or (),
            retired or {},
        )  # fmt: skip


def _curated(folder: Path, iris: Iris) -> Shapes | None:
    """Load the shapes of curated things; someone else's shapes may have none."""
    names = [name for name in CURATED if (folder / f"{name}.ttl").is_file()]
    return Shapes.load(folder, only=names, iris=iris) if names else None


def release_date(newest: str) -> str:
    """Return the ISO date of a release: SOURCE_DATE_EPOCH, or that of the newest article.

    Raises:
        InputError: SOURCE_DATE_EPOCH is not a number of seconds.
    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return newest
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(f"SOURCE_DATE_EPOCH={epoch!r} is not a number of seconds") from error
