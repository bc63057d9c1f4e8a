"""Updates made by something like the grammar, with blanks or none, and spoiled ones."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tests.server.fuzzing.strategy import BLANKS, EXPRESSIONS

PROLOGUES: Final = (
    "PREFIX : <urn:> PREFIX s: <urn:s> PREFIX GRAPHx: <urn:> PREFIX x: <urn:x> "
    "PREFIX WITHx: <urn:w> PREFIX GRAPH: <urn:> PREFIX NAMEDx: <urn:> BASE <http://b/> "
)


def _of(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    woven = [piece for part in parts for piece in (part, BLANKS | st.just(" "))]
    return st.tuples(*woven).map("".join)


NAMES: Final = _of(":g", "<urn:h>", "<r#i>", "x:j", "GRAPHx:k", ":a.b", "s:GRAPH", "<rel'x>")
SUBJECTS: Final = _of(":a", "<b>", ":GRAPH", "GRAPHx:a", "<<:a:b:c>>", "<< :a :b '}' >>", "WITHx:a")
PREDICATES: Final = _of(":p", "a", "<p'>", ":p.q", "x:GRAPH")
OBJECTS: Final = _of(
    "1", "1.", "1e5", "-.5E-3", "true", "true.", '"x"', "'}'", "'''it's } ; CLEAR ALL #'''",
    '"x"@en', "'x'@en--ltr", '"1"^^:d', "(1 :b)", "[:p 1]", "<<(:a :b :c)>>", "<o#'>", "<)>", ":o",
)  # fmt: skip
TRIPLES: Final = st.one_of(
    _joined(SUBJECTS, PREDICATES, OBJECTS, _of(".", "", ";", ". .")),
    _joined(SUBJECTS, PREDICATES, OBJECTS, _of(","), OBJECTS, _of(".", "")),
    _joined(SUBJECTS, PREDICATES, OBJECTS, _of("{|:q 1|}", "~:r{|:q 1|}"), _of(".", "")),
)
PATTERNS: Final = TRIPLES | _joined(_of("?s"), _of("?p"), _of("?o"), _of("", "."))
GRAPHS: Final = _of("GRAPH", "graph", "GRAPH#}\n", "trueGRAPH", "GRAPHGRAPH")


def _quads(
    names: st.SearchStrategy[str], triples: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    one = triples | _joined(GRAPHS, names, _of("{"), triples | st.just(""), _of("}", "}."))
    return st.lists(one, max_size=3).map("".join).map(lambda inner: "{" + inner + "}")


DATA: Final = _quads(NAMES, TRIPLES)
TEMPLATES: Final = _quads(NAMES | st.just("?g"), PATTERNS)
FILTERS: Final = _joined(_of("FILTER(", "FILTER(?o<?s||"), EXPRESSIONS, _of(")"))
WHERE: Final = st.one_of(
    _of(
        "{}",
        "{?s ?p ?o}",
        "{GRAPH ?g{?s ?p ?o}}",
        "{VALUES ?g{<urn:h>}?s ?p ?o}",
        "{{SELECT*{?s ?p ?o}}GRAPH:g{?s ?p 1.}MINUS{?s a <x#y>}}",
        "{?s ?p '''}'''|(:p/:q*)?o}",
    ),
    _joined(_of("{?s ?p ?o"), FILTERS, _of("}", "OPTIONAL{?o ?p ?s}}", "'}'}")),
)
SILENT: Final = _of("", "SILENT", "silent")
USING: Final = _of(
    "", "", "USING <urn:h>", "USING NAMED :g", "USING:g", "USING <r#i> USING NAMED <urn:h>"
)
WITHIN: Final = _of("", "", "WITH <urn:w>", "WITH:w", "with <rel>")
ENDS: Final = _joined(_of("GRAPH", "", "GRAPH"), NAMES) | _of("DEFAULT", "default")
OPERATIONS: Final = st.one_of(
    _joined(_of("INSERT DATA", "DELETE DATA", "INSERTDATA", "insert#}\ndata"), DATA),
    _joined(_of("DELETE WHERE", "DELETEWHERE"), TEMPLATES),
    _joined(WITHIN, _of("DELETE"), TEMPLATES, _of("INSERT"), TEMPLATES, USING, _of("WHERE"), WHERE),
    _joined(WITHIN, _of("INSERT", "DELETE"), TEMPLATES, USING, _of("WHERE"), WHERE),
    _joined(_of("CLEAR", "DROP"), SILENT, _of("DEFAULT", "NAMED", "ALL")),
    _joined(_of("CLEAR", "DROP", "CREATE"), SILENT, _of("GRAPH"), NAMES),
    _joined(_of("COPY", "MOVE", "ADD"), SILENT, ENDS, _of("TO"), ENDS),
    _joined(_of("LOAD SILENT"), NAMES, _of("", "INTO GRAPH <urn:l>")),
)
BETWEEN: Final = _of(";", " ; ", ";PREFIX : <urn:z>", ";BASE <http://c/>", "")
MADE: Final = _joined(
    st.just(PROLOGUES), OPERATIONS, st.just("") | _joined(BETWEEN, OPERATIONS), _of("", ";", "#}")
)
PIECES: Final = [
    "", "{", "}", "<", ">", "'", '"', "'''", "#", "\n", "\\", ".", ";", "GRAPH <urn:v> {", "GRAPH",
    "; CLEAR ALL", "INSERT DATA { :v :v :v }", "(", ")", "|", "\\u007d", "\\u0022", "~", "<<", ">>",
    "DEFAULT", "WITH <urn:v>", "SILENT", ":", "a", "1", "?g", "@en", "--", "DATA", "WHERE", "-",
]  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """Return a made update with a few cuts, doublings and insertions."""
    text = draw(MADE)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(len(PROLOGUES), len(text)))
        end = min(len(text), at + draw(st.integers(0, 8)))
        piece = draw(st.sampled_from(PIECES) | st.just(text[at:end]))
        text = text[:at] + piece + text[draw(st.sampled_from([at, end])) :]
    return text


UPDATES: Final = MADE | spoiled()
