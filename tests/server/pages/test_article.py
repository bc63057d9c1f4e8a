"""The page of an article: its text with the words of each fact, and the facts beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from kg.releases import Release
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits

SLUG = "2020-12-04-uasr-executive-board"
FACTS = 700
SAID = '<script>alert("\u202e")</script> & 🙂 '
UPDATE = """
PREFIX up: <https://w3id.org/unipact/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
BASE <https://w3id.org/unipact/>
INSERT DATA {
  GRAPH <graph/authority> { <id/evil> skos:prefLabel "<img src=x onerror=alert(1)>"@en }
  GRAPH <graph/article/2021-01-01-long> {
    <article/2021-01-01-long> a up:Article ; dcterms:title "</title><b>"@en ;
        dcterms:issued "2021-01-01" .
    $facts
  }
  GRAPH <graph/article/2021-01-01-long/evidence> { $passages }
}
"""


class Reader(HTMLParser):
    """What a browser sees of a page: ids, marks and their depth, the characters of the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.targets: set[str] = set()
        self.facts: list[str] = []
        self.marked: dict[str, str] = {}
        self.deepest = self._depth = 0
        self.prose = ""
        self._in_prose = self._in_ref = False
        self._passages: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.ids.update([told["id"]] if "id" in told else [])
        if told.get("href", "").startswith("#"):
            self.targets.add(unquote(told["href"][1:]))
        if tag == "mark":
            self._depth += 1
            self.deepest = max(self.deepest, self._depth)
            self._passages = told.get("data-passages", "").split()
            self.facts += told.get("data-facts", "").split()
        self._in_prose |= told.get("class") == "prose"
        self._in_ref = told.get("class") == "ref"

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._depth -= 1
            self._passages = []
        self._in_prose &= tag != "div"
        self._in_ref = False

    def handle_data(self, data: str) -> None:
        if not self._in_prose or self._in_ref:
            return
        self.prose += data
        for key in self._passages:
            self.marked[key] = self.marked.get(key, "") + data


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture
def seen(reader: FlaskClient) -> Reader:
    return Reader(reader.get(f"/article/{SLUG}").text)


@pytest.fixture
def long(tmp_path: Path, republish: Callable[..., Release]) -> Iterator[FlaskClient]:
    """A server with an article of many facts, whose text and names mean harm."""
    facts, passages = [], []
    for number in range(FACTS):
        start = number * len(SAID)
        facts.append(
            f"<id/2021-01-01-long/f{number}> a up:Statement ; up:speaker <id/evil> ; "
            f"up:reportedIn <article/2021-01-01-long> ."
        )
        passage = f"article/2021-01-01-long#p{number}"
        passages.append(
            f"<{passage}> a up:Passage ; oa:hasSource <article/2021-01-01-long> ; oa:hasSelector "
            f"<{passage}.position> . <{passage}.position> oa:start {start} ; oa:end {start + 20} . "
            f"<id/2021-01-01-long/f{number}> up:evidence <{passage}> ."
        )
    update = UPDATE.replace("$facts", "\n".join(facts)).replace("$passages", "\n".join(passages))
    release = republish(tmp_path / "releases", tmp_path / "work", update)
    (release.path / "texts").mkdir()
    (release.path / "texts" / "2021-01-01-long.txt").write_text(SAID * FACTS, encoding="utf-8")
    app = create_app(tmp_path / "releases", Settings(), limits=Limits(query_workers=1))
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    yield client
    app.extensions["unipact"].close()


def test_text_is_whole(reader: FlaskClient, seen: Reader, corpus: object) -> None:
    folder = corpus.extensions["unipact"].current().texts_dir  # type: ignore[attr-defined]
    text = (Path(folder) / f"{SLUG}.txt").read_text(encoding="utf-8")

    assert squeezed(seen.prose) == squeezed(text)


