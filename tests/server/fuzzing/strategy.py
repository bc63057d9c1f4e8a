"""Queries made by something like the grammar, and queries of the corpus, spoiled."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tests.server.fuzzing.conftest import CORPUS

BLANKS: Final = st.sampled_from(["", " ", "\n", "#SERVICE\n", "# '\r", "\t"])
VARIABLES: Final = st.sampled_from(["?a", "?b", "$c", "?SERVICE"])
IRIS: Final = st.sampled_from(
    ["<urn:a>", "<b#c>", ":d", "s:SERVICE", "s:load.x", "a", "<'>", "<)>"]
)
LITERALS: Final = st.sampled_from(
    ["1", ".5", "1.", "-2e3", "true", '"x"', "'SERVICE'", '"""a"b"""', r'"\""', '"x"@en', '""^^:d']
)
TERMS: Final = VARIABLES | IRIS | LITERALS
OPERATORS: Final = st.sampled_from(["<", ">", "=", "!=", "<=", "&&", "||", "+", "-", "*", "/"])
FETCH: Final = st.sampled_from(["SERVICE", "service", "Service", "SERVICE SILENT", "SERVICESILENT"])
PROLOGUE: Final = "PREFIX : <urn:> PREFIX s: <urn:> "


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Put parts in a row, with any blanks or none between them."""
    woven = [piece for part in parts for piece in (part, BLANKS)]
    return st.tuples(*woven).map("".join)


def _of(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        _joined(inner, OPERATORS, inner),
        _joined(_of("(", "!(", "-("), inner, _of(")")),
        _joined(_of("STR(", "BOUND(", "IF(1,2,"), inner, _of(")")),
    )


EXPRESSIONS: Final = st.recursive(TERMS, _expressions, max_leaves=4)
PATHS: Final = st.recursive(
    IRIS | VARIABLES,
    lambda inner: st.one_of(
        _joined(inner, _of("/", "|"), inner), _joined(_of("^", "!", "("), inner, _of("*", "+", ")"))
    ),
    max_leaves=3,
)
TRIPLES: Final = _joined(TERMS, PATHS, TERMS, _of(".", "", ";", ","))


def _groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    braced = _joined(_of("{"), inner, _of("}"))
    return st.one_of(
        braced,
        _joined(inner, inner),
        _joined(_of("OPTIONAL", "MINUS", "GRAPH ?g", "GRAPH:g", "FILTER EXISTS"), braced),
        _joined(braced, _of("UNION"), braced),
        _joined(_of("FILTER("), EXPRESSIONS, _of(")")),
        _joined(_of("BIND("), EXPRESSIONS, _of(" AS ?z)")),
        _joined(_of("VALUES ?v {"), IRIS | LITERALS, _of("}")),
        _joined(_of("{SELECT * {"), inner, _of("}}")),
        _joined(FETCH, TERMS, braced),
    )


GROUPS: Final = st.recursive(TRIPLES, _groups, max_leaves=6)
BEFORE: Final = st.one_of(
    st.just(""),
    TRIPLES,
    GROUPS,
    _joined(_of("?a ?b "), LITERALS, _of(".", "")),
    _joined(_of("FILTER(?a<", "FILTER(?a>", "FILTER(1"), TERMS, _of(")", ">)", "<1)")),
    _joined(_of("VALUES ?v {"), LITERALS, _of("}")),
    _joined(_of("BIND("), EXPRESSIONS, _of(" AS ?z)")),
)
ASKED: Final = _of("<urn:x>", ":x", "s:SERVICE", "?v", "<#'>", "s:", "<>")
FETCHES: Final = _joined(BEFORE, FETCH, ASKED, _of("{}", "{?a ?b ?c}", "{FILTER(?a<'>')}"), BEFORE)
FORMS: Final = _of("SELECT *", "ASK", "CONSTRUCT WHERE", "DESCRIBE ?a", "SELECT (1 AS ?n)")
MADE: Final = _joined(st.just(PROLOGUE), FORMS, _of("{"), GROUPS, _of("}"))

HOLES: Final = st.sampled_from(
    [("{", "}"), ("{{", "}}"), ("{OPTIONAL{", "}}"), ("{?a ?b 1.{", "}}")]
)
FETCHING: Final = st.tuples(_of("SELECT *", "ASK", "DESCRIBE ?a"), HOLES, FETCHES).map(
    lambda drawn: f"{PROLOGUE}{drawn[0]}{drawn[1][0]}{drawn[2]}{drawn[1][1]}"
)


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """Return a query of the corpus with a few cuts, doublings and insertions."""
    text = draw(st.sampled_from(CORPUS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        piece = draw(st.sampled_from(PIECES) | st.just(text[at:end]))
        text = text[:at] + piece + text[draw(st.sampled_from([at, end])) :]
    return text


PIECES: Final = [
    "", "{", "}", "(", ")", "[", "]", "<", ">", "'", '"', "'''", '"""', "#", "\n", "\\", ".", ";",
    "SERVICE <urn:x> {}", " service?a{?a ?b ?c}", "SERVICE:x{}", "FILTER(?a<?b)", "<'>", "\\u0053",
    "^", "*", "!", "<<", ">>", "{|", "|}", "@en", "^^", "\0", "\ufeff", "\u2028", "é", "𐀀", "%",
    "LOAD <urn:x>", "FROM <urn:x>", "BASE <urn:x>", "VALUES () {}", "1e9", "_:b", "?", "$", "a",
]  # fmt: skip
QUERIES: Final = MADE | FETCHING | spoiled()
