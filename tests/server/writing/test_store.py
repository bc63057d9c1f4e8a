"""The Graph Store Protocol's writing half: every status, and what is there afterwards."""

from __future__ import annotations

import io

import pytest

from tests.server.writing.curator import AUTHORITY, BASE, TURTLE, problem

ONE, TWO = "<urn:a> <urn:b> 1 .", "<urn:a> <urn:b> 2 ."
INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"
LINE_ONE, LINE_TWO = (f'<urn:a> <urn:b> "{n}"{INTEGER} .' for n in (1, 2))
FORMATS = {
    "text/turtle": ONE,
    "application/n-triples": LINE_ONE,
    "application/ld+json": '{"@id": "urn:a", "urn:b": 1}',
    "application/rdf+xml": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:">'
        '<rdf:Description rdf:about="urn:a"><b rdf:datatype='
        '"http://www.w3.org/2001/XMLSchema#integer">1</b></rdf:Description></rdf:RDF>'
    ),
}


@pytest.mark.parametrize("type", FORMATS)
def test_put_makes_a_graph_and_then_replaces_it(anna, own, type):
    made = anna.put(own, FORMATS[type], type)
    first = anna.holds(own)
    replaced = anna.put(own, TWO)

    assert (made.status_code, replaced.status_code) == (201, 204)
    assert made.headers["Location"] == own
    assert (first, anna.holds(own)) == ({LINE_ONE}, {LINE_TWO})
    assert replaced.headers["X-Release"] == anna.release()


def test_put_of_the_same_again_makes_no_release(anna, own):
    first = anna.put(own, ONE).headers["X-Release"]

    again = anna.put(own, ONE)

    assert (again.status_code, again.headers["X-Release"]) == (204, first)


def test_post_adds_to_a_graph(anna, own):
    statuses = [anna.post(own, body).status_code for body in (ONE, TWO)]

    assert statuses == [201, 204]
    assert anna.holds(own) == {LINE_ONE, LINE_TWO}


def test_delete_removes_a_graph_and_then_there_is_none(anna, own):
    anna.put(own, ONE)

    statuses = [anna.drop(own).status_code, anna.drop(own).status_code]

    assert statuses == [204, 404]
    assert anna.client.get("/store", query_string={"graph": own}).status_code == 404


def test_address_below_the_store_is_a_graph_itself(anna):
    path, graph = "/store/direct/one", f"{BASE}store/direct/one"

    made = anna.request("PUT", path, ONE, TURTLE)
    added = anna.request("POST", path, TWO, TURTLE)
    held = anna.holds(graph)
    read = anna.client.get(path, headers={"Accept": "application/n-triples"}).text
    dropped = anna.request("DELETE", path)

    assert [reply.status_code for reply in (made, added, dropped)] == [201, 204, 204]
    assert made.headers["Location"] == graph
    assert held == set(read.splitlines()) == {LINE_ONE, LINE_TWO}
    assert anna.client.get(path).status_code == 404


def test_post_to_the_store_itself_makes_a_graph_of_a_new_name(anna):
    replies = [anna.request("POST", "/store", ONE, TURTLE) for _ in range(2)]

    names = [reply.headers["Location"] for reply in replies]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert len(set(names)) == 2
    assert [anna.holds(name) for name in names] == [{LINE_ONE}] * 2


def test_form_with_several_files_adds_all_of_them(anna, own):
    files = [
        (io.BytesIO(ONE.encode()), "one.ttl", TURTLE),
        (io.BytesIO(FORMATS["application/rdf+xml"].replace(">1<", ">2<").encode()), "two.rdf",
         "application/rdf+xml"),
    ]  # fmt: skip

    reply = anna.request("POST", "/store", {"graph": files}, "multipart/form-data", graph=own)

    assert reply.status_code == 201
    assert anna.holds(own) == {LINE_ONE, LINE_TWO}


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({}, "400 bad-request"),
        ({"graph": [(io.BytesIO(b"x"), "x.csv", "text/csv")]}, "415 media-type"),
        (
            {"graph": [(io.BytesIO(b"<urn:a>"), "x.ttl", TURTLE)], "other": "text"},
            "400 bad-request",
        ),
    ],
)
def test_form_without_graphs_is_refused(anna, own, unchanged, files, status):
    reply = anna.request("POST", "/store", files, "multipart/form-data; boundary=x", graph=own)

    assert problem(reply) == status


