"""Every dump says the same, in its own syntax, also about nasty literals."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg import terms
from kg.iris import Iris
from kg.releases.dumps import KINDS, Dumps, write_dumps
from kg.releases.manifest import DATASET
from kg.releases.sorting import sort_lines
from kg.releases.stores import encode
from kg.terms import Quad

BASE = "https://w3id.org/unipact/"
ARTICLE = terms.iri(BASE + "graph/article/a")
NASTY = [
    "",
    'quoted "words" \\ and a \\n that is none',
    "line\nfeed, carriage\rreturn, both\r\n, tab\t",
    " blanks at the ends ",
    "<b>&amp;</b> ]]> -->",
    "'''\"\"\"",
    "Łódź Ёлка 上海交通大学 🎓 e\u0301 \u200f\u2028\x85\x7f",
    "@prefix x: <y> . # no comment",
]


def corpus() -> list[Quad]:
    subject, says = terms.iri(BASE + "id/x"), terms.iri("http://example.org/ns/says")
    objects = [terms.text(value) for value in NASTY]
    objects += [terms.text(value, "zh-Hans") for value in NASTY]
    objects += [terms.typed(value, "http://example.org/dt#a.") for value in NASTY]
    objects += [
        terms.typed("01", "integer"),
        terms.typed("2016", "gYear"),
        terms.typed("x", "date"),
    ]
    objects += [terms.iri("urn:x:y"), terms.iri("http://example.org/ü?a=1&b='2'#")]
    quads = [Quad(subject, says, value, ARTICLE) for value in objects]
    a = terms.iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    quads += [
        Quad(subject, a, terms.iri("https://w3id.org/unipact/ontology#University"), graph)
        for graph in (ARTICLE, terms.iri(BASE + "graph/authority"))
    ]
    passage = terms.iri(BASE + "article/a#p")
    evidence = terms.iri(BASE + "graph/article/a/evidence")
    quads += [Quad(passage, terms.iri("http://example.org/ns#1st.x"), objects[3], evidence)]
    return quads


def dump(quads: list[Quad], folder: Path) -> Dumps:
    lines = (terms.line(quad).encode() for quad in quads)
    sort_lines(lines, folder / "dataset.nq", work=folder)
    return write_dumps(folder / "dataset.nq", folder / "dump", iris=Iris(), work=folder)


def canonical(lines: set[str]) -> str:
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def expected(*, dataset: bool, plain: bool) -> str:
    quads = [quad for quad in corpus() if not (plain and quad.graph.endswith("evidence>"))]
    return canonical({terms.line(quad) if dataset else terms.triple_line(quad) for quad in quads})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps")
    assert not dump(corpus(), folder).omitted
    return folder / "dump"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_dump_is_read_back_by_oxigraph_as_it_was_written(kind, folder):
    lines = set()
    for quad in ox.parse(path=str(folder / kind.name)):
        parts = [encode(term) for term in (quad.subject, quad.predicate, quad.object)]
        if kind.holds == DATASET:
            parts.append(encode(quad.graph_name))
        lines.add(" ".join(parts) + " .\n")

    assert canonical(lines) == expected(dataset=kind.holds == DATASET, plain=kind.plain)


@pytest.mark.filterwarnings("ignore:(Dataset|Conj):DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_dump_is_read_back_by_rdflib_as_it_was_written(kind, folder, monkeypatch):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    graph = rdflib.Dataset()
    data = (folder / kind.name).read_bytes()
    names = {"nt": "nt", "nq": "nquads", "ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
    graph.parse(data=data, format=names.get(kind.name.rpartition(".")[2], "trig"))

    lines = set()
    for *triple, name in graph.quads():
        parts = [from_rdflib(term) for term in triple]
        if kind.holds == DATASET:
            parts.append(terms.iri(str(name)))
        lines.add(" ".join(parts) + " .\n")
    assert canonical(lines) == expected(dataset=kind.holds == DATASET, plain=kind.plain)


def from_rdflib(term: object) -> str:
    if not isinstance(term, rdflib.Literal):
        return terms.iri(str(term))
    if term.language or not term.datatype:
        return terms.text(str(term), term.language or "")
    return terms.typed(str(term), str(term.datatype))


def test_compressed_dumps_hold_the_same_bytes(folder):
    for kind in KINDS:
        packed = (folder / f"{kind.name}.gz").read_bytes()

        assert gzip.decompress(packed) == (folder / kind.name).read_bytes()


def test_dumps_say_what_they_hold(folder):
    assert "the merge of all named graphs" in (folder / "unipact.ttl").read_text("utf-8")[:100]
    assert "the merge of all named graphs" in (folder / "unipact.rdf").read_text("utf-8")[:150]
    assert "without evidence and mentions" in (folder / "unipact-plain.nq").read_text("utf-8")[:150]


def test_turtle_is_short_where_it_can_be(folder):
    assert "    a up:University ." in (folder / "unipact.ttl").read_text(encoding="utf-8")


def test_a_literal_that_xml_cannot_hold_leaves_out_that_format_and_says_so(tmp_path):
    subject = terms.iri("urn:a")
    bell = [Quad(subject, terms.iri("urn:p:q"), terms.text("ring \x07"), ARTICLE)]

    dumps = dump(bell, tmp_path)

    assert dumps.omitted == {"unipact.rdf": "a literal holds U+0007, which XML cannot hold"}
    assert not (tmp_path / "dump" / "unipact.rdf").exists()
    assert len(dumps.files) == 2 * (len(KINDS) - 1)


def test_an_iri_that_json_ld_would_misread_leaves_out_that_format(tmp_path):
    odd = [Quad(terms.iri("id:x"), terms.iri("urn:p:q"), terms.text("x"), ARTICLE)]

    assert list(dump(odd, tmp_path).omitted) == ["unipact.jsonld"]


def test_an_empty_dataset_makes_readable_dumps(tmp_path):
    dump([], tmp_path)

    for kind in KINDS:
        assert list(ox.parse(path=str(tmp_path / "dump" / kind.name))) == []
