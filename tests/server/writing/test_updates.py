"""SPARQL Update over HTTP: what is written is read back, what is refused changes nothing."""

from __future__ import annotations

import json

import pytest

from tests.server.writing.curator import AUTHORITY, BASE, PREFIXES, UPDATE, problem

FORM = "application/x-www-form-urlencoded"
DERIVED = f"{BASE}graph/derived"


def test_update_in_the_body_is_written_and_read_back(anna, own):
    before = anna.release()

    reply = anna.insert("ex:a ex:b 1 , 2 .", own)

    assert reply.status_code == 200
    assert reply.json["parent"] == before
    assert reply.json["release"] == reply.headers["X-Release"] == anna.release() != before
    assert reply.headers["ETag"] == f'"{reply.json["release"]}"'
    assert (reply.json["added"], reply.json["removed"]) == (2, 0)
    assert reply.json["created"] == [own]
    assert len(anna.holds(own)) == 2


def test_update_in_a_form_is_written_and_read_back(anna, own):
    text = f"INSERT DATA {{ GRAPH <{own}> {{ <urn:a> <urn:b> 'é &+%' }} }}"

    reply = anna.request("POST", "/sparql", {"update": text}, FORM)

    assert reply.status_code == 200
    assert anna.holds(own) == {'<urn:a> <urn:b> "é &+%" .'}


def test_update_that_changes_nothing_makes_no_release(anna, own, unchanged):
    reply = anna.update(f"DELETE WHERE {{ GRAPH <{own}> {{ ?s ?p ?o }} }}")

    assert reply.status_code == 200
    assert reply.json["release"] == reply.json["parent"] == unchanged()


def test_operations_of_an_update_happen_together_or_not_at_all(anna, own, unchanged):
    reply = anna.update(
        f"INSERT DATA {{ GRAPH <{own}> {{ ex:a ex:b 1 }} }} ; DROP GRAPH <urn:not:there>"
    )

    assert problem(reply) == "409 unwritable"
    assert anna.holds(own) == set()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("INSERT DATA { ex:a ex:b 1 }", "409 unwritable"),
        ("INSERT { ex:a ex:b ?o } WHERE { ?s ?p ?o }", "409 unwritable"),
        ("DELETE WHERE { ?s ?p ?o }", "409 unwritable"),
        ("CLEAR DEFAULT", "409 unwritable"),
        ("CLEAR ALL", "409 unwritable"),
        ("DROP ALL", "409 unwritable"),
        (f"COPY <{AUTHORITY}> TO DEFAULT", "409 unwritable"),
        (f"MOVE DEFAULT TO <{AUTHORITY}>", "409 unwritable"),
        (f"INSERT DATA {{ GRAPH <{DERIVED}> {{ ex:a ex:b 1 }} }}", "409 unwritable"),
        (f"CLEAR GRAPH <{DERIVED}>", "409 unwritable"),
        (
            f"INSERT {{ GRAPH <{DERIVED}-attributed> {{ ?s ex:b 1 }} }} WHERE {{ ?s a up:Person }}",
            "409 unwritable",
        ),
        ("DROP NAMED", "409 unwritable"),
        ("INSERT DATA { GRAPH ex:g { ex:a ex:b ?o } }", "400 syntax"),
        ("INSERT", "400 syntax"),
        ("SELECT * { ?s ?p ?o }", "400 syntax"),
        ("LOAD <http://127.0.0.1:1/>", "403 fetch"),
        ("LOAD <http://127.0.0.1:1/> INTO GRAPH ex:g", "403 fetch"),
        ("LOAD <http://127.0.0.1:1/> INTO GRAPH", "400 syntax"),
        (
            "INSERT { GRAPH ex:g { ?s ?p 1 } } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p 1 } }",
            "403 fetch",
        ),
        (
            "INSERT { GRAPH ex:g { ?s ?p ?o } } WHERE { SERVICE SILENT ex:s { ?s ?p ?o } }",
            "403 fetch",
        ),
        (
            "INSERT { GRAPH ex:g { ?s ?p ?o } } WHERE { SERVICE ex:s { ?s ?p } }",
            "400 syntax",
        ),
        ("CREATE GRAPH <" + AUTHORITY + ">", "409 unwritable"),
        ("DROP GRAPH <urn:not:there>", "409 unwritable"),
        ("INSERT DATA { GRAPH ex:g { << ex:a ex:b ex:c >> ex:d 1 } }", "400"),
    ],
)
def test_update_that_may_not_be_is_refused_and_changes_nothing(anna, unchanged, text, status):
    reply = anna.update(text)

    assert problem(reply).startswith(status), reply.text
    assert reply.json["detail"]


def test_write_to_the_default_graph_is_told_to_name_one(anna, unchanged):
    reply = anna.update("INSERT DATA { ex:a ex:b 1 }").json

    assert "GRAPH" in reply["hint"]
    assert "merge" in reply["detail"]


def test_syntax_error_is_told_with_its_place(anna, unchanged):
    reply = anna.update("\nINSERT DATA { GRAPH ex:g { ex:a ex:b } }")

    line = PREFIXES.count("\n") + 2
    assert problem(reply) == "400 syntax"
    assert reply.json["where"]["line"] == line


def test_load_silent_loads_nothing_and_succeeds(anna, unchanged):
    reply = anna.update("LOAD SILENT <http://127.0.0.1:1/> INTO GRAPH ex:loaded")

    assert reply.status_code == 200
    assert anna.holds("https://example.org/loaded") == set()


