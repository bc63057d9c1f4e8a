"""What becomes of a checked article: quads, each once, always in the same order."""

import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

from kg.articles.mapper import map_article
from kg.terms import line
from tests.kg.articles_made import TEXT, fact

CASES = Path(__file__).parent.parent / "cases" / "articles"
GOOD = sorted(CASES.glob("good-*/expected.nq"))
MEMBER = {"is": "Membership", "member": "northern", "organization": "ring", "begin": "2016"}
PROGRAM = """
import sys
from pathlib import Path
from kg.articles.annotations import check
from kg.articles import read, sources
from kg.articles.authority import Authority
from kg.data import ontology_dir
from kg.iris import Iris
from kg.articles.mapper import map_article
from kg.ontology import Ontology
from kg.terms import line

iris = Iris()
known = {"ontology": Ontology.load(ontology_dir()), "iris": iris}
known["authority"] = Authority.load(Path(sys.argv[1]), iris=iris)
for source in sources(Path(sys.argv[2])):
    try:
        checked = check(read(source), **known)
    except Exception as error:
        sys.stdout.buffer.write(f"{error}\\n".encode())
        continue
    for error in (*checked.errors, *checked.warnings):
        sys.stdout.buffer.write(f"{error}\\n".encode())
    if checked.article:
        for quad in map_article(checked.article, iris=iris):
            sys.stdout.buffer.write(line(quad).encode())
"""


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.parent.name)
def test_quads_are_read_by_an_engine_without_blank_nodes(path):
    quads = list(pyoxigraph.parse(path.read_bytes(), format=pyoxigraph.RdfFormat.N_QUADS))

    assert len(quads) == path.read_bytes().count(b"\n")
    assert not any(
        isinstance(term, pyoxigraph.BlankNode) for q in quads for term in (q.subject, q.object)
    )


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.parent.name)
def test_no_quad_is_written_twice(path):
    lines = path.read_text(encoding="utf-8").split("\n")

    assert len(lines) == len(set(lines))


def test_offsets_cut_the_exact_words_out_of_the_text(checker):
    quads = checker.quads(passages=fact(**MEMBER))
    of = {(quad.subject, quad.predicate.split("#")[-1]): quad.object for quad in quads}
    exact = {subject: value for (subject, name), value in of.items() if name == "exact>"}

    for subject, words in exact.items():
        position = subject.replace(".quote>", ".position>")
        start, end = (int(of[position, name].split('"')[1]) for name in ("start>", "end>"))
        assert words == f'"{TEXT[start:end]}"'
    assert len(exact) == 5


def test_facts_evidence_and_mentions_have_a_graph_each(checker, iris):
    graphs = [quad.graph for quad in checker.quads(passages=fact(**MEMBER))]

    assert sorted(set(graphs)) == sorted(
        f"<{iris.article_graph('made', part)}>" for part in ("", "evidence", "mentions")
    )
    assert "reportedIn" in "".join(map(str, checker.quads(passages=fact(**MEMBER))))


def test_date_of_which_only_the_print_is_known_has_no_bounds(checker):
    quads = checker.quads(passages=fact(**MEMBER | {"begin": {"printed": "in 2016"}}))

    about_date = {q.predicate.split("#")[-1] for q in quads if "made/f#begin" in q.subject}
    assert about_date == {"type>", "printed>", "precision>"}


def test_mapping_is_lazy(checker, iris):
    quads = map_article(checker.checked(passages=fact(**MEMBER)).article, iris=iris)

    assert line(next(quads)).endswith("/article/made> .\n")


def test_two_processes_say_the_same_whatever_seed_and_locale():
    def run(seed, locale):
        environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "0"}
        command = [sys.executable, "-c", PROGRAM, str(CASES.parent / "authority"), str(CASES)]
        root = Path(__file__).parents[2]
        return subprocess.run(
            command, env=environment, cwd=root, capture_output=True, check=True
        ).stdout

    one, other = run("1", "C"), run("2", "C.UTF-8")

    assert one == other
    assert len(one) > 100_000
