"""Writers of the six RDF formats, fed with statements in order; nothing is held but one subject.

Terms keep their spelling: `"01"^^xsd:integer` stays what it is, in every format. A format that
cannot say something raises `Unwritable`; it never leaves a statement out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TextIO
from xml.sax.saxutils import escape

from kg.prefixes import VOCABULARIES
from kg.releases.dataset import Graphs, Statement
from kg.terms import literal_parts

_TYPE: Final = f"<{VOCABULARIES['rdf']}type>"
_LOCAL: Final = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-]))*|[0-9][A-Za-z0-9_-]*")
_XML_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Names of the RDF namespace that are syntax, not properties (RDF 1.1 XML Syntax, section 6.1.4).
_XML_SYNTAX: Final = frozenset(
    VOCABULARIES["rdf"] + name
    for name in (
        "RDF ID about parseType resource nodeID datatype Description li aboutEach "
        "aboutEachPrefix bagID"
    ).split()
)


class Unwritable(Exception):
    """The format has no way to write a term that the dataset holds."""


class Namer:
    """Shortens IRIs by prefixes."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self._by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}
        self.short = lru_cache(maxsize=4096)(self._short)

    def _short(self, iri: str) -> str | None:
        """Return `prefix:local` for an IRI, or None when it has no such form."""
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._by_namespace.get(iri[:cut])
        if prefix is None or not _LOCAL.fullmatch(iri, cut):
            return None
        return f"{prefix}:{iri[cut:]}"


class NQuads:
    """N-Quads; `plain` leaves the evidence and the mentions out."""

    def __init__(self, out: TextIO, graphs: Graphs, *, plain: bool = False) -> None:
        self._write = out.write
        self._graphs = graphs
        self._plain = plain

    def take(self, statement: Statement) -> None:
        """Write one statement."""
        subject, predicate, value, graphs = statement
        for graph in graphs:
            if not self._plain or self._graphs.is_plain(graph):
                self._write(f"{subject} {predicate} {value} {graph} .\n")

    def end(self) -> None:
        """Nothing is left to write."""


class NTriples:
    """N-Triples of the merge."""

    def __init__(self, out: TextIO) -> None:
        self._write = out.write

    def take(self, statement: Statement) -> None:
        """Write one statement."""
        self._write(f"{statement[0]} {statement[1]} {statement[2]} .\n")

    def end(self) -> None:
        """Nothing is left to write."""


class Turtle:
    """Turtle of the merge (`plain`: without evidence and mentions), or with `blocks` TriG.

    TriG is fed graph by graph.
    """

    def __init__(
        self,
        out: TextIO,
        namer: Namer,
        *,
        blocks: bool = False,
        plain: Graphs | None = None,
    ) -> None:
        self._write = out.write
        self._namer = namer
        self._blocks = blocks
        self._plain = plain
        self._graph = self._subject = self._predicate = ""
        for prefix, namespace in namer.prefixes.items():
            self._write(f"@prefix {prefix}: <{namespace}> .\n")

    def take(self, statement: Statement) -> None:
        """Write one statement."""
        subject, predicate, value, graphs = statement
        if self._plain and not any(map(self._plain.is_plain, graphs)):
            return
        if self._blocks and graphs[0] != self._graph:
            self._open(graphs[0])
        if subject != self._subject:
            self._write(f"{' .' if self._subject else ''}\n\n{self._term(subject)} ")
            self._subject, self._predicate = subject, ""
        if predicate == self._predicate:
            self._write(f", {self._term(value)}")
        else:
            lead = " ;\n    " if self._predicate else ""
            self._write(f"{lead}{self._verb(predicate)} {self._term(value)}")
            self._predicate = predicate

    def end(self) -> None:
        """Close what is open."""
        self._write(" .\n" if self._subject else "")
        self._write("}\n" if self._graph else "")

    def _open(self, graph: str) -> None:
        self.end()
        self._graph, self._subject = graph, ""
        self._write(f"\n{self._term(graph)} {{")

    def _verb(self, predicate: str) -> str:
        return "a" if predicate == _TYPE else self._term(predicate)

    def _term(self, term: str) -> str:
        if term[0] == "<":
            return self._namer.short(term[1:-1]) or term
        if term[-1] == ">":
            literal, _, datatype = term.rpartition("^^<")
            short = self._namer.short(datatype[:-1])
            return f"{literal}^^{short}" if short else term
        return term


