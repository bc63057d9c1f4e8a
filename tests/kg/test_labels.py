"""The label index finds what people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import terms
from kg.iris import Iris
from kg.releases.dataset import Graphs, read_through, statements
from kg.releases.labels import LabelReader, fold, rows_digest, search, write_index
from kg.releases.sorting import sort_lines
from kg.terms import Quad

SKOS = "http://www.w3.org/2004/02/skos/core#"
GRAPH = terms.iri(Iris().graph("authority"))
LABELS = {
    "lodz": [("prefLabel", "Łódź University of Technology", "en")],
    "straße-school": [("prefLabel", "Straße", "de")],
    "tree": [("prefLabel", "Ёлка", "ru")],
    "sjtu": [("prefLabel", "上海交通大学", "zh"), ("altLabel", "Jiao Tong", "en")],
    "xian": [("prefLabel", "Xi'an", "en"), ("hiddenLabel", "tab\there\nand line", "")],
    "polytech": [("prefLabel", "Peter the Great Polytechnic University", "en")],
    "other": [("prefLabel", "Other University", "en")],
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labels")
    quads = []
    for key, labels in LABELS.items():
        node = terms.iri(Iris().entity(key))
        quads.append(
            Quad(node, "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "<urn:c>", GRAPH)
        )
        for name, label, language in labels:
            quads.append(Quad(node, terms.iri(SKOS + name), terms.text(label, language), GRAPH))
    for number in range(3):
        target = terms.iri(Iris().entity("polytech"))
        quads.append(Quad(terms.iri(f"urn:{number}"), "<urn:p>", target, GRAPH))
    lines = (terms.line(quad).encode() for quad in quads)
    sort_lines(lines, folder / "dataset.nq", work=folder)
    return build(folder)


def build(folder: Path) -> Path:
    with (
        (folder / "labels").open("w", encoding="utf-8") as labels,
        (folder / "references").open("w", encoding="utf-8") as references,
    ):
        reader = LabelReader(Graphs(Iris().base), labels, references)
        read_through(statements(folder / "dataset.nq"), [reader])
        reader.end()
    digest = write_index(
        folder / "labels", folder / "references", folder / "search.db", work=folder
    )
    assert rows_digest(folder / "search.db") == digest
    return folder / "search.db"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("lodz", "lodz"),
        ("LÓDZ uni", "lodz"),
        ("strasse", "straße-school"),
        ("елка", "tree"),
        ("交通", "sjtu"),
        ("jiao t", "sjtu"),
        ("xian", "xian"),
        ("xi’an", "xian"),
        ("line", "xian"),
    ],
)
def test_search_finds_an_entity_by_what_people_type(index, typed, key):
    assert [hit.iri for hit in search(index, typed)] == [Iris().entity(key)]


def test_search_puts_first_what_is_referred_to_most(index):
    hits = search(index, "univ")

    assert [hit.weight for hit in hits] == [3, 0, 0]
    assert hits[0].iri == Iris().entity("polytech")


def test_hit_tells_label_language_kind_and_class(index):
    (hit,) = search(index, "jiao tong")

    assert (hit.label, hit.language, hit.kind, hit.classes) == (
        "Jiao Tong",
        "en",
        "alt",
        ("urn:c",),
    )


@pytest.mark.parametrize(
    "rubbish", ["", "  ", '"', '" OR "', "*", "NEAR(a b)", "\0", "text:a", "'", "-"]
)
def test_search_survives_rubbish(index, rubbish):
    assert search(index, rubbish) in ([], search(index, rubbish))


def test_index_is_the_same_bytes_when_built_again(index, tmp_path):
    for name in ("dataset.nq",):
        (tmp_path / name).write_bytes((index.parent / name).read_bytes())

    assert build(tmp_path).read_bytes() == index.read_bytes()


def test_fold_is_stable_when_applied_twice():
    for label in ("ŁØÐÞÆ ıİ ŉ ﬁ ẞ", "Đà Nẵng", "한국", "１２"):
        assert fold(fold(label)) == fold(label)
