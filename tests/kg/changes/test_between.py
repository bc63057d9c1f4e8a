"""What two releases differ in, whether one was made from the other or not."""

from __future__ import annotations

from kg.changes import between, complete
from tests.kg.changes.written import AUTHORITY, GAMMA, delete, insert


def test_a_write_and_its_undoing_come_to_nothing(releases):
    first = releases.current()
    insert(releases, GAMMA, AUTHORITY)
    last = delete(releases, GAMMA, AUTHORITY).release

    assert not between(releases, first, last)


def test_a_difference_is_the_other_way_round_when_asked_so(releases):
    first = releases.current()
    outcome = insert(releases, GAMMA, AUTHORITY)

    assert between(releases, first, outcome.release) == outcome.delta
    assert between(releases, outcome.release, first) == outcome.delta.inverse


def test_releases_that_do_not_follow_each_other_are_compared_by_their_statements(releases):
    first = releases.current()
    one = insert(releases, "ex:s ex:p 1 .")
    releases.use(first.id)
    other = insert(releases, "ex:s ex:p 2 .")

    delta = between(releases, one.release, complete(releases))

    assert delta.added == other.delta.added
    assert delta.removed == one.delta.added
