"""RDF terms and quads as N-Quads text, the form in which data travels through the pipeline.

A term is a `str` that holds its N-Triples encoding (`<iri>`, `"text"@en`, `"2016"^^<…gYear>`), so
that writing, sorting, hashing and comparing cost nothing extra. There are no blank nodes.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kg.errors import DataError

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_ESCAPES: Final = {ord(char): f"\\{name}" for char, name in zip('\\"\n\r\t', '\\"nrt', strict=True)}
_TO_ESCAPE: Final = re.compile(r'[\\"\n\r\t]')
_NOT_IN_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPED: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_NAMED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LANGUAGE: Final = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")


class Quad(NamedTuple):
    """One statement in one named graph, each part in its N-Triples encoding."""

    subject: str
    predicate: str
    object: str
    graph: str


def iri(value: str) -> str:
    """Encode an absolute IRI.

    Raises:
        DataError: the value has a character that no IRI may hold.

    >>> iri("https://example.org/a")
    '<https://example.org/a>'
    """
    if _NOT_IN_IRI.search(value):
        raise DataError(f"not an IRI: {value!r}")
    return f"<{value}>"


def text(value: str, language: str = "") -> str:
    r"""Encode a plain or language-tagged string; tags are lower-cased, as stores do.

    >>> text('so-called "partner"', "EN")
    '"so-called \\"partner\\""@en'
    """
    if _TO_ESCAPE.search(value):
        value = value.translate(_ESCAPES)
    if not language:
        return f'"{value}"'
    if not _LANGUAGE.fullmatch(language):
        raise DataError(f"not a language tag: {language!r}")
    return f'"{value}"@{language.lower()}'


def typed(value: str, datatype: str) -> str:
    """Encode a literal of a datatype, given by its IRI or as the local name of an XSD type.

    >>> typed("2016-01-01", "date")
    '"2016-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'
    """
    if ":" not in datatype:
        datatype = XSD + datatype
    if datatype == XSD + "string":
        return text(value)
    return f"{text(value)}^^<{datatype}>"


def line(quad: Quad) -> str:
    """Return the quad as a line of N-Quads, line end included."""
    return f"{quad[0]} {quad[1]} {quad[2]} {quad[3]} .\n"


def triple_line(quad: Quad) -> str:
    """Return the quad without its graph as a line of N-Triples, line end included."""
    return f"{quad[0]} {quad[1]} {quad[2]} .\n"


def literal_parts(term: str) -> tuple[str, str, str]:
    r"""Return the characters, the language and the datatype of an encoded literal.

    >>> literal_parts('"say \\"hi\\""@en')
    ('say "hi"', 'en', '')
    """
    end = term.rindex('"')
    value, rest = term[1:end], term[end + 1 :]
    if "\\" in value:
        value = _ESCAPED.sub(_unescaped, value)
    return value, rest[1:] if rest[:1] == "@" else "", rest[3:-1] if rest[:1] == "^" else ""


def _unescaped(match: re.Match[str]) -> str:
    short, long, named = match.groups()
    return chr(int(short or long, 16)) if short or long else _NAMED.get(named, named)
