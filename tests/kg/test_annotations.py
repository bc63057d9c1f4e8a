"""What annotations mean and what is refused, beside the cases in tests/cases/articles."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.articles import Source, read
from kg.articles.annotations import check
from kg.articles.authority import Authority
from kg.articles.mapper import map_article
from kg.iris import Iris
from tests.kg.articles_made import HEAD, TEXT, Checker, fact

CASES = Path(__file__).parent.parent / "cases" / "articles"
MEMBER = {"is": "Membership", "member": "northern", "organization": "ring"}


def test_json_lines_and_yaml_say_the_same(checker, iris, ontology, authority):
    folder = CASES / "good-entities-and-nested-facts"
    article = read(Source(folder))
    from_yaml = check(article, ontology=ontology, authority=authority, iris=iris).article
    tree = json.loads(json.dumps(article.tree)) | {"text": article.text}

    from_json = checker.checked(slug=article.slug, **tree).article

    assert list(map_article(from_json, iris=iris)) == list(map_article(from_yaml, iris=iris))


def test_errors_of_a_line_of_json_name_the_path(checker):
    errors = checker.errors(passages=fact(**MEMBER, role="chief"))

    assert "made.jsonl:1: passages.p.facts.f.role: fact" in errors


def test_numbers_and_booleans_of_json_are_read_as_written(checker):
    count = {"is": "Count", "about": "ring", "counted": "member-universities", "value": 150}

    assert '"150"^^<http://www.w3.org/2001/XMLSchema#integer>' in {
        quad.object for quad in checker.quads(passages=fact(**count, openList=True))
    }


def test_article_knows_where_everything_is_written_and_what_it_uses(checker, iris):
    article = checker.checked(passages=fact(**MEMBER)).article

    assert set(article.places) == {iris.reported("made", "f"), iris.passage("made", "p")}
    assert article.refers_to == {"northern", "ring", "office", "smirnova", "xian"}
    assert (article.title, article.language, str(article.published)) == (
        HEAD["title"],
        "en",
        "2016-05-10",
    )


def test_certainty_and_default_status_are_added_to_facts(checker):
    assert checker.values("certainty", passages=fact(**MEMBER)) == ["stated"]
    assert checker.values("status", passages=fact(**MEMBER)) == ["in-force"]


def test_written_certainty_and_status_are_kept(checker):
    written = fact(**MEMBER, certainty="possible", status="ended")

    assert checker.values("certainty", passages=written) == ["possible"]
    assert checker.values("status", passages=written) == ["ended"]


def test_each_adds_to_the_values_beside_it(checker):
    partners = {
        "is": "Partnership",
        "party": "northern",
        "each": {"party": ["xian-tech", "maritime"]},
        "level": "key",
    }

    assert checker.values("party", passages=fact(**partners)) == [
        "northern",
        "xian-tech",
        "northern",
        "maritime",
    ]


def test_speaker_is_added_once_where_it_is_written_too(checker):
    passages = {
        "speech": {
            "quote": "Olga Smirnova",
            "saidIn": "speech",
            "facts": {
                "speech": {"is": "Statement", "speaker": "smirnova", "form": "own"},
                "f": {**MEMBER, "accordingTo": "smirnova"},
            },
        }
    }

    assert checker.values("accordingTo", passages=passages) == ["smirnova"]
    assert checker.values("saidIn", passages=passages) == ["speech"]


def test_nested_facts_in_a_list_are_numbered(checker):
    inner = {"is": "Statement", "speaker": "office", "form": "own"}
    outer = {"is": "Statement", "speaker": "smirnova", "form": "own", "object": [inner, inner]}

    article = checker.checked(passages=fact(**outer)).article

    assert [node.key for node in article.reported] == ["f", "f-object-1", "f-object-2"]
    assert len({node.evidence for node in article.reported}) == 1


def test_quote_that_serves_twice_is_one_passage(checker):
    passages = fact(**MEMBER, evidence="in 2016", context="Olga Smirnova")
    passages["p"]["facts"]["g"] = {**MEMBER, "evidence": "in 2016"}

    article = checker.checked(passages=passages).article

    assert [passage.key for passage in article.passages] == ["p", "", ""]


def test_entity_of_another_base_is_minted_there(ontology, tmp_path):
    iris = Iris("https://kg.example.org/")
    authority = Authority.load(CASES.parent / "authority", iris=iris)
    quads = Checker(ontology, authority, iris, tmp_path).quads(passages=fact(**MEMBER))

    assert "w3id.org/unipact/" not in "".join(map(str, quads)).replace("unipact/ontology#", "")


def original(folder, text="Original words about 2016 and more."):
    data = text.encode()
    (folder / "original.txt").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    source = {"document": "original.txt", "sha256": digest, "title": "As printed"}
    return HEAD | {"source": source}


def test_original_words_are_added_where_originals_are_at_hand(checker, tmp_path):
    passages = fact(**MEMBER)
    passages["p"]["source"] = ["0-14", "21-25"]

    quads = checker.quads(article=original(tmp_path), passages=passages, originals=tmp_path)

    assert {'"Original words"', '"2016"'} <= {quad.object for quad in quads}


@pytest.mark.parametrize(
    ("source", "change", "message"),
    [
        ("0-36", {}, "ends after the original's 35"),
        ("0-5", {"document": "../original.txt"}, "not inside the folder"),
        ("0-5", {"document": "other.txt"}, "is missing"),
        ("0-5", {"sha256": "0" * 64}, "is not the one annotated"),
    ],
)
def test_bad_source_is_refused(checker, tmp_path, source, change, message):
    head = original(tmp_path)
    passages = fact(**MEMBER)
    passages["p"]["source"] = source

    head["source"] |= change
    errors = checker.errors(article=head, passages=passages, originals=tmp_path)

    assert message in errors


def test_printed_date_may_stand_in_the_original(checker, tmp_path):
    passages = fact(**MEMBER, begin={"edtf": "2016", "printed": "About 2016"})

    assert not checker.errors(article=original(tmp_path), passages=passages, originals=tmp_path)


def test_printed_date_in_neither_is_refused(checker, tmp_path):
    passages = fact(**MEMBER, begin={"edtf": "2016", "printed": "since 2016"})
    errors = checker.errors(article=original(tmp_path), passages=passages, originals=tmp_path)

    assert "is not in the text or the original" in errors


def test_article_of_ten_megabytes_is_checked(checker):
    text = "Filling words of many kinds. " * 350_000 + TEXT

    checked = checker.checked(text=text, passages=fact(**MEMBER))

    assert len(text) > 10_000_000
    assert checked.article.passages[0].span.start == text.index("Northern")


def test_thousand_broken_quotes_are_all_reported(checker):
    passages = {f"p{number}": {"quote": f"Southern School {number}"} for number in range(1000)}

    assert len(checker.checked(passages=passages).errors) == 1000


def test_long_chain_of_facts_is_no_circle(checker):
    facts = {f"f{number}": {**MEMBER, "after": f"f{number + 1}"} for number in range(3000)}
    facts["f3000"] = MEMBER

    assert not checker.errors(passages={"p": {"quote": "in 2016", "facts": facts}})


WORDS = st.sampled_from(
    ("article", "ring", "northern", "2016", "0-9", "all", "a/b", "…", "Membership", "Event", "in")
)
KEYS = st.sampled_from(
    "is each quote at nth source saidIn evidence context facts f entities member when label status "
    "of object edtf printed en".split()
)
RUBBISH = st.recursive(
    WORDS | st.text(max_size=4) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(RUBBISH, RUBBISH, RUBBISH, RUBBISH)
def test_rubbish_is_refused_or_read_but_never_breaks(checker, entities, mentions, one, other):
    facts = {"f": {**MEMBER, "object": one}, "g": other}
    passages = {"p": {"quote": "in 2016", "facts": facts}, "q": one}

    checked = checker.checked(entities=entities, mentions=mentions, passages=passages)

    assert bool(checked.errors) != bool(checked.article)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(KEYS, RUBBISH, max_size=4))
def test_rubbish_in_a_fact_is_refused_or_read_but_never_breaks(checker, properties):
    checked = checker.checked(passages=fact(**properties))

    assert bool(checked.errors) != bool(checked.article)
