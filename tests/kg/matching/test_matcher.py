"""What is accepted, what a person must look at, and what is left alone."""

import subprocess
import sys
from collections import Counter

import pytest

from kg.errors import DataError
from kg.matching.index import Index
from kg.matching.matcher import Decision, Matcher
from kg.matching.model import load_model
from kg.matching.records import Mention, Name, Record
from tests.kg.matching.records_made import RECORDS


@pytest.fixture(scope="module")
def matcher():
    return Matcher(Index.build(RECORDS))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Lodz University of Technology", "lodz"),
        ("Łódź Univ. of Technology", "lodz"),
        ("Politechnika Lodzka", "lodz"),
        ("Wenzhou Univrsity", "wenzhou"),
        ("wenzhou university's", "wenzhou"),
        ("WenzhouUniversity", "wenzhou"),
        ("温州大学", "wenzhou"),
        ("Wen Zhou Da Xue", "wenzhou"),
        ("Sankt-Peterburgskii universitet", "spb"),
        ("of Physics Institute Kunming", "inst-Kunming"),
    ],
)
def test_noisy_names_are_found(matcher, name, meant):
    assert matcher.match(Mention(name)).candidates[0].record.id == meant


@pytest.mark.parametrize(
    ("mention", "reason"),
    [
        (Mention("STU", country="CN"), "an acronym needs support"),
        (Mention("Ivan Ivanov"), "persons are not told apart by name"),
        (Mention("Graz"), "a place needs its country"),
        (Mention("Yantai Naval Academy", country="CN"), "the record was withdrawn"),
        (Mention("Wenzhou University", country="PL"), "the country differs"),
        (Mention("Orion Research Institute"), "another candidate is nearly as likely"),
    ],
)
def test_what_a_name_cannot_prove_is_not_accepted(matcher, mention, reason):
    outcome = matcher.match(mention)

    assert outcome.decision is not Decision.ACCEPT
    assert outcome.decision is Decision.NONE or reason in outcome.reasons


@pytest.mark.parametrize(
    "name", ["Polytechnic University", "University", "SPPU", "Polytechnic", "", "???", "x" * 10_000]
)
def test_what_tells_nothing_is_no_match(matcher, name):
    assert matcher.match(Mention(name, country="RU")).decision is Decision.NONE


def test_a_distinguishing_word_keeps_two_universities_apart(matcher):
    assert matcher.match(Mention("Harbin Medical University")).best.id == "harbin-med"
    assert matcher.match(Mention("Harbin University")).best.id == "harbin"
    assert matcher.match(Mention("Wenzhou Medical University")).decision is not Decision.ACCEPT


def test_the_country_chooses_between_records_of_one_name(matcher):
    outcome = matcher.match(Mention("Orion Research Institute", country="PL"))

    assert outcome.candidates[0].record.id == "twin-pl"


def test_another_countrys_branch_is_not_proposed(matcher):
    assert matcher.match(Mention("Huawei Technologies (China)")).decision is Decision.NONE


def test_a_town_is_not_a_university(matcher):
    assert matcher.match(Mention("Harbin", kind="city")).decision is Decision.NONE


def test_an_acronym_is_supported_by_a_name_beside_it(matcher):
    mention = Mention("STU", country="CN", context=("Shantou University",))

    assert "an acronym needs support" not in matcher.match(mention).reasons


def test_an_outcome_shows_five_candidates_by_falling_score(matcher):
    scores = [
        one.score for one in matcher.match(Mention("Foshan University of Technology")).candidates
    ]

    assert len(scores) <= 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)


def test_a_graphs_own_entities_are_matched_without_countries():
    names = {"p1": "Pavel Romanov", "e1": "Executive Council Meeting", "u1": "Wenzhou University"}
    records = [Record(key, (Name(name),)) for key, name in names.items()]
    matcher = Matcher(Index.build(records))

    found = matcher.match(Mention("executive council meeting")).candidates[0]

    assert found.record.id == "e1"
    assert found.score > matcher.match(Mention("executive pavel")).candidates[0].score


def test_a_name_with_half_a_character_is_indexed(tmp_path):
    index = Index.build([Record("x", (Name("Delta \ud800 Instit\ud800ute"),), kinds=("a\tb",))])

    assert Matcher(index).match(Mention("Delta Institute")).candidates[0].record.id == "x"


def test_an_empty_index_matches_nothing():
    assert Matcher(Index.build([])).match(Mention("Wenzhou University")).candidates == ()


def test_a_saved_index_answers_like_the_built_one(matcher, tmp_path):
    matcher.index.save(tmp_path / "names.index")
    opened = Matcher(Index.open(tmp_path / "names.index"))

    for record in RECORDS:
        mention = Mention(record.label, country=record.country)
        ours, theirs = matcher.match(mention), opened.match(mention)
        assert (ours.decision, ours.confidence) == (theirs.decision, theirs.confidence)
        assert [one.record for one in ours.candidates] == [one.record for one in theirs.candidates]


def test_an_index_saved_over_an_open_one_leaves_that_one_whole(matcher, tmp_path):
    path = tmp_path / "names.index"
    matcher.index.save(path)
    opened = Matcher(Index.open(path))

    Index.build([]).save(path)

    assert opened.match(Mention("Wenzhou University")).best.id == "wenzhou"


def test_two_processes_build_the_same_index(matcher, tmp_path):
    code = (
        "import sys; from pathlib import Path; from kg.matching.index import Index;"
        "from tests.kg.matching.records_made import RECORDS;"
        "Index.build(RECORDS).save(Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "other"], check=True)
    matcher.index.save(tmp_path / "one")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"PK\x03\x04",
        lambda data: data[:200],
        lambda data: data.replace(b'"owner"', b'"other"', 1),
        lambda data: data.replace(b'"I"', b'"d"', 1),
    ],
)
def test_a_damaged_index_is_an_error_that_names_the_file(matcher, tmp_path, damage):
    path = tmp_path / "names.index"
    matcher.index.save(path)
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(DataError, match=r"names\.index"):
        Index.open(path)


def test_a_model_that_lacks_a_weight_is_an_error(tmp_path):
    path = tmp_path / "model.toml"
    path.write_text("[thresholds]\naccept = 1.0\nreview = 0.5\n[likeness]\nbias = 0.0\n")

    with pytest.raises(DataError, match=r"model\.toml"):
        load_model(path)


def test_records_are_all_different():
    assert max(Counter(record.id for record in RECORDS).values()) == 1
