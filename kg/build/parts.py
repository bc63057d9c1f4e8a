"""Parts: one article, or a batch of lines, on its way from the source to sorted N-Quads.

A part is a file: a line of JSON (`PartHead`), then the quads. Parts are made in processes of their
own and kept in the cache.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from kg.articles import Source, read
from kg.articles.annotations import check
from kg.articles.authority import Authority
from kg.articles.checked import CheckedArticle
from kg.articles.mapper import map_article
from kg.build.cache import Cache
from kg.digests import code, digest, listing, tree
from kg.errors import AnnotationError, DataError, KgError, Place, Problems
from kg.iris import Iris
from kg.ontology import Ontology
from kg.releases.manifest import ArticleEntry
from kg.terms import Quad, line
from kg.validation.context import Context
from kg.validation.corpuscheck import said_of
from kg.validation.report import Result
from kg.validation.shacl import Shapes, validate

_BATCH_LINES: Final = 100
_BATCH_BYTES: Final = 4 * 1024 * 1024

_CLASS_OF_A_VALUE: Final = ("ClassConstraintComponent", "OrConstraintComponent")

Batch = tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning about an annotation, as it travels through the cache."""

    what: str
    where: Place
    hint: str

    def error(self) -> AnnotationError:
        """Return it as an error that can be shown."""
        return AnnotationError(self.what, where=self.where, hint=self.hint)


@dataclass(frozen=True, slots=True)
class PartHead:
    """What a part says of itself: its articles with their texts, and what was found.

    `broken` has a line for people for each violation, `remarks` one for each other result.
    """

    articles: tuple[ArticleEntry, ...] = ()
    texts: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    warnings: tuple[Warned, ...] = ()
    results: tuple[Result, ...] = ()
    broken: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """Return the head as the first line of a part."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> PartHead:
        """Read the first line of a part."""
        found: dict[str, Any] = json.loads(text)
        warnings = [Warned(**{**w, "where": Place(**w["where"])}) for w in found["warnings"]]
        return cls(
            articles=tuple(ArticleEntry(**entry) for entry in found["articles"]),
            texts=tuple(found["texts"]),
            places=tuple(Place(**place) for place in found["places"]),
            warnings=tuple(warnings),
            results=tuple(Result(**result) for result in found["results"]),
            broken=tuple(found["broken"]),
            remarks=tuple(found["remarks"]),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: the part's key in the cache, or the errors that kept it from being.

    `used` are other entries of the cache that were used on the way.
    """

    key: str
    errors: tuple[KgError, ...] = ()
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Station:
    """All that it takes to make parts; travels to the processes that do."""

    ontology: Ontology
    authority: Authority
    shapes: Shapes
    originals: Path | None
    iris: Iris
    cache_folder: Path
    digest: str = ""
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "context", Context.of(self.ontology.quads(self.iris)))
        if not self.digest:
            object.__setattr__(self, "digest", self._digest())

    def _digest(self) -> str:
        return digest(
            [
                code(),
                self.iris.base,
                self.shapes.digest,
                listing(self.originals),
                *chain.from_iterable(self.ontology.triples),
                *chain.from_iterable(self.authority.quads()),
            ]
        )

    def key(self, batch: Batch) -> str:
        """Return the digest of all that the batch's part depends on."""
        return digest([self.digest, *chain.from_iterable(map(_content, batch))])

    def make(self, batch: Batch) -> Outcome:
        """Read, check, map and validate a batch, and keep the part."""
        cache = Cache(self.cache_folder)
        key = self.key(batch)
        making = _Making(self, cache)
        for source in batch:
            making.take(source)
        if making.errors or self.key(batch) != key:  # changed meanwhile: not to be kept as this
            return Outcome(key, tuple(making.errors) or (_changed(batch[0]),))
        cache.write(key, making.content())
        return Outcome(key, used=tuple(making.used))


