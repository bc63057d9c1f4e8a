"""What validation found, as a SHACL report for machines and as lines for people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Final

from kg.errors import Place
from kg.iris import Iris
from kg.terms import iri, text, typed

SHACL: Final = "http://www.w3.org/ns/shacl#"
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One way in which one node breaks one rule.

    Attributes:
        focus: IRI of the node.
        path: IRI of the property, a SPARQL property path, or "" when the node itself is wrong.
        value: the wrong value in its N-Triples encoding, or "".
        shape: IRI of the shape, or of the check of the whole graph.
        component: kind of constraint, such as `MinCountConstraintComponent`.
        severity: `Violation` (stops a release), `Warning` or `Info`.
        message: what to do about it.
        kind: local name of the node's class, or "".
    """

    focus: str
    path: str
    value: str
    shape: str
    component: str
    severity: str
    message: str
    kind: str = ""

    @property
    def rule(self) -> str:
        """Return the local name of the shape."""
        return local_name(self.shape)


def local_name(address: str) -> str:
    """Return what stands after the last `#` or `/` of an IRI.

    >>> local_name("https://w3id.org/unipact/shapes#MembershipMember")
    'MembershipMember'
    """
    return address.replace("#", "/").rstrip("/").rpartition("/")[2]


def report_turtle(results: Iterable[Result], *, iris: Iris | None = None) -> str:
    """Return the results as a `sh:ValidationReport` in Turtle, sorted, without blank nodes.

    `sh:conforms` is true only when there is no result at all, warnings included. A property path
    that is not a single property has no form without blank nodes and is left out.
    Source: SHACL (W3C 2017), section 3.6.
    """
    iris = iris or Iris()
    found = sorted(set(results))
    report = iris.graph("report")
    nodes = [iris.part(report, _digest(result)) for result in found]
    head = [f"<{report}> a sh:ValidationReport", f"sh:conforms {'false' if found else 'true'}"]
    head += [f"sh:result <{node}>" for node in sorted(nodes)]
    blocks = [head]
    for node, result in zip(nodes, found, strict=True):
        said = (f"{name} {value}" for name, value in _properties(result))
        blocks.append([f"<{node}> a sh:ValidationResult", *said])
    body = "\n\n".join(" ;\n    ".join(block) + " ." for block in blocks)
    return f"@prefix sh: <{SHACL}> .\n\n{body}\n"


def report_graph(
    results: Iterable[Result], *, iris: Iris | None = None
) -> Iterator[tuple[str, str, str]]:
    """Yield the triples of `report_turtle` in encoded terms, for any other form of RDF."""
    iris = iris or Iris()
    found = sorted(set(results))
    report = f"<{iris.graph('report')}>"
    yield report, _TYPE, _full("sh:ValidationReport")
    yield report, _full("sh:conforms"), typed("false" if found else "true", "boolean")
    for result in found:
        node = f"<{iris.part(iris.graph('report'), _digest(result))}>"
        yield report, _full("sh:result"), node
        yield node, _TYPE, _full("sh:ValidationResult")
        for name, value in _properties(result):
            yield node, _full(name), _full(value)


def _full(name: str) -> str:
    """Return an encoded IRI for a prefixed name of SHACL; other terms as they are."""
    return f"<{SHACL}{name[3:]}>" if name.startswith("sh:") else name


def _digest(result: Result) -> str:
    return hashlib.sha256("\n".join(astuple(result)).encode()).hexdigest()[:16]


def _properties(result: Result) -> Iterator[tuple[str, str]]:
    """Yield what is said of a result: names and values, those of SHACL with their prefix."""
    yield "sh:focusNode", _focus(result.focus)
    if result.path and not set(result.path) & set("<>()|^"):
        yield "sh:resultPath", iri(result.path)
    if result.value and not result.value.startswith("_:"):
        yield "sh:value", result.value
    yield "sh:resultMessage", text(result.message)
    yield "sh:resultSeverity", f"sh:{result.severity}"
    yield "sh:sourceConstraintComponent", f"sh:{result.component}"
    yield "sh:sourceShape", iri(result.shape)


def _focus(focus: str) -> str:
    """Encode a focus node; a blank node or a literal is only told of."""
    return text(focus) if focus.startswith("_:") or ":" not in focus else iri(focus)


def report_people(results: Iterable[Result], places: Mapping[str, Place]) -> tuple[str, ...]:
    """Return a line a result, sorted by place: where, which thing, what to do, which rule.

    Args:
        results: what validation found.
        places: where things are written, by IRI. A part of a thing (its date, the selector of its
            passage) stands where the thing does. A thing without a place is told by its IRI.
    """
    rows = []
    for result in sorted(set(results)):
        place = _place(result.focus, places)
        where = f"{place}: " if place else ""
        thing = f'{result.kind or "node"} "{_key(result.focus)}"' if place else result.focus
        severity = "" if result.severity == "Violation" else f"{result.severity.lower()}: "
        line = f"{where}{severity}{thing}: {result.message}{_found(result.value)}"
        rows.append((place or Place(""), f"{line} (rule {result.rule})"))
    return tuple(line for _, line in sorted(rows))


def _place(focus: str, places: Mapping[str, Place]) -> Place | None:
    whole, _, part = focus.partition("#")
    owner = f"{whole}#{part.rpartition('.')[0]}"
    return next((places[known] for known in (focus, owner, whole) if known in places), None)


def _key(focus: str) -> str:
    whole, _, part = focus.partition("#")
    return part if "/article/" in whole and part else focus.rpartition("/")[2]


def _found(value: str) -> str:
    if not value:
        return ""
    shown = local_name(value[1:-1]) if value.startswith("<") else value
    return f" Found: {shown if len(shown) <= 80 else shown[:79] + '…'}."
