"""The words that a statement rests on, inside their paragraph of the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from server.pages.entity.said import NAMELESS, batches, encoded
from server.pages.naming import Name, Row, kept, names_of
from server.site import Site

_AROUND: Final = 500  # characters of the paragraph on each side
_SLUG: Final = re.compile(r"[\w.~-]+\Z")
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Source:
    """An article; `day` is ISO, `original` the title of the text that it restates."""

    iri: str
    title: str = ""
    language: str = ""
    day: str = ""
    publisher: str = ""
    publisher_name: Name = NAMELESS
    original: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an article: `before` and `after` are the rest of their paragraph.

    Attributes:
        restates: whether the article tells an original anew.
        original: the first and the last code point of the original that it stands for, end
            exclusive; None when that is not known.
    """

    iri: str
    source: Source
    exact: str
    before: str = ""
    after: str = ""
    restates: bool = False
    original: tuple[int, int] | None = None


def read(site: Site, iris: Iterable[str]) -> dict[str, Passage]:
    """Return passages by their IRIs."""
    rows: dict[str, Row] = {}
    for batch in batches(sorted(set(iris)), _AT_ONCE):
        passages = " ".join(filter(None, map(encoded, batch)))
        for row in kept(site, "passages", passages=passages) if passages else []:
            rows.setdefault(row["passage"][1], row)
    sources = read_sources(site, (row["article"][1] for row in rows.values()))
    texts = {iri: text(site, iri) for iri in sources}
    return {
        iri: _passage(row, sources[row["article"][1]], texts[row["article"][1]])
        for iri, row in rows.items()
    }


def read_sources(site: Site, iris: Iterable[str]) -> dict[str, Source]:
    """Return articles by their IRIs."""
    wanted = sorted(set(iris))
    rows: dict[str, Row] = {}
    for batch in batches(wanted, _AT_ONCE):
        articles = " ".join(filter(None, map(encoded, batch)))
        for row in kept(site, "sources", articles=articles) if articles else []:
            rows.setdefault(row["article"][1], row)
    publishers = names_of(
        site, {row["publisher"][1] for row in rows.values() if "publisher" in row}
    )
    return {iri: _source(iri, rows.get(iri, {}), publishers) for iri in wanted}


def text(site: Site, article: str) -> str:
    """Return the text of an article, "" when the release does not have it."""
    slug = article.removeprefix(f"{site.current().manifest.base}article/")
    if not _SLUG.match(slug) or slug.startswith("."):
        return ""
    try:
        # Texts are stored with their line ends as they are; offsets count code points of them.
        with (site.current().texts_dir / f"{slug}.txt").open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""


def paragraph(whole: str, start: int, end: int) -> tuple[str, str]:
    r"""Return what stands before and after some words in their paragraph, long parts shortened.

    >>> paragraph("One.\n\nTwo words here.\n", 10, 15)
    ('Two ', ' here.')
    """
    begin = whole.rfind("\n", 0, start) + 1
    stop = whole.find("\n", end)
    before, after = whole[begin:start], whole[end : stop if stop >= 0 else len(whole)]
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + "…"
    return before, after


def _source(iri: str, row: Row, publishers: Mapping[str, Name]) -> Source:
    cells = {name: str(cell[1]) for name, cell in row.items()}
    publisher = cells.get("publisher", "")
    return Source(
        iri=iri,
        title=cells.get("title", ""),
        language=str(row["title"][3]) if "title" in row else "",
        day=cells.get("issued", "")[:10],
        publisher=publisher,
        publisher_name=publishers.get(publisher, NAMELESS),
        original=cells.get("original", ""),
    )


def _passage(row: Row, source: Source, whole: str) -> Passage:
    exact = str(row["exact"][1]) if "exact" in row else ""
    start, end = _range(row, "start", "end") or (0, 0)
    before = after = ""
    if exact and whole[start:end] == exact:
        before, after = paragraph(whole, start, end)
    return Passage(
        iri=row["passage"][1],
        source=source,
        exact=exact,
        before=before,
        after=after,
        restates="whole" in row,
        original=_range(row, "first", "last"),
    )


def _range(row: Row, first: str, last: str) -> tuple[int, int] | None:
    try:
        return int(row[first][1]), int(row[last][1])
    except (KeyError, ValueError):
        return None
