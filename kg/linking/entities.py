"""The entities of a release that may have a record elsewhere, with all that helps to find it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.iris import ONTOLOGY
from kg.matching.records import Mention
from kg.releases import Release

_QUERIES: Final = Path(__file__).parent / "queries"
_SENTENCE_END: Final = re.compile(r"[.!?](?:\s|$)|[。！？\n]")
_LONGEST: Final = 400  # code points of a sentence that is shown
# Classes of UniPact by what the matcher calls them; the first that fits.
_KINDS: Final = {
    "Person": "person",
    "Country": "country",
    "City": "city",
    "Place": "place",
    "Event": "event",
    "University": "university",
    "Company": "company",
    "FundingBody": "funder",
    "Organization": "organization",
}


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity of a release.

    Attributes:
        iri: its IRI.
        names: (text, language) of all its names, preferred ones first, English before others.
        classes: local names of its classes.
        country: ISO 3166-1 alpha-2 code, "" when it is not known.
        city: the name of its place, "" when it is not known.
        sentence: a sentence in which it occurs, "" when the texts do not mention it.
    """

    iri: str
    names: tuple[tuple[str, str], ...]
    classes: frozenset[str]
    country: str = ""
    city: str = ""
    sentence: str = field(default="", compare=False)

    @property
    def label(self) -> str:
        """The name to show."""
        return self.names[0][0]

    @property
    def kind(self) -> str:
        """What the matcher calls its kind."""
        return next((word for name, word in _KINDS.items() if name in self.classes), "")

    def mentions(self) -> Iterator[Mention]:
        """Yield a mention for each of its names, the others being its context."""
        texts = list(dict.fromkeys(text for text, _ in self.names))
        for text in texts:
            others = tuple(other for other in texts if other != text)
            yield Mention(text, self.country, self.city, self.kind, others)


def entities(release: Release) -> Iterator[Entity]:
    """Yield the named entities of a release, by IRI; what is unnamed has no record anywhere."""
    store = ox.Store.read_only(str(release.store_path))
    found: dict[str, list[ox.QuerySolution]] = {}
    for row in _rows(store, "entities"):
        found.setdefault(row["entity"].value, []).append(row)
    sentences = dict(_sentences(store, release))
    for iri in sorted(found):
        yield _entity(iri, found[iri], sentences.get(iri, ""))


def _entity(iri: str, rows: list[ox.QuerySolution], sentence: str) -> Entity:
    names = {
        (not _true(row["preferred"]), row["name"].language != "en", row["name"].value): row["name"]
        for row in rows
    }
    classes = rows[0]["classes"].value.split()
    return Entity(
        iri=iri,
        names=tuple((name.value, name.language or "") for _, name in sorted(names.items())),
        classes=frozenset(name.removeprefix(ONTOLOGY) for name in classes),
        country=_text(rows[0]["code"]),
        city=_text(rows[0]["city"]),
        sentence=sentence,
    )


def _sentences(store: ox.Store, release: Release) -> Iterator[tuple[str, str]]:
    """Yield for each entity the sentence around its first mention."""
    texts: dict[str, str] = {}
    for row in _rows(store, "mentions"):
        slug = row["article"].value.rpartition("/article/")[2]
        if slug not in texts:
            texts[slug] = _read(release.texts_dir / f"{slug}.txt")
        yield row["entity"].value, sentence(texts[slug], int(row["start"].value))


def sentence(text: str, position: int) -> str:
    """Return the sentence around a position, in code points; a long one is cut around it.

    >>> sentence("One came. Two went. Three stayed.", 12)
    'Two went.'
    """
    begin, end = 0, len(text)
    for stop in _SENTENCE_END.finditer(text):
        if stop.end() <= position:
            begin = stop.end()
        elif stop.start() >= position:
            end = stop.end()
            break
    if end - begin > _LONGEST:
        begin, end = max(begin, position - _LONGEST // 2), min(end, position + _LONGEST // 2)
    return " ".join(text[begin:end].split())


def _rows(store: ox.Store, name: str) -> Iterator[ox.QuerySolution]:
    found = store.query((_QUERIES / f"{name}.rq").read_text(encoding="utf-8"))
    assert isinstance(found, ox.QuerySolutions)
    yield from found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _text(term: object) -> str:
    return str(term.value) if isinstance(term, ox.Literal) else ""


def _true(term: object) -> bool:
    return isinstance(term, ox.Literal) and term.value == "true"
