"""What is known of an update before it runs."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from server.limits import Limits
from server.problems import Problem
from server.sparql.update import Kind, UpdateRequest, analyse, check_syntax

BASE = "http://example.org/sparql"
TRIPLE = "<urn:s> <urn:p> <urn:o>"
UPDATES = 148  # files of the W3C's update suites
WRONG_DESPITE_THEIR_NAME = {  # as their manifests say: blank nodes in DELETE, or in two blocks
    "delete-insert-03.ru", "delete-insert-03b.ru", "delete-insert-05.ru", "delete-insert-07.ru",
    "delete-insert-07b.ru", "delete-insert-08.ru", "delete-insert-09.ru", "syntax-update-54.ru",
}  # fmt: skip


def checked(text: str) -> UpdateRequest:
    found = analyse(text, base=BASE)
    check_syntax(found, base=BASE)
    return found


@pytest.mark.parametrize(
    ("text", "kinds", "graphs", "default"),
    [
        (f"INSERT DATA {{ {TRIPLE} }}", ["INSERT DATA"], [], True),
        (f"DELETE DATA {{ GRAPH <urn:g> {{ {TRIPLE} }} }}", ["DELETE DATA"], ["urn:g"], False),
        (f"INSERT DATA {{ GRAPH <urn:g> {{}} . GRAPH <urn:h> {{}} {TRIPLE} . }}",
         ["INSERT DATA"], ["urn:g", "urn:h"], True),
        (f"INSERT DATA {{ <urn:s> <urn:p> true.GRAPH<urn:g>{{{TRIPLE}}} }}",
         ["INSERT DATA"], ["urn:g"], True),
        ("INSERT DATA { <urn:s> <urn:p> 1e5, -1.5e-3, 'x'@en--ltr, 'x'^^<urn:d> , (1 [<urn:p> 2]) "
         "{| <urn:q> 3 |} . << <urn:s> <urn:p> 1 >> <urn:q> <<( <urn:s> <urn:p> 1 )>> }",
         ["INSERT DATA"], [], True),
        ("DELETE WHERE { GRAPH <urn:g> { ?s ?p ?o } }", ["DELETE WHERE"], ["urn:g"], False),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", ["DELETE WHERE"], None, False),
        ("DELETE WHERE { ?s ?p ?o }", ["DELETE WHERE"], [], True),
        ("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ["MODIFY"], ["urn:g"], False),
        ("WITH <urn:g> INSERT { GRAPH <urn:h> { ?s ?p 1 } } WHERE { ?s ?p ?o }",
         ["MODIFY"], ["urn:h"], False),
        ("DELETE { ?s ?p ?o } INSERT { GRAPH ?g { ?s ?p 1 } } USING <urn:x> USING NAMED <urn:y> "
         "WHERE { GRAPH ?g { ?s ?p ?o } }", ["MODIFY"], None, True),
        ("INSERT {} WHERE { GRAPH <urn:g> { ?s ?p ?o } }", ["MODIFY"], [], False),
        ("LOAD <urn:x>", ["LOAD"], [], True),
        ("LOAD <urn:x> INTO GRAPH <urn:g>", ["LOAD"], ["urn:g"], False),
        ("LOAD SILENT <urn:x> INTO GRAPH <urn:g>", ["LOAD"], [], False),
        ("CLEAR DEFAULT", ["CLEAR"], [], True),
        ("CLEAR SILENT NAMED", ["CLEAR"], None, False),
        ("DROP ALL", ["DROP"], None, True),
        ("DROP GRAPH <urn:g>; CREATE SILENT GRAPH <urn:h>;", ["DROP", "CREATE"],
         ["urn:g", "urn:h"], False),
        ("COPY <urn:a> TO GRAPH <urn:b>", ["COPY"], ["urn:b"], False),
        ("ADD SILENT DEFAULT TO <urn:b>", ["ADD"], ["urn:b"], False),
        ("MOVE GRAPH <urn:a> TO DEFAULT", ["MOVE"], ["urn:a"], True),
        ("", [], [], False),
        ("PREFIX x: <urn:x> # nothing", [], [], False),
    ],
)  # fmt: skip
def test_operations_and_what_they_write(
    text: str, kinds: list[str], graphs: list[str] | None, default: bool
) -> None:
    found = checked(text)

    assert [one.kind for one in found.operations] == [Kind(kind) for kind in kinds]
    assert found.writes == (None if graphs is None else set(graphs))
    assert found.writes_default is default


@pytest.mark.parametrize(
    ("text", "graph"),
    [
        ("CREATE GRAPH <g>", "http://example.org/g"),
        ("BASE <http://x/y/> PREFIX p: <z/> CREATE GRAPH p:a\\,b", "http://x/y/z/a,b"),
        ("PREFIX p: <urn:1> PREFIX p: <urn:2> CREATE GRAPH p:g", "urn:2g"),
        ("PREFIX p: <urn:1> CLEAR DEFAULT ; PREFIX p: <urn:2> CREATE GRAPH p:g", "urn:2g"),
        ("CLEAR DEFAULT ; BASE <http://x/> CREATE GRAPH <g>", "http://x/g"),
        ("PREFIX graph: <urn:> ADD graph:a TO graph:g", "urn:g"),
        (r"CREATE GRAPH <urn:\u0067>", "urn:g"),
        (r"PREFIX p: <urn:> CRE\u0041TE GRAPH p:\u0067", "urn:g"),
    ],
)
def test_graph_is_named_by_the_declarations_before_it(text: str, graph: str) -> None:
    assert checked(text).writes == {graph}


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("INSERTDATA { <urn:s> <urn:p> 1 }", 1),
        ("CLEARALL", 1),
        ("PREFIX x: <urn:> CREATE GRAPHx:a", 25),
        ("PREFIX x: <urn:> INSERT DATA { GRAPHx:a { x:a x:b x:c } }", 41),
        ("PREFIX x: <urn:> WITHx:a INSERT { x:a x:b x:c } WHERE {}", 18),
        ("INSERT DATA { <urn:s> <urn:p> trueGRAPH <urn:g> { } }", 31),
        ("INSERT DATA { <urn:s> <urn:p> 1 } ;; CLEAR ALL", 36),
        ("INSERT DATA { <urn:s> <urn:p> 1 } CLEAR ALL", 35),
        ("INSERT { ?s ?p 1 } { ?s ?p ?o }", 20),
        ("INSERT WHERE { ?s ?p ?o }", 8),
        ("CLEAR <urn:g>", 7),
        ("LOAD <urn:x> INTO <urn:g>", 19),
        ("COPY <urn:x> <urn:g>", 14),
        ("PREFIX x: <urn:> PREFIX GRAPHx: <urn:> COPY DEFAULT TO GRAPHx:a", 56),
        ("PREFIX : <urn:> PREFIX graph: <urn:> MOVE graph:a TO DEFAULT", 43),
        ("CREATE GRAPH x:y", 14),
        ("CREATE GRAPH ?g", 14),
        ("PREFIX x:y <urn:x>", 8),
        ("INSERT { ?s ?p 1 } WHERE { FILTER(?a<b#'>) }", 37),
        ("SELECT * { ?s ?p ?o }", 1),
        ("INSERT DATA { ?s <urn:p> 1 }", 15),
        ("DELETE DATA { GRAPH ?g {} }", 21),
        ("INSERT {} WHERE { ?s ?p }", 26),
        ("CLEAR ALL ; INSERT {} WHERE { ?s ?p }", 38),
        ("PREFIX x: <urn:> CLEAR ALL ; DELETE { _:b x:p 1 } WHERE {}", 54),
    ],
)
def test_what_is_no_update_is_refused_with_its_place(text: str, column: int) -> None:
    with pytest.raises(Problem) as raised:
        checked(text)

    assert raised.value.kind == "syntax"
    assert raised.value.where == {"line": 1, "column": column}


def test_service_and_load_have_their_places() -> None:
    found = analyse("LOAD SILENT <urn:a>;\nINSERT {} WHERE {\n SERVICE <urn:b> {} };\nLOAD <urn:c>")

    assert found.service is not None
    assert found.place(found.service) == {"line": 3, "column": 2}
    assert found.load is not None
    assert found.place(found.load) == {"line": 4, "column": 1}


def test_word_in_data_is_no_service() -> None:
    text = "INSERT DATA { <urn:s> <urn:p> 'SERVICE <urn:x> {}' } ; CLEAR DEFAULT"

    assert analyse(text).service is None


@pytest.mark.parametrize(
    ("text", "runnable"),
    [
        ("LOAD SILENT <urn:x>", ""),
        ("PREFIX p: <urn:> LOAD SILENT p:x ; LOAD SILENT p:y ;", ""),
        ("PREFIX p: <urn:> LOAD SILENT p:x ; CREATE GRAPH p:g ; LOAD SILENT p:z INTO GRAPH p:h",
         "PREFIX p: <urn:> CREATE GRAPH p:g"),
        ("CREATE GRAPH <urn:g> ;", "CREATE GRAPH <urn:g> ;"),
    ],
)  # fmt: skip
def test_silent_load_is_left_out(text: str, runnable: str) -> None:
    assert analyse(text).runnable == runnable


def test_declarations_between_operations_are_written_out() -> None:
    text = """PREFIX x: <urn:> INSERT DATA { x:s x:p '''x:p <y>''' } ;
        BASE <http://b/> PREFIX x: <x#>  # x:none
        INSERT { ?s x:q <o> } WHERE { ?s ?p ?o FILTER(?s!=x:q) } ; PREFIX z: <urn:z>"""
    store = ox.Store()

    store.update(checked(text).runnable)

    assert {str(quad) for quad in store} == {
        "<urn:s> <urn:p> \"x:p <y>\"", "<urn:s> <http://b/x#q> <http://b/o>",
    }  # fmt: skip


def test_comparison_that_looks_like_an_iri_is_not_written_out() -> None:
    text = "CLEAR ALL ; BASE <http://b/> INSERT {} WHERE { FILTER(?a<?b&&?c>?d) }"

    with pytest.raises(Problem, match="two ways"):
        analyse(text)


@pytest.mark.parametrize(
    "text",
    ["WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
     "CLEAR ALL ; INSERT {} USING <urn:g> WHERE { ?s ?p ?o }",
     "INSERT {} USING NAMED <urn:g> WHERE { ?s ?p ?o }"],
)  # fmt: skip
def test_graphs_are_named_by_the_request_or_by_the_update(text: str) -> None:
    with pytest.raises(Problem) as raised:
        analyse(text, using_named=["urn:x"])

    assert raised.value.kind == "bad-request"
    assert raised.value.where


@pytest.mark.parametrize("using", [(), ("urn:g",), ("urn:g", "urn:h"), ("urn:none",)])
@pytest.mark.parametrize("named", [(), ("urn:h",), ("urn:g", "urn:h")])
@pytest.mark.parametrize(
    "where",
    ["{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }", "{ GRAPH <urn:g> { ?s ?p ?o } }",
     "{ ?s ?p ?x OPTIONAL { GRAPH ?g { ?s ?p ?o } } }",
     "# WHERE {\n{ ?s ?p ?o MINUS { ?s ?p 1 } }"],
)  # fmt: skip
def test_where_sees_the_graphs_that_the_request_names(
    where: str, using: tuple[str, ...], named: tuple[str, ...]
) -> None:
    """As a query does whose dataset is the same."""
    store = three_graphs()
    wanted: set[object] = set(
        store.query(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {where}",
            default_graph=[ox.NamedNode(iri) for iri in using] if using or named else None,
            named_graphs=[ox.NamedNode(iri) for iri in named] if using or named else None,
        )
    )
    text = (
        f"CLEAR SILENT GRAPH <urn:new> ; INSERT {{ GRAPH <urn:new> {{ ?s ?p ?o }} }} WHERE {where}"
    )

    store.update(analyse(text, using=using, using_named=named).runnable)

    assert {quad.triple for quad in new_ones(store)} == wanted


def test_delete_where_matches_in_the_graphs_that_the_request_names() -> None:
    store = three_graphs()

    store.update(analyse("DELETE WHERE { ?s ?p ?o } ;", using=["urn:h"]).runnable)

    assert {str(quad) for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())} == {
        '<urn:a> <urn:p> "0"'
    }


def three_graphs() -> ox.Store:
    store = ox.Store()
    store.update(
        """PREFIX : <urn:> INSERT DATA { :a :p "0" , "1" , "2"
        GRAPH :g { :a :p "1" . :b :p "1" , 1 } GRAPH :h { :a :p "1" , "2" }
        GRAPH :i { :a :p "3" } }"""
    )
    return store


def new_ones(store: ox.Store) -> list[ox.Quad]:
    return list(store.quads_for_pattern(None, None, None, ox.NamedNode("urn:new")))


@pytest.mark.parametrize("iri", ["", "relative", "urn:x> <urn:y", "urn:a b"])
def test_graph_of_the_request_must_be_an_iri(iri: str) -> None:
    with pytest.raises(Problem, match="IRI"):
        analyse("CLEAR ALL", using=[iri])


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("INSERT {} WHERE {" + "?s ?p ?o ." * 101 + "}", "query_patterns"),
        ("DELETE WHERE {" + "?s ?p ?o ." * 101 + "}", "query_patterns"),
        ("INSERT {} WHERE { ?s ?p (" + "1 " * 101 + ") }", "query_patterns"),
        ("INSERT {} WHERE { FILTER(1" + "+1" * 2001 + ") }", "query_operators"),
        ("INSERT {} WHERE {" + "{" * 64 + "}" * 65, "query_nesting"),
        ("INSERT DATA {<urn:s> <urn:p> " + "(" * 64 + ")" * 64 + "}", "query_nesting"),
        ("INSERT DATA {" + "<<" * 64 + "<urn:s> <urn:p> 1" + ">>" * 64 + "}", "query_nesting"),
        ("INSERT {} WHERE {}" + " " * 65_536, "query_length"),
    ],
)
def test_limits_are_those_of_queries(text: str, limit: str) -> None:
    with pytest.raises(Problem) as raised:
        analyse(text)

    assert raised.value.where == {"limit": limit}
    assert f"UNIPACT_{limit.upper()}" in raised.value.hint


def test_data_may_be_longer_than_a_query() -> None:
    text = "INSERT DATA {" + "<urn:s> <urn:p> 'x' ." * 5000 + "} ; DELETE WHERE { <urn:s> ?p ?o }"

    assert len(text) > Limits().query_length
    assert len(analyse(text).operations) == 2


def test_syntax_check_runs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "x.nt"
    file.write_text("<urn:s> <urn:p> <urn:o> .")

    check_syntax(analyse(f"LOAD <{file.as_uri()}> ; INSERT {{}} WHERE {{ SERVICE <urn:x> {{}} }}"))


@pytest.mark.shared
def test_update_of_the_w3c_is_taken_when_it_is_right(shared: Path) -> None:
    files = sorted((shared / "w3c").rglob("*.ru"))
    wrong = {file.name for file in files if "bad" in file.name} | WRONG_DESPITE_THEIR_NAME

    refused = {file.name for file in files if not is_taken(file.read_bytes().decode())}

    assert refused == wrong
    assert len(files) == UPDATES


def is_taken(text: str) -> bool:
    try:
        found = checked(text)
    except Problem:
        return False
    if found.load is None:
        run(found.runnable)
    return True


def run(text: str) -> None:
    """Let the engine take it; graphs may be missing."""
    try:
        ox.Store().update(text, base_iri=BASE)
    except RuntimeError as error:
        assert "graph" in str(error)  # noqa: PT017