def test_where_sees_the_merge_of_all_graphs(anna, own):
    reply = anna.update(
        f"INSERT {{ GRAPH <{own}> {{ ?who ex:seen true }} }} WHERE {{ ?who a up:University }}"
    )

    assert reply.status_code == 200
    assert anna.ask(f"GRAPH <{own}> {{ id:alpha ex:seen true . id:beta ex:seen true }}")


def test_graphs_named_by_the_request_are_what_where_sees(anna, own):
    text = f"INSERT {{ GRAPH <{own}> {{ ?s ex:seen ?o }} }} WHERE {{ ?s skos:prefLabel ?o }}"
    anna.insert('ex:mine skos:prefLabel "mine"', f"{own}-source")

    reply = anna.update(text, **{"using-graph-uri": f"{own}-source"})

    assert reply.status_code == 200
    assert anna.holds(own) == {'<https://example.org/mine> <https://example.org/seen> "mine" .'}


def test_named_graphs_of_the_request_are_all_that_graph_sees(anna, own):
    text = (
        f"INSERT {{ GRAPH <{own}> {{ ?g ex:seen 1 }} }} "
        "WHERE { GRAPH ?g { ?s skos:prefLabel ?o } }"
    )

    reply = anna.update(text, **{"using-named-graph-uri": AUTHORITY})

    assert reply.status_code == 200
    assert {line.split()[0] for line in anna.holds(own)} == {f"<{AUTHORITY}>"}


@pytest.mark.parametrize(
    "parameters",
    [
        {"default-graph-uri": AUTHORITY},
        {"query": "ASK {}"},
        {"update": "CLEAR GRAPH <urn:g>"},
        {"using-graph-uri": "no iri"},
    ],
)
def test_update_whose_request_contradicts_it_is_refused(anna, unchanged, own, parameters):
    reply = anna.insert("ex:a ex:b 1", own, **parameters)

    assert problem(reply) == "400 bad-request"


def test_using_beside_the_graphs_of_the_request_is_refused(anna, unchanged, own):
    reply = anna.update(
        f"WITH <{own}> INSERT {{ ?s ?p 1 }} WHERE {{ ?s ?p ?o }}", **{"using-graph-uri": AUTHORITY}
    )

    assert problem(reply) == "400 bad-request"


@pytest.mark.parametrize(
    ("type", "status"),
    [
        ("text/plain", 415),
        (None, 415),
        ("application/sparql-update; charset=latin-1", 415),
        ("application/sparql-update; charset=utf-8", 200),
        ("APPLICATION/SPARQL-UPDATE", 200),
    ],
)
def test_type_of_the_body_decides(anna, own, type, status):
    text = f"INSERT DATA {{ GRAPH <{own}> {{ <urn:a> <urn:b> 1 }} }}"

    reply = anna.request("POST", "/sparql", text, type)

    assert reply.status_code == status


def test_body_that_is_no_utf_8_is_refused(anna, unchanged):
    reply = anna.request(
        "POST", "/sparql", b"INSERT DATA { GRAPH <urn:g> { <urn:a> <b:\xff> 1 } }", UPDATE
    )

    assert problem(reply) == "400 bad-request"


def test_body_beyond_the_limit_is_refused(anna, own, unchanged):
    reply = anna.insert(f'ex:a ex:b "{"x" * (1 << 20)}"', own)

    assert problem(reply) == "413 too-large"
    assert "UNIPACT_REQUEST_BYTES" in reply.json["hint"]


def test_relative_names_are_resolved_against_the_endpoint_of_the_data(anna):
    reply = anna.update("INSERT DATA { GRAPH <graph/relative> { <a> <b> <c> } }")

    assert reply.json["created"] == [f"{BASE}graph/relative"]
    assert anna.holds(f"{BASE}graph/relative") == {f"<{BASE}a> <{BASE}b> <{BASE}c> ."}


def test_blank_nodes_get_names_that_no_other_write_gives(anna, own):
    anna.insert("[] ex:part [ ex:n 1 ]", own)
    first = anna.holds(own)

    anna.insert("[] ex:part [ ex:n 1 ]", own)

    assert len(first) == 2
    assert len(anna.holds(own)) == 4
    assert all(line.startswith(f"<{BASE}.well-known/genid/") for line in anna.holds(own))


def test_written_statement_is_derived_from(anna, own):
    anna.insert('ex:gamma a up:University ; skos:prefLabel "Gamma College"@en', own)
    assert anna.ask("ex:gamma a up:Organization")

    reply = anna.update(f"DELETE WHERE {{ GRAPH <{own}> {{ ex:gamma ?p ?o }} }}")

    assert reply.status_code == 200
    assert not anna.ask("ex:gamma ?p ?o")


def test_empty_update_succeeds(anna, unchanged):
    assert anna.request("POST", "/sparql", "", UPDATE).status_code == 200


def test_same_write_after_a_rollback_is_a_release_of_its_own(anna, own):
    first = anna.insert("ex:a ex:b 1", own).json
    anna.update(f"DROP GRAPH <{own}>")

    second = anna.insert("ex:a ex:b 1", own).json

    assert first["release"] != second["release"]


def test_update_does_not_say_where_the_files_are(anna, app):
    root = str(app.extensions["unipact"].releases.root)

    replies = [
        anna.update(text)
        for text in ("CLEAR DEFAULT", "DROP GRAPH <urn:not:there>", "INSERT", "COPY <x:a> TO <x:b>")
    ]

    assert root not in json.dumps([reply.json for reply in replies])