@pytest.mark.parametrize(
    ("body", "type", "status"),
    [
        (ONE, "text/csv", "415 media-type"),
        (ONE, "application/sparql-update", "415 media-type"),
        (ONE, "text/turtle; charset=latin-1", "415 media-type"),
        (ONE, None, "415 media-type"),
        ("<urn:a> <urn:b> .", TURTLE, "400 bad-request"),
        ("{", "application/ld+json", "400 bad-request"),
        ("<rdf>", "application/rdf+xml", "400 bad-request"),
        (b"<urn:a> <urn:b> '\xff' .", TURTLE, "400 bad-request"),
        ("<urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> .", TURTLE, "400 bad-request"),
        ('<urn:a> <urn:b> "x"@en--ltr .', TURTLE, "400 bad-request"),
        ('{"@id": "urn:g", "@graph": [{"@id": "urn:a", "urn:b": 1}], "urn:p": 1}',
         "application/ld+json", "400 bad-request"),
        (f"<urn:a> <urn:b> '{'x' * (1 << 20)}' .", TURTLE, "413 too-large"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_body_that_is_no_graph_is_refused(anna, own, unchanged, method, body, type, status):
    reply = anna.request(method, "/store", body, type, graph=own)

    assert problem(reply) == status
    assert anna.holds(own) == set()


def test_type_that_is_refused_is_answered_with_those_there_are(anna, own):
    reply = anna.put(own, ONE, "text/csv")

    assert TURTLE in reply.headers["Accept-Post"]
    assert TURTLE in reply.json["hint"]


@pytest.mark.parametrize("query", ["graph=a&default", "graph=urn:a&graph=urn:b", "graph=", "x=1"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_address_that_names_no_graph_is_refused(anna, unchanged, method, query):
    reply = anna.request(method, f"/store?{query}", ONE, TURTLE)

    assert problem(reply) == "400 bad-request"


@pytest.mark.parametrize(
    "name", ["no iri", "urn:a b", "urn:a%", "1:a", "urn:<x>", "graph", "../up", "urn:\u0000"]
)
def test_name_that_is_no_absolute_iri_is_refused(anna, unchanged, name):
    assert problem(anna.put(name, ONE)) == "400 bad-request"


def test_write_without_a_name_of_put_or_delete_is_refused(anna, unchanged):
    replies = [anna.request(method, "/store", ONE, TURTLE) for method in ("PUT", "DELETE")]

    assert [problem(reply) for reply in replies] == ["400 bad-request"] * 2


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_default_graph_is_the_merge_and_cannot_be_written(anna, unchanged, method):
    reply = anna.request(method, "/store?default", ONE, TURTLE)

    assert problem(reply) == "409 unwritable"
    assert "merge" in reply.json["hint"]


@pytest.mark.parametrize("name", ["derived", "derived-attributed"])
def test_graph_that_rules_fill_cannot_be_written(anna, unchanged, name):
    reply = anna.post(f"{BASE}graph/{name}", ONE)

    assert problem(reply) == "409 unwritable"
    assert "rules" in reply.json["hint"]


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "CONNECT", "MERGE"])
def test_method_that_there_is_not_is_told_those_there_are(anna, unchanged, method):
    reply = anna.request(method, "/store?graph=urn:g", ONE, TURTLE)

    assert problem(reply) == "405 method"
    assert {"DELETE", "GET", "POST", "PUT"} <= set(reply.headers["Allow"].split(", "))


def test_body_of_unknown_length_is_refused(anna, own, unchanged):
    reply = anna.client.open(
        "/store",
        method="PUT",
        query_string={"graph": own},
        headers={"Authorization": f"Bearer {anna.token}"},
        content_type=TURTLE,
    )

    assert problem(reply) == "411 length"


def test_relative_names_are_resolved_against_the_graph(anna, own):
    anna.put(f"{own}/", "<x> <#y> <../z> .")

    assert anna.holds(f"{own}/") == {f"<{own}/x> <{own}/#y> <https://example.org/z> ."}


def test_blank_nodes_of_two_parts_are_not_the_same(anna, own):
    files = [(io.BytesIO(b"_:x <urn:b> 1 ."), f"{n}.ttl", TURTLE) for n in range(2)]

    anna.request("POST", "/store", {"graph": files}, "multipart/form-data", graph=own)

    assert len(anna.holds(own)) == 2


def test_blank_nodes_that_are_sent_back_by_their_names_stay_the_same(anna, own):
    anna.put(own, "_:x <urn:b> _:x .")
    held = anna.holds(own)

    again = anna.put(own, "\n".join(held))

    assert (again.status_code, anna.holds(own)) == (204, held)


def test_graph_is_written_only_where_there_is_none_yet(anna, own):
    careful = anna.sends(If_None_Match="*")

    replies = [careful.put(own, ONE), careful.put(own, TWO), careful.post(own, TWO)]

    assert [reply.status_code for reply in replies] == [201, 412, 412]
    assert anna.holds(own) == {LINE_ONE}


def test_graph_is_written_only_where_there_is_one(anna, own):
    careful = anna.sends(If_Match="*")
    refused = careful.put(own, ONE)
    anna.put(own, ONE)

    assert problem(refused) == "412 precondition"
    assert careful.put(own, TWO).status_code == 204


def test_write_is_refused_when_another_release_is_current(anna, own):
    seen = anna.release()
    anna.put(f"{own}-other", ONE)
    careful = anna.sends(If_Match=f'"{seen}"')

    replies = [careful.put(own, ONE), careful.insert("ex:a ex:b 1", own), careful.drop(AUTHORITY)]

    assert [problem(reply) for reply in replies] == ["412 precondition"] * 3
    assert anna.release() in replies[0].json["hint"]
    assert anna.sends(If_Match=f'"{anna.release()}"').put(own, ONE).status_code == 201


def test_condition_that_cannot_be_read_is_refused(anna, own, unchanged):
    assert problem(anna.sends(If_Match="x").put(own, ONE)) == "400 bad-request"
    assert problem(anna.sends(If_None_Match='"x"').put(own, ONE)) == "400 bad-request"