def test_each_passage_is_marked_with_its_own_words(reader: FlaskClient, seen: Reader) -> None:
    answer = reader.get(f"/article/{SLUG}.nt").text
    exact = dict(
        re.findall(rf'<[^>]*{SLUG}#([^>]*)\.quote> <[^>]*oa#exact> "((?:[^"\\]|\\.)*)"', answer)
    )

    assert len(seen.marked) > 40
    for key, words in seen.marked.items():
        assert squeezed(words) == squeezed(exact[key].replace('\\"', '"'))


def test_marks_do_not_nest_and_ids_are_unique(seen: Reader) -> None:
    assert seen.deepest == 1
    assert [id for id, times in seen.ids.items() if times > 1] == []


def test_anchors_lead_from_words_to_facts_and_back(seen: Reader) -> None:
    facts = {id for id in seen.ids if id.startswith("fact-")}

    assert len(facts) == 61
    assert seen.targets <= set(seen.ids)
    assert {f"fact-{key}" for key in seen.facts} == facts
    assert any(target.startswith("passage-") for target in seen.targets)


def test_passage_can_be_named_by_its_own_iri(seen: Reader) -> None:
    assert "asia-cooperation" in seen.ids


def test_fact_shows_status_speaker_and_date(reader: FlaskClient) -> None:
    text = reader.get(f"/article/{SLUG}").text

    planned = text.partition('id="fact-proposal-distance"')[2].partition("</li>")[0]
    assert 'class="status prospective"' in planned
    said = re.search(r'<p class="whose">Said by .*?</p>', text, re.S)
    assert said is not None
    assert "Arseniev" in said[0]
    assert "between 23 Nov 2020 and 29 Nov 2020" in text


def test_page_tells_what_the_text_restates(reader: FlaskClient) -> None:
    text = reader.get(f"/article/{SLUG}").text

    assert "Polytechnic University made proposals for cooperation" in text
    assert len(re.findall(r"\b[0-9a-f]{64}\b", text)) == 2


def test_page_leads_to_the_articles_before_and_after(reader: FlaskClient) -> None:
    text = reader.get(f"/article/{SLUG}").text

    assert '<link rel="prev" href="/article/2020-06-17-changes-in-cooperation">' in text
    assert '<link rel="next" href="/article/2021-05-19-shanghai-office-news">' in text


def test_names_come_in_the_language_of_the_reader(reader: FlaskClient) -> None:
    text = reader.get(f"/article/{SLUG}?lang=ru").text

    assert "участие" in text


def test_article_that_means_harm_is_shown_as_text(long: FlaskClient) -> None:
    text = long.get("/article/2021-01-01-long").text

    assert squeezed(Reader(text).prose) == squeezed(SAID * FACTS)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "</title><b>" not in text


def test_many_facts_come_in_pages_with_the_whole_text_on_each(long: FlaskClient) -> None:
    pages = [Reader(long.get(f"/article/2021-01-01-long?page={page}").text) for page in (1, 2, 3)]

    facts = [id for seen in pages for id in seen.ids if id.startswith("fact-")]
    assert (len(facts), len(set(facts))) == (FACTS, FACTS)
    for seen in pages:
        assert len([id for id in seen.ids if id.startswith("passage-")]) == FACTS
        assert squeezed(seen.prose) == squeezed(SAID * FACTS)


def test_words_of_a_fact_on_another_page_lead_there(long: FlaskClient) -> None:
    text = long.get("/article/2021-01-01-long").text

    assert 'href="/article/2021-01-01-long?page=3#fact-f699"' in text


def test_facts_of_an_article_without_a_text_are_shown(client: FlaskClient) -> None:
    text = client.get("/article/2020-12-04-uasr", headers={"Accept": "text/html"}).text

    assert "does not hold the text" in text
    assert 'id="fact-observer"' in text


def test_page_of_facts_that_is_not_there_is_refused(reader: FlaskClient) -> None:
    assert reader.get(f"/article/{SLUG}?page=2").status_code == 404
