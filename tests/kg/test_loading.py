"""A release from RDF of any syntax: deterministic, streamed, honest about validation."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import DataError, InputError, Invalid, OntologyError, ReleaseError
from kg.iris import Iris
from kg.releases import Releases
from kg.releases.loading import load_release, read_rdf

TURTLE = b"""@prefix e: <http://example.org/> .
e:a e:knows [ e:name "B"@EN ] , _:c ; e:age "01"^^<http://www.w3.org/2001/XMLSchema#integer> .
_:c e:name "C" .
"""
SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://example.org/> .
e:Shape a sh:NodeShape ; sh:targetSubjectsOf e:age ;
    sh:property [ sh:path e:name ; sh:minCount 1 ; sh:message "Give it a name." ] .
"""


@pytest.fixture
def turtle(tmp_path: Path) -> Path:
    file = tmp_path / "People & more.ttl"
    file.write_bytes(TURTLE)
    return file


def quads(file: Path) -> list[str]:
    found = read_rdf(file, Iris(), graph=Iris().graph("loaded/x"))
    return sorted(" ".join(quad) for quad in found)


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "rdf", "jsonld"])
@pytest.mark.parametrize("packed", [False, True])
def test_every_syntax_says_the_same(ending, packed, tmp_path):
    format_ = ox.RdfFormat.from_extension(ending)
    one = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p:q"), ox.Literal("ä", language="de"))
    named = ox.Quad(*one, ox.NamedNode(Iris().graph("loaded/x")))
    data = ox.serialize([named if format_.supports_datasets else one], format=format_)
    file = tmp_path / f"file.{ending}{'.gz' if packed else ''}"
    file.write_bytes(gzip.compress(data) if packed else data)

    assert quads(file) == ['<urn:a> <urn:p:q> "ä"@de <https://w3id.org/unipact/graph/loaded/x>']


def test_blank_nodes_become_the_same_iris_each_time(turtle):
    first = quads(turtle)

    assert first == quads(turtle)
    assert len(first) == 5
    assert "https://w3id.org/unipact/.well-known/genid/" in first[-1]


def test_two_files_share_no_blank_node(turtle, tmp_path):
    other = tmp_path / "other.ttl"
    other.write_bytes(TURTLE + b"# another\n")

    assert not {q for q in quads(turtle) if "genid" in q} & {
        q for q in quads(other) if "genid" in q
    }


def test_load_publishes_a_release_that_says_it_was_not_validated(turtle, tmp_path):
    release = load_release([turtle], tmp_path / "releases")

    assert not release.manifest.validated
    assert release.manifest.graphs == {"loaded/people-more": 5}
    assert '"01"^^' in release.dataset.read_text(encoding="utf-8")
    assert load_release([turtle], tmp_path / "releases").id == release.id


def test_load_validates_when_shapes_are_given(turtle, tmp_path):
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "all.ttl").write_text(SHAPE, encoding="utf-8")

    with pytest.raises(Invalid, match="Give it a name"):
        load_release([turtle], tmp_path / "releases", shapes=tmp_path / "shapes")

    turtle.write_bytes(TURTLE + b'e:a e:name "A" .\n')
    release = load_release([turtle], tmp_path / "releases", shapes=tmp_path / "shapes")
    assert release.manifest.validated


def test_load_derives_when_rules_are_given(turtle, tmp_path):
    (tmp_path / "rules").mkdir()
    rule = "# Derives: known.\nCONSTRUCT { ?b <urn:by:a> ?a } WHERE { ?a e:knows ?b }"
    rule = rule.replace("e:knows", "<http://example.org/knows>")
    (tmp_path / "rules" / "01.rq").write_text(rule, encoding="utf-8")

    release = load_release([turtle], tmp_path / "releases", rules=tmp_path / "rules")

    assert release.manifest.graphs["derived"] == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ttl", b"<urn:a> <urn:b:c>", "not RDF"),
        ("a.ttl", b"<urn:a> <urn:b:c> <urn:x y> .", "not RDF"),
        ("a.ttl", b"\xff\xfe", "not RDF"),
        ("a.ttl.gz", b"no gzip", "cannot be read"),
        (
            "a.nt.gz",
            gzip.compress(b"<urn:a> <urn:b:c> <urn:d> .\n" * 9, mtime=0)[:-9],
            "cannot be read",
        ),
        ("a.docx", b"", "does not tell the syntax"),
        ("a.ttl", b"<urn:a> <urn:b:c> <<( <urn:d> <urn:e> <urn:f> )>> .", "not a term"),
    ],
)
def test_rubbish_is_told_with_its_file_and_publishes_nothing(name, content, message, tmp_path):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(DataError, match=message) as caught:
        load_release([tmp_path / name], tmp_path / "releases")

    assert caught.value.where.file.endswith(name)
    assert not [p for p in (tmp_path / "releases").iterdir() if p.name != ".lock"]


def test_loading_over_a_release_whose_iris_would_vanish_is_refused(turtle, tmp_path):
    turtle.write_bytes(b"<https://w3id.org/unipact/id/a> <urn:p:q> 1 .")
    load_release([turtle], tmp_path / "releases")
    turtle.write_bytes(TURTLE)

    with pytest.raises(ReleaseError, match="1 published IRIs would vanish"):
        load_release([turtle], tmp_path / "releases")


def test_a_missing_folder_of_shapes_is_told(turtle, tmp_path):
    with pytest.raises(OntologyError, match="no shapes"):
        load_release([turtle], tmp_path / "releases", shapes=tmp_path / "nowhere")


TRIG = """PREFIX : <urn:x:>
:a :p 1 . :b :p 2 .
GRAPH :g { :a :p 1 . :c :p 3 }
"""


def test_default_graph_stays_what_it_was_when_asked_for(tmp_path):
    file = tmp_path / "data.trig"
    file.write_text(TRIG, encoding="utf-8")

    release = load_release([file], tmp_path / "releases", default_graph="store")

    store = ox.Store.read_only(str(release.store_path))
    assert {quad.subject.value for quad in store.quads_for_pattern(None, None, None)} == {
        "urn:x:a", "urn:x:b", "urn:x:c"}  # fmt: skip
    own = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert sorted(quad.subject.value for quad in own) == ["urn:x:a", "urn:x:b"]
    assert [graph.value for graph in store.named_graphs()] == ["urn:x:g"]
    assert release.manifest.default_graph == "store"
    assert "<https://w3id.org/unipact/graph/default>" in release.dataset.read_text("utf-8")


def test_release_with_its_own_default_graph_is_another_and_whole(tmp_path):
    file = tmp_path / "data.trig"
    file.write_text(TRIG, encoding="utf-8")

    merged = load_release([file], tmp_path / "releases")
    own = load_release([file], tmp_path / "releases", default_graph="store")
    again = load_release([own.dataset], tmp_path / "releases", default_graph="store")

    assert merged.id != own.id
    assert again.id == own.id
    assert Releases(tmp_path / "releases").verify(own.id).manifest.stored == 4


def test_rules_need_the_merge(turtle, tmp_path):
    with pytest.raises(InputError, match="merge"):
        load_release([turtle], tmp_path / "r", rules=tmp_path, default_graph="store")
