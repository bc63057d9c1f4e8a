"""How well the shipped model does on a registry's organisations that it has not seen."""

import csv

import pytest

from benchmarks.link import answered
from kg.matching.index import Index
from kg.matching.matcher import Decision, Matcher
from kg.matching.model import shipped_model
from kg.matching.records import Mention
from kg.matching.ror import read_ror
from kg.matching.training import NIL, cross_validated, rates, read_examples

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def records(shared):
    return list(read_ror(shared / "linking" / "ror_slice.jsonl.gz"))


@pytest.fixture(scope="module")
def index(records):
    return Index.build(records)


@pytest.fixture(scope="module")
def answers(shared, index):
    model = shipped_model()
    examples = read_examples(shared / "linking" / "mentions_dev.tsv", index)
    return answered(cross_validated(examples, index, accept=model.accept, review=model.review))


def test_proposals_reach_their_target_on_unseen_organisations(answers):
    assert len(answers) > 2000
    assert rates([(one.example.meant, one.proposed) for one in answers])[2] >= 0.94


def test_what_is_accepted_is_precise_and_much(answers):
    pairs = [(one.example.meant, one.proposed if one.is_accepted else "") for one in answers]
    precision, recall, _ = rates(pairs)

    assert precision >= 0.99
    assert recall >= 0.75


def test_mentions_without_a_record_are_mostly_left_alone(answers):
    nothing = [not one.proposed for one in answers if one.example.meant == NIL]

    assert sum(nothing) / len(nothing) >= 0.9


def rows(shared, *statuses):
    with (shared / "linking" / "gold_links.tsv").open(encoding="utf-8", newline="") as file:
        return [
            row for row in csv.DictReader(file, delimiter="\t") if row["link_status"] in statuses
        ]


def outcomes(row, matcher):
    names = [row["label"], *(name.strip() for name in row["aliases"].split("|") if name.strip())]
    for country in {row["country"], ""}:
        for name in names:
            yield name, matcher.match(Mention(name, country=country, kind=row["type"]))


def test_nothing_false_is_accepted_for_the_articles_own_names(shared, index):
    matcher = Matcher(index)

    false = [
        (name, outcome.best.label)
        for row in rows(shared, "exact", "probable", "NIL", "NIL-in-51k")
        for name, outcome in outcomes(row, matcher)
        if outcome.decision is Decision.ACCEPT and outcome.best.id != row["ror"]
    ]

    assert false == []


def test_every_known_organisation_of_the_articles_is_proposed(shared, index):
    matcher = Matcher(index)
    present = {index.record(position).id for position in range(len(index))}

    missed = [
        row["label"]
        for row in rows(shared, "exact")
        if row["ror"] in present
        and all(
            outcome.best is None or outcome.best.id != row["ror"]
            for _, outcome in outcomes(row, matcher)
        )
    ]

    assert missed == []


@pytest.mark.parametrize("name", ["Polytechnic University", "SPPU", "STU", "Polytechnic", "SU"])
@pytest.mark.parametrize("country", ["", "RU", "CN", "IN"])
def test_what_is_no_identifier_is_never_accepted(index, name, country):
    assert Matcher(index).match(Mention(name, country=country)).decision is not Decision.ACCEPT
