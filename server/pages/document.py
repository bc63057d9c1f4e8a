"""The page about one thing: what is said of it, and what refers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.prefixes import VOCABULARIES

Cell = Sequence[str]
Row = Mapping[str, Cell]

MOST_INCOMING: Final = 500
_UP: Final = VOCABULARIES["up"]
_NAMES: Final = tuple(
    VOCABULARIES[prefix] + name
    for prefix, name in (
        ("skos", "prefLabel"), ("dcterms", "title"), ("rdfs", "label"), ("schema", "name"),
    )
)  # fmt: skip
_OTHER_NAMES: Final = VOCABULARIES["skos"] + "altLabel"
_TYPE: Final = VOCABULARIES["rdf"] + "type"
_HIDDEN: Final = frozenset((*_NAMES, _OTHER_NAMES, _TYPE, f"{_UP}words", f"{_UP}reality"))


@dataclass(slots=True)
class Value:
    """A value of a property, with the name to show for it."""

    cell: Cell
    name: str = ""

    @property
    def iri(self) -> str:
        """Its IRI, "" for a literal."""
        return self.cell[1] if self.cell[0] == "iri" else ""


@dataclass(slots=True)
class Reference:
    """Something that refers to the thing. `reality` is actual, prospective, unreal or ""."""

    iri: str
    name: str
    kind: str
    properties: list[str]
    status: str
    reality: str
    words: str
    when: str
    reported: str


@dataclass(slots=True)
class Document:
    """What the page shows."""

    iri: str
    title: str
    names: list[Cell]
    kinds: list[str]
    reality: str
    status: str
    words: list[str]
    properties: dict[str, list[Value]] = field(default_factory=dict)
    incoming: list[Reference] = field(default_factory=list)
    more: bool = False


def describe(iri: str, outgoing: Iterable[Row], incoming: Sequence[Row]) -> Document:
    """Arrange the rows of the queries `outgoing` and `incoming` for the page."""
    said = _values(outgoing)
    names = _names(said)
    return Document(
        iri=iri,
        title=names[0][1] if names else _tail(iri).replace("-", " "),
        names=names[1:],
        kinds=_own_kinds(said),
        reality=_tail(_first(said, f"{_UP}reality")),
        status=_tail(_first(said, f"{_UP}status")),
        words=[value.cell[1] for value in said.get(f"{_UP}words", [])],
        properties={name: values for name, values in said.items() if name not in _HIDDEN},
        incoming=[_reference(row) for row in incoming[:MOST_INCOMING]],
        more=len(incoming) > MOST_INCOMING,
    )


def terms(rows: Iterable[Row]) -> dict[str, list[dict[str, str]]]:
    """Arrange the rows of the query `terms`: classes and properties, each with its anchor."""
    found: dict[str, list[dict[str, str]]] = {"Classes": [], "Properties": []}
    for row in rows:
        term = {name: cell[1] for name, cell in row.items()}
        term["key"] = _tail(term["term"])
        found["Classes" if term["kind"].endswith("#Class") else "Properties"].append(term)
    return found


def _values(rows: Iterable[Row]) -> dict[str, list[Value]]:
    """Collect values by property; of several labels of a value the best is its name."""
    labels: dict[tuple[str, tuple[str, ...]], list[Cell]] = {}
    for row in rows:
        key = (row["property"][1], tuple(row["value"]))
        labels.setdefault(key, []).extend([row["label"]] if "label" in row else [])
    said: dict[str, list[Value]] = {}
    for (name, cell), known in labels.items():
        best = min(known, key=_preference)[1] if known else ""
        said.setdefault(name, []).append(Value(cell, best or _shown(cell)))
    return said


def _names(said: Mapping[str, list[Value]]) -> list[Cell]:
    """Return all names, the best first, each text once."""
    preferred = [value.cell for name in _NAMES for value in said.get(name, [])]
    others = [value.cell for value in said.get(_OTHER_NAMES, [])]
    ordered = [*sorted(preferred, key=_preference), *sorted(others, key=_preference)]
    return list({cell[1]: cell for cell in reversed(ordered)}.values())[::-1]


def _preference(cell: Cell) -> tuple[int, str, str]:
    """English first, then names without a language, then the others."""
    return {"en": 0, "": 1}.get(cell[3], 2), cell[3], cell[1]


def _own_kinds(said: Mapping[str, list[Value]]) -> list[str]:
    return sorted(v.iri for v in said.get(_TYPE, []) if v.iri.startswith(_UP))


def _first(said: Mapping[str, list[Value]], name: str) -> str:
    values = said.get(name, [])
    return values[0].cell[1] if values else ""


def _reference(row: Row) -> Reference:
    text = {name: cell[1] for name, cell in row.items()}
    return Reference(
        iri=text["source"],
        name=text.get("label") or _tail(text["source"]).replace("-", " "),
        kind=text.get("type", ""),
        properties=sorted({_tail(name) for name in text.get("properties", "").split()}),
        status=_tail(text.get("status", "")),
        reality=_tail(text.get("reality", "")),
        words=text.get("words", ""),
        when=text.get("when", ""),
        reported=text.get("reported", ""),
    )


def _shown(cell: Cell) -> str:
    return cell[1] if cell[0] != "iri" else ""


def _tail(iri: str) -> str:
    return iri.replace("#", "/").rstrip("/").rpartition("/")[2]
