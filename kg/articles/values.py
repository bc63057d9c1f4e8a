"""Values of properties, read by the property's range."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kg.articles.dates import DateBounds, date_bounds
from kg.articles.declarations import Declared
from kg.articles.documents import Branch, Node, Scalar
from kg.articles.reading import Reading
from kg.articles.references import References
from kg.errors import BadDate, BadValue
from kg.ontology.keys import PropertyTerm
from kg.terms import iri, text, typed

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LEXICAL: Final = {
    "xsd:integer": (r"-?(?:0|[1-9][0-9]{0,17})", "a whole number, such as 150"),
    "xsd:boolean": (r"true|false", "true or false"),
    "xsd:decimal": (r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?", "a number, such as 1.5"),
    "xsd:gYear": (r"(?!0000)[0-9]{4}", "a year, such as 2016"),
    "xsd:duration": (
        r"P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
        r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?",
        "a duration, such as P6M (six months), P2W is P14D",
    ),
    "xsd:anyURI": (r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|^`\\]+", "an absolute IRI"),
}


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date as written: at least one of `bounds` and `printed`."""

    bounds: DateBounds | None
    printed: Scalar | None
    inferred: bool


@dataclass(slots=True)
class Values:
    """Reads the values of one article's properties into encoded terms."""

    reading: Reading
    references: References
    language: str

    def encoded(self, owner: Declared, term: PropertyTerm, node: Node) -> list[str]:
        """Return what one value of a declared thing means; see `read`."""
        return self.read(term, node, owner.owner)

    def read(self, term: PropertyTerm, node: Node, owner: str) -> list[str]:
        """Return what one value means; nothing, with an error, when it is not allowed."""
        where = f"{owner}: {term.key}"
        if "rdf:langString" in term.ranges:
            return self.words(node, where)
        word = self.reading.word(node, where)
        if word is None:
            return []
        if "concept" in term.ranges:
            return self._concept(word, term, where)
        if "class" in term.ranges:
            return self._class(word, where)
        datatype = next((name for name in term.ranges if name.startswith("xsd:")), None)
        if datatype:
            return self._literal(word, datatype, where)
        return self._reference(word, term, where)

    def words(self, node: Node, where: str) -> list[str]:
        """Return text in the article's language, or in those of a map from language tags."""
        if isinstance(node, Scalar):
            return [text(node, self.language)]
        if not isinstance(node, Branch):
            self.reading.error(BadValue, node, f"{where} is not text")
            return []
        found = []
        for tag, value in node.items():
            if not _LANGUAGE.fullmatch(tag):
                hint = "a text map has language tags as keys: {en: …, zh: …}"
                self.reading.error(
                    BadValue, tag, f"{where}: {str(tag)!r} is not a language tag", hint=hint
                )
            elif (word := self.reading.word(value, f"{where} ({tag})")) is not None:
                found.append(text(word, tag))
        return found

    def date(self, node: Node, where: str) -> DateValue | None:
        """Read a date: EDTF, or a map of edtf, printed and inferred."""
        if isinstance(node, Scalar):
            bounds = self._bounds(node, where)
            return DateValue(bounds, None, inferred=False) if bounds else None
        branch = self.reading.branch(node, where)
        if branch is None:
            return None
        self.reading.keys(branch, ("edtf", "printed", "inferred"), f"{where}: a date")
        parts = {
            name: self.reading.word(branch.get(Scalar(name)), f"{where}: {name}")
            for name in ("edtf", "printed", "inferred")
        }
        edtf, printed, inferred = parts["edtf"], parts["printed"], parts["inferred"]
        if edtf is None and printed is None:
            hint = 'write when: 2016, or when: {edtf: 2016, printed: "last year", inferred: true}'
            self.reading.error(
                BadValue, branch, f"{where}: a date needs edtf or printed", hint=hint
            )
            return None
        if inferred is not None and inferred not in ("true", "false"):
            self.reading.error(BadValue, inferred, f"{where}: inferred is true or false")
        bounds = self._bounds(edtf, where) if edtf is not None else None
        if edtf is not None and bounds is None:
            return None
        return DateValue(bounds, printed, inferred == "true")

    def _bounds(self, edtf: Scalar, where: str) -> DateBounds | None:
        try:
            return date_bounds(edtf)
        except BadDate as error:
            self.reading.error(BadDate, edtf, f"{where}: {error.what}", hint=error.hint)
            return None

    def _concept(self, word: Scalar, term: PropertyTerm, where: str) -> list[str]:
        ontology, iris = self.reading.ontology, self.reading.iris
        concept = ontology.find_concept(term.key, word)
        if concept:
            return [iri(iris.concept(concept.scheme, concept.key))]
        known = [key for scheme in term.schemes for key in ontology.concepts[scheme]]
        more = f"it takes {', '.join(sorted(known))}" if len(known) <= 12 else ""
        what = f"{where}: {str(word)!r} is no concept of {' or '.join(term.schemes)}"
        self.reading.unknown(word, what, word, known, more=more)
        return []

    def _class(self, word: Scalar, where: str) -> list[str]:
        term = self.reading.ontology.classes.get(word)
        if term:
            return [iri(term.iri)]
        what = f"{where}: there is no class {str(word)!r}"
        self.reading.unknown(word, what, word, self.reading.ontology.classes)
        return []

    def _literal(self, word: Scalar, datatype: str, where: str) -> list[str]:
        form, name = _LEXICAL.get(datatype, ("(?s:.+)", datatype))
        if datatype == "xsd:date":
            return self._day(word, where)
        if re.fullmatch(form, word):
            return [typed(word, datatype.removeprefix("xsd:"))]
        more = re.fullmatch(r"(?:over|more than|>)\s*([0-9]+)", word)
        hint = f"write moreThan: {more[1]}" if more else ""
        what = f"{where}: {str(word)!r} is not {name}"
        self.reading.error(BadValue, word, what, hint=hint)
        return []

    def _day(self, word: Scalar, where: str) -> list[str]:
        bounds = self._bounds(word, where)
        if bounds and (bounds.precision != "day" or len(word) != len("2016-02-29")):
            what = f"{where}: {str(word)!r} is not a day, such as 2016-02-29"
            self.reading.error(BadValue, word, what)
            return []
        return [typed(word, "date")] if bounds else []

    def _reference(self, word: Scalar, term: PropertyTerm, where: str) -> list[str]:
        found = []
        for target in self.references.targets(word, where):
            found.append(target.term)
            if "resource" in term.ranges or target.superclasses is None:
                continue
            if target.superclasses.isdisjoint(term.ranges):
                wanted = " or ".join(term.ranges)
                what = f"{where} takes {wanted}; {target.key} is {' and '.join(target.classes)}"
                self.reading.error(BadValue, word, what)
        return found