class RdfXml:
    """RDF/XML of the merge."""

    def __init__(self, out: TextIO, namer: Namer, note: str) -> None:
        self._write = out.write
        self._namer = namer
        self._element = lru_cache(maxsize=4096)(self._named_element)
        self._subject = ""
        self._write(f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {note} -->\n<rdf:RDF')
        for prefix, namespace in namer.prefixes.items():
            self._write(f"\n    xmlns:{prefix}={_attribute(namespace)}")
        self._write(">\n")

    def take(self, statement: Statement) -> None:
        """Write one statement."""
        subject, predicate, value, _ = statement
        if subject != self._subject:
            closing = "</rdf:Description>\n" if self._subject else ""
            self._write(f"{closing}<rdf:Description rdf:{_xml_node(subject, 'about')}>\n")
            self._subject = subject
        name, declared = self._element(predicate[1:-1])
        self._write(f"  <{name}{declared}{_xml_value(value, name)}\n")

    def end(self) -> None:
        """Close what is open."""
        self._write("</rdf:Description>\n" if self._subject else "")
        self._write("</rdf:RDF>\n")

    def _named_element(self, predicate: str) -> tuple[str, str]:
        short = self._namer.short(predicate)
        local = _XML_NAME.search(predicate)
        if predicate in _XML_SYNTAX or not local:
            raise Unwritable(f"<{predicate}> cannot be the name of an XML element")
        if short and _XML_NAME.match(short.partition(":")[2]):
            return short, ""
        return f"p:{local[0]}", f" xmlns:p={_attribute(predicate[: local.start()])}"


def _xml_value(value: str, name: str) -> str:
    if value[0] != '"':
        return f" rdf:{_xml_node(value, 'resource')}/>"
    characters, language, datatype = literal_parts(value)
    if bad := _NOT_XML.search(characters):
        raise Unwritable(f"a literal holds U+{ord(bad[0]):04X}, which XML cannot hold")
    kind = f" xml:lang={_attribute(language)}" if language else ""
    kind = f" rdf:datatype={_attribute(datatype)}" if datatype else kind
    # A bare carriage return would be read as a line feed (XML 1.0, section 2.11).
    return f"{kind}>{escape(characters, {chr(13): '&#13;'})}</{name}>"


def _xml_node(term: str, attribute: str) -> str:
    """Return the attribute for an IRI, or `nodeID` for a blank node, whose label becomes a name."""
    if term[0] == "<":
        return f"{attribute}={_attribute(term[1:-1])}"
    label = f"b{term[2:]}"
    if not _XML_NAME.match(label):
        raise Unwritable(f"the label of {term} cannot be a name in XML")
    return f"nodeID={_attribute(label)}"


def _attribute(value: str) -> str:
    return '"' + escape(value, {'"': "&quot;"}) + '"'


class JsonLd:
    """JSON-LD 1.1 of the dataset: a list of graphs, one node a line; statements graph by graph."""

    def __init__(self, out: TextIO, namer: Namer) -> None:
        self._write = out.write
        self._namer = namer
        self._id = lru_cache(maxsize=4096)(self._name)
        self._graph = self._subject = ""
        self._node: dict[str, list[object]] = {}
        context = json.dumps({"@version": 1.1, **namer.prefixes}, indent=1)
        self._write(f'{{"@context": {context},\n"@graph": [')

    def take(self, statement: Statement) -> None:
        """Write one statement."""
        subject, predicate, value, graphs = statement
        if graphs[0] != self._graph:
            self._close_graph()
            comma = "," if self._graph else ""
            self._graph = graphs[0]
            self._write(f'{comma}\n{{"@id": {json.dumps(self._id(graphs[0]), ensure_ascii=False)}')
            self._write(', "@graph": [\n')
        elif subject != self._subject:
            self._close_node(",\n")
        self._subject = subject
        if predicate == _TYPE and value[0] != '"':
            self._node.setdefault("@type", []).append(self._id(value))
        else:
            self._node.setdefault(self._id(predicate), []).append(self._value(value))

    def end(self) -> None:
        """Close what is open."""
        self._close_graph()
        self._write("\n]}\n")

    def _close_graph(self) -> None:
        if self._graph:
            self._close_node("\n]}")
            self._subject = ""

    def _close_node(self, after: str) -> None:
        node: dict[str, object] = {"@id": self._id(self._subject)}
        for key, values in self._node.items():
            node[key] = values[0] if len(values) == 1 else values
        self._node = {}
        self._write(json.dumps(node, ensure_ascii=False) + after)

    def _name(self, term: str) -> str:
        if term[0] == "_":
            return term
        iri = term[1:-1]
        short = self._namer.short(iri)
        scheme, _, rest = iri.partition(":")
        if not short and scheme in self._namer.prefixes and not rest.startswith("//"):
            raise Unwritable(f"<{iri}> looks like a name with the prefix {scheme!r}")
        return short or iri

    def _value(self, term: str) -> object:
        if term[0] != '"':
            return {"@id": self._id(term)}
        characters, language, datatype = literal_parts(term)
        if language:
            return {"@value": characters, "@language": language}
        return (
            {"@value": characters, "@type": self._id(f"<{datatype}>")} if datatype else characters
        )