@dataclass(slots=True)
class _Making:
    """A part in the making."""

    station: Station
    cache: Cache
    articles: list[ArticleEntry] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    warnings: list[KgError] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    errors: list[KgError] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    used: list[str] = field(default_factory=list)

    def take(self, source: Source) -> None:
        """Make one article a piece of the part, or note what is wrong with it."""
        try:
            self._take(source)
        except Problems as problems:
            self.errors.extend(problems.errors)
        except UnicodeEncodeError as error:
            what = "half of a surrogate pair is not text"
            self.errors.append(DataError(what, where=source.place, hint=str(error)))

    def _take(self, source: Source) -> None:
        station = self.station
        checked = check(
            read(source),
            ontology=station.ontology,
            authority=station.authority,
            iris=station.iris,
            originals=station.originals,
        )
        self.warnings.extend(checked.warnings)
        self.errors.extend(checked.errors)
        article = checked.article
        if checked.errors or article is None:
            return
        quads = sorted(set(map_article(article, iris=station.iris)))
        text = article.text.encode()
        self.lines.extend(line(quad).encode() for quad in quads)
        published = article.published.isoformat()
        entry = ArticleEntry(article.slug, article.title, published, sha256_hex(text))
        self.articles.append(entry)
        self.texts.append(article.text)
        self.places.append(source.place)
        results, key = validated(
            self.cache,
            station.shapes,
            quads,
            context=[
                *station.context.about(quads),
                *station.authority.about(sorted(article.refers_to)),
            ],
        )
        self.used.append(key)
        known = [result for result in results if not _of_another(result, article, station.iris)]
        self.results.extend(known)
        broken, remarks = said_of(known, article.places)
        self.broken.extend(broken)
        self.remarks.extend(remarks)

    def content(self) -> bytes:
        """Return the file of the part."""
        head = PartHead(
            articles=tuple(self.articles),
            texts=tuple(self.texts),
            places=tuple(self.places),
            warnings=tuple(
                Warned(error.what, error.where or Place(""), error.hint) for error in self.warnings
            ),
            results=tuple(self.results),
            broken=tuple(self.broken),
            remarks=tuple(self.remarks),
        )
        return head.to_json() + b"".join(sorted(self.lines))


def batches(sources: Iterable[Source]) -> Iterator[Batch]:
    """Yield folders one by one, and lines of one file in batches."""
    batch: list[Source] = []
    size = 0
    for source in sources:
        alone = not source.line
        full = len(batch) == _BATCH_LINES or size > _BATCH_BYTES
        if batch and (alone or full or source.path != batch[0].path):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(source)
        size += len(source.content)
    if batch:
        yield tuple(batch)


def validated(
    cache: Cache, shapes: Shapes, quads: Sequence[Quad], *, context: Sequence[Quad]
) -> tuple[tuple[Result, ...], str]:
    """Return the results of a validation, from the cache when nothing it sees has changed."""
    key = digest(
        [code(), shapes.digest, *chain.from_iterable(quads), "", *chain.from_iterable(context)]
    )
    known = cache.read(key)
    if known is not None:
        return tuple(Result(*found) for found in json.loads(known)), key
    results = validate(shapes, quads, context=context)
    cache.write(key, json.dumps([astuple(result) for result in results]).encode())
    return results, key


def head_of(cache: Cache, key: str) -> PartHead:
    """Return what a part says of itself."""
    return PartHead.from_json(next(cache.lines(key)))


def lines_of(cache: Cache, key: str) -> Iterator[bytes]:
    """Yield the sorted N-Quads of a part."""
    return islice(cache.lines(key), 1, None)


def _of_another(result: Result, article: CheckedArticle, iris: Iris) -> bool:
    """Tell whether a result is about the class of another article's node.

    What that node is, only the whole graph knows; a check of it looks at every value again.
    """
    reported = result.value.removeprefix(f"<{iris.base}id/").partition("/")
    is_reported = result.value.startswith(f"<{iris.base}id/") and bool(reported[1])
    return is_reported and reported[0] != article.slug and result.component in _CLASS_OF_A_VALUE


def _content(source: Source) -> Iterator[str]:
    yield source.path.as_posix()
    yield str(source.line)
    yield sha256_hex(source.content) if source.line else tree(source.path)


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hex."""
    return hashlib.sha256(data).hexdigest()


def _changed(source: Source) -> KgError:
    return DataError("was changed while it was read; build again", where=source.place)
