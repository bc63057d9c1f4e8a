"""What a person decides is written, and wins."""

from __future__ import annotations

import pytest

from kg.errors import LinkError
from kg.linking.reviewing import Verdict, decide, questions
from kg.linking.sssom import Decision, start

SUBJECT = "https://w3id.org/unipact/id/a"
ONE, TWO = "https://ror.org/1", "https://ror.org/2"


@pytest.fixture
def mappings(tmp_path):
    empty = start(tmp_path / "ror.sssom.tsv", "ror", "https://ror.org/")
    return empty.with_rows(
        empty.row(
            {
                "subject_id": "unipact:a",
                "subject_label": "A",
                "predicate_id": "skos:closeMatch",
                "object_id": f"ror:{number}",
                "decision": "review",
                "confidence": f"0.{number}",
            }
        )
        for number in (1, 2)
    )


def decided(mappings, value, verdict):
    done = decide(mappings, SUBJECT, value, verdict, reviewer="Anna", date="2026-01-02")
    done.write()
    return {row.object.rpartition("/")[2]: row for row in type(done).read(done.file).rows}


def test_surest_candidate_is_asked_about_first(mappings):
    (question,) = questions(mappings)

    assert [row.object for row in question.candidates] == [TWO, ONE]


def test_exact_match_is_signed_and_the_others_are_rejected(mappings):
    rows = decided(mappings, ONE, Verdict.EXACT)

    assert rows["1"].decision is Decision.ACCEPTED
    assert rows["1"].predicate.endswith("exactMatch")
    assert (rows["1"].says("reviewer_label"), rows["1"].says("review_date")) == (
        "Anna",
        "2026-01-02",
    )
    assert rows["2"].decision is Decision.REJECTED


def test_close_match_is_accepted_as_that(mappings):
    rows = decided(mappings, ONE, Verdict.CLOSE)

    assert rows["1"].predicate.endswith("closeMatch")
    assert rows["1"].reviewed


def test_rejected_candidate_leaves_the_other_waiting(mappings):
    rows = decided(mappings, ONE, Verdict.REJECT)

    assert rows["1"].decision is Decision.REJECTED
    assert rows["2"].decision is Decision.REVIEW


def test_no_match_rejects_all_and_is_recorded(mappings):
    rows = decided(mappings, "", Verdict.NONE)

    assert {row.decision for row in rows.values()} == {Decision.REJECTED, Decision.NONE}
    assert rows["NoTermFound"].reviewed


@pytest.mark.parametrize(
    ("value", "reviewer"), [("https://ror.org/3", "Anna"), (ONE, ""), ("", "Anna")]
)
def test_decision_about_nothing_or_by_nobody_is_refused(mappings, value, reviewer):
    with pytest.raises(LinkError):
        decide(mappings, SUBJECT, value, Verdict.EXACT, reviewer=reviewer, date="2026-01-02")


def test_decided_candidate_is_not_asked_about_again(mappings):
    done = decide(mappings, SUBJECT, ONE, Verdict.EXACT, reviewer="Anna", date="2026-01-02")

    assert list(questions(done)) == []
