"""From the triples of an ontology to its terms by key, with all that is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from kg.errors import KgError, OntologyError, Problems
from kg.iris import KEY, ONTOLOGY
from kg.ontology.keys import ClassTerm, Concept, PropertyTerm
from kg.ontology.vocabulary import RDF_TYPE, Vocabulary

_RDF: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "<http://www.w3.org/2000/01/rdf-schema#"
_OWL: Final = "<http://www.w3.org/2002/07/owl#"
_SKOS: Final = "<http://www.w3.org/2004/02/skos/core#"
_XSD: Final = "<http://www.w3.org/2001/XMLSchema#"
_SCHEMA: Final = "<https://schema.org/"
_UP: Final = f"<{ONTOLOGY}"

_ATTRIBUTE: Final = f"{_UP}Attribute>"
_CLASS_TYPES: Final = (f"{_OWL}Class>", f"{_RDFS}Class>")
_PROPERTY_TYPES: Final = (
    f"{_OWL}ObjectProperty>",
    f"{_OWL}DatatypeProperty>",
    f"{_RDF}Property>",
    _ATTRIBUTE,
    f"{_UP}DerivedProperty>",
)
_SUBCLASS: Final = f"{_RDFS}subClassOf>"
_DOMAINS: Final = (f"{_RDFS}domain>", f"{_SCHEMA}domainIncludes>")
_RANGES: Final = (f"{_RDFS}range>", f"{_SCHEMA}rangeIncludes>")
_DESCRIPTION: Final = f"{_UP}Description>"
_KEY: Final = f"{_UP}key>"
_STATUS: Final = f"{_UP}status>"
_STATUSES: Final = f"{_UP}statuses>"
_DEFAULT: Final = f"{_UP}defaultStatus>"
_REQUIRED: Final = f"{_UP}statusRequired>"
_SINGLE: Final = f"{_UP}single>"
_VIA: Final = f"{_UP}inheritsStatusVia>"
_STATUS_RULES: Final = (_STATUSES, _DEFAULT, _REQUIRED, _VIA)
_KINDS_OF_RANGE: Final = {
    f"{_SKOS}Concept>": "concept",
    f"{_OWL}Class>": "class",
    f"{_RDFS}Class>": "class",
    f"{_UP}Date>": "date",
    f"{_UP}Passage>": "passage",
    f"{_RDF}langString>": "rdf:langString",
}
_TERM_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_SCHEME: Final = re.compile(r"<(.+/)concept/([a-z0-9]+(?:-[a-z0-9]+)*)>")


@dataclass(slots=True)
class Terms:
    """The terms of one vocabulary by key."""

    classes: dict[str, ClassTerm] = field(default_factory=dict)
    properties: dict[str, PropertyTerm] = field(default_factory=dict)
    concepts: dict[str, dict[str, Concept]] = field(default_factory=dict)
    concept_bases: tuple[str, ...] = ()


def read_terms(vocabulary: Vocabulary) -> Terms:
    """Build the terms of a vocabulary.

    Raises:
        Problems: all that keeps the vocabulary from being a table of keys.
    """
    reader = _Reader(vocabulary)
    terms = reader.read()
    if reader.errors:
        raise Problems(reader.errors)
    return terms


class _Reader:
    """Reads concepts, then classes, then properties; each step needs the ones before."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.objects = vocabulary.objects
        self.errors: list[KgError] = []
        self.schemes: dict[str, str] = {}  # IRI → key
        self.concepts: dict[str, Concept] = {}  # IRI → concept
        self.class_keys: dict[str, str] = {}  # IRI → key
        self.property_keys: dict[str, str] = {}
        self.ancestors: dict[str, frozenset[str]] = {}  # IRI → IRIs, itself included

    def read(self) -> Terms:
        by_scheme, bases = self._read_concepts()
        self._read_keys()
        self.ancestors = {term: self._ancestors(term) for term in self.class_keys}
        properties = [self._property(term, key) for term, key in self.property_keys.items()]
        return Terms(
            classes={key: self._class(term, key) for term, key in self.class_keys.items()},
            properties={term.key: term for term in properties},
            concepts=by_scheme,
            concept_bases=bases,
        )

    def report(self, subject: str, what: str, hint: str = "") -> None:
        where = self.vocabulary.place(subject)
        self.errors.append(OntologyError(f"{_short(subject)} {what}", where=where, hint=hint))

    def _read_concepts(self) -> tuple[dict[str, dict[str, Concept]], tuple[str, ...]]:
        by_scheme: dict[str, dict[str, Concept]] = {}
        bases = set()
        for scheme in sorted(self.vocabulary.instances(f"{_SKOS}ConceptScheme>")):
            match = _SCHEME.fullmatch(scheme)
            if match is None:
                self.report(scheme, "cannot be a scheme", "its IRI must be <base>concept/<key>")
            elif match[2] in by_scheme:
                self.report(scheme, f"has the key of another scheme, {match[2]!r}")
            else:
                bases.add(match[1])
                self.schemes[scheme] = match[2]
                by_scheme[match[2]] = {}
        for term in sorted(self.vocabulary.instances(f"{_SKOS}Concept>")):
            if concept := self._concept(term):
                self.concepts[term] = concept
                by_scheme[concept.scheme][concept.key] = concept
        return by_scheme, tuple(sorted(bases))

    def _concept(self, term: str) -> Concept | None:
        schemes = self.objects(term, f"{_SKOS}inScheme>")
        if len(schemes) != 1 or schemes[0] not in self.schemes:
            self.report(term, "is not in exactly one declared scheme (skos:inScheme)")
            return None
        prefix = f"{schemes[0][:-1]}/"
        key = term[len(prefix) : -1]
        if not term.startswith(prefix) or not KEY.fullmatch(key):
            hint = f"its IRI must be {prefix[1:]}<key>, the key in lower case with hyphens"
            self.report(term, "cannot be a concept of its scheme", hint)
            return None
        labels = self.objects(term, f"{_SKOS}prefLabel>")
        return Concept(
            key=key,
            iri=term[1:-1],
            scheme=self.schemes[schemes[0]],
            label=next((json.loads(text[:-3]) for text in labels if text.endswith('"@en')), key),
            broader=tuple(sorted(_bare(self.objects(term, f"{_SKOS}broader>")))),
        )

    def _read_keys(self) -> None:
        keyed = self.vocabulary.having(_KEY)
        classes = [t for kind in _CLASS_TYPES for t in self.vocabulary.instances(kind)]
        properties = [t for kind in _PROPERTY_TYPES for t in self.vocabulary.instances(kind)]
        of_properties = {t for t in classes if self._is_class_of_properties(t)}
        self.class_keys = self._keys(t for t in classes if t not in of_properties)
        self.property_keys = self._keys([*properties, *(t for t in keyed if t not in classes)])

    def _is_class_of_properties(self, term: str) -> bool:
        return f"{_RDF}Property>" in self.objects(term, _SUBCLASS)

    def _keys(self, terms: Iterable[str]) -> dict[str, str]:
        keys: dict[str, str] = {}
        owners: dict[str, str] = {}
        for term in sorted(set(terms)):
            written = self.objects(term, _KEY)
            if not written and self._is_foreign(term):
                continue
            key = written[0].strip('"') if written else _local_name(term)
            if len(written) > 1 or not _TERM_KEY.fullmatch(key):
                self.report(term, f"has no usable key: {' '.join(written) or key!r}")
            elif key in owners:
                self.report(term, f"has the key {key!r} of {_short(owners[key])}")
            else:
                owners[key] = term
                keys[term] = key
        return keys

    def _is_foreign(self, term: str) -> bool:
        ours = self.vocabulary.instances(f"{_OWL}Ontology>")
        defined_by = self.objects(term, f"{_RDFS}isDefinedBy>")
        return bool(defined_by) and not any(home in ours for home in defined_by)

    def _ancestors(self, start: str) -> frozenset[str]:
        seen = {start}
        pending = [start]
        while pending:
            for parent in self.objects(pending.pop(), _SUBCLASS):
                if parent == start:
                    self.report(start, "is a subclass of itself")
                elif parent not in seen:
                    seen.add(parent)
                    pending.append(parent)
        for parent in self.objects(start, _SUBCLASS):
            self._check_declared(start, parent, "is a subclass of")
        return frozenset(seen)

    def _check_declared(self, subject: str, term: str, relation: str) -> None:
        if term not in self.class_keys and _namespace(term) in map(_namespace, self.class_keys):
            self.report(subject, f"{relation} {_short(term)}, which is not declared as a class")

    def _class(self, term: str, key: str) -> ClassTerm:
        source = self._source_of_status_rules(term)
        default = self._one(source, _DEFAULT)
        via = self._one(source, _VIA)
        statuses = self._statuses(source)
        if via and via not in self.property_keys:
            self.report(source, f"inherits its status via {_short(via)}, which is no property")
        if default and self._status_key(source, default) not in (statuses or ()):
            self.report(
                source, f"has the default status {_short(default)}, which it does not allow"
            )
        return ClassTerm(
            key=key,
            iri=term[1:-1],
            superclasses=frozenset(
                self.class_keys[t] for t in self.ancestors[term] if t in self.class_keys
            ),
            statuses=statuses,
            default_status=self._status_key(source, default) if default else None,
            status_required=self._is_true(source, _REQUIRED),
            inherits_status_via=self.property_keys.get(via) if via else None,
            is_fact=f"{_UP}Fact>" in self.ancestors[term],
        )

    def _source_of_status_rules(self, term: str) -> str:
        """Return the class itself when it has rules, else its nearest superclass that has."""
        ruling = [
            t
            for t in sorted(self.ancestors[term])
            if any(self.objects(t, p) for p in _STATUS_RULES)
        ]
        if not ruling or term in ruling:
            return term
        nearest = [
            t for t in ruling if not any(t in self.ancestors.get(u, ()) for u in ruling if u != t)
        ]
        if len(nearest) != 1:
            names = " and ".join(map(_short, nearest))
            self.report(term, f"would inherit its statuses from {names}", "state its own")
            return term
        return nearest[0]

    def _statuses(self, term: str) -> frozenset[str] | None:
        collection = self._one(term, _STATUSES)
        if collection is None:
            return None
        members = self.objects(collection, f"{_SKOS}member>")
        if not members:
            self.report(
                term, f"has the statuses {_short(collection)}, a collection without members"
            )
        keys = (self._status_key(term, member) for member in members)
        return frozenset(key for key in keys if key)

    def _status_key(self, subject: str, status: str) -> str | None:
        concept = self.concepts.get(status)
        schemes = self.objects(_STATUS, f"{_UP}valuesFrom>")
        if concept is None or not any(self.schemes.get(s) == concept.scheme for s in schemes):
            self.report(
                subject, f"has the status {_short(status)}, which no scheme of statuses has"
            )
            return None
        return concept.key

    def _one(self, subject: str, predicate: str) -> str | None:
        values = self.objects(subject, predicate)
        if len(values) > 1:
            self.report(subject, f"has more than one {_short(predicate)}")
        return values[0] if values else None

    def _is_true(self, subject: str, predicate: str) -> bool:
        value = self._one(subject, predicate) or ""
        return value.startswith(('"true"', '"1"'))

    def _property(self, term: str, key: str) -> PropertyTerm:
        types = self.objects(term, RDF_TYPE)
        domains = [value for p in _DOMAINS for value in self.objects(term, p)]
        ranges = [value for p in _RANGES for value in self.objects(term, p)]
        if _ATTRIBUTE in types and _DESCRIPTION in self.class_keys:
            domains.append(_DESCRIPTION)
        for domain in domains:
            if domain not in self.class_keys:
                self.report(
                    term, f"has the domain {_short(domain)}, which is not declared as a class"
                )
        if not domains:
            self.report(term, "has no domain", "rdfs:domain, or schema:domainIncludes for several")
        if not ranges:
            self.report(term, "has no range", "rdfs:range, or schema:rangeIncludes for several")
        read = tuple(sorted({self._range(term, value) for value in ranges}))
        return PropertyTerm(
            key=key,
            iri=term[1:-1],
            domains=frozenset(self.class_keys[d] for d in domains if d in self.class_keys),
            ranges=read,
            schemes=self._schemes(term, is_concept="concept" in read),
            functional=f"{_OWL}FunctionalProperty>" in types or self._is_true(term, _SINGLE),
            attribute=_ATTRIBUTE in types,
            derived=f"{_UP}DerivedProperty>" in types,
        )

    def _range(self, term: str, value: str) -> str:
        if kind := _KINDS_OF_RANGE.get(value):
            return kind
        if value.startswith(_XSD):
            return f"xsd:{_local_name(value)}"
        self._check_declared(term, value, "has the range")
        return self.class_keys.get(value, "resource")

    def _schemes(self, term: str, *, is_concept: bool) -> tuple[str, ...]:
        named = self.objects(term, f"{_UP}valuesFrom>")
        if is_concept != bool(named):
            self.report(term, "needs both the range skos:Concept and up:valuesFrom, or neither")
        for scheme in named:
            if scheme not in self.schemes:
                self.report(term, f"takes values from {_short(scheme)}, which is not a scheme")
        keys = tuple(sorted(self.schemes[scheme] for scheme in named if scheme in self.schemes))
        self._check_unique(term, keys)
        return keys

    def _check_unique(self, term: str, schemes: tuple[str, ...]) -> None:
        if len(schemes) < 2:
            return
        owner: dict[str, str] = {}
        for concept in self.concepts.values():
            if (
                concept.scheme in schemes
                and owner.setdefault(concept.key, concept.scheme) != concept.scheme
            ):
                both = f"{owner[concept.key]} and {concept.scheme}"
                self.report(term, f"would find the concept {concept.key!r} in both {both}")


def _bare(terms: Iterable[str]) -> list[str]:
    return [term.strip("<>") for term in terms]


def _local_name(term: str) -> str:
    return re.split(r"[/#]", term.strip("<>"))[-1]


def _namespace(term: str) -> str:
    return term[: len(term) - len(_local_name(term)) - 1]


_PREFIXES: Final = {
    _UP: "up:", _OWL: "owl:", _RDFS: "rdfs:", _RDF: "rdf:", _SKOS: "skos:", _XSD: "xsd:",
}  # fmt: skip


def _short(term: str) -> str:
    for namespace, prefix in _PREFIXES.items():
        if term.startswith(namespace):
            return prefix + term[len(namespace) : -1]
    return term
