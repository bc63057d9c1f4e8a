"""Going back to an earlier release over HTTP, and forward again."""

from __future__ import annotations

import pytest

from kg.releases import Releases
from tests.server.writing.curator import OWN, Curator, curator, problem, writable


@pytest.fixture
def boris(releases: Releases):
    with writable(releases.root) as app:
        yield curator(app)


def activate(who: Curator, release: str):
    return who.request("POST", f"/releases/{release}/activate")


def test_earlier_release_is_served_at_once_and_the_later_one_again(boris):
    first = boris.release()
    second = boris.insert("ex:a ex:b 1").json["release"]

    back = activate(boris, first)
    held = boris.holds(OWN)
    forward = activate(boris, second)

    assert (back.status_code, back.json["release"], back.json["parent"]) == (200, first, second)
    assert held == set()
    assert forward.json["release"] == boris.release() == second
    assert len(boris.holds(OWN)) == 1


def test_write_after_going_back_follows_from_what_is_current(boris):
    first = boris.release()
    boris.insert("ex:a ex:b 1")
    activate(boris, first)

    reply = boris.insert("ex:a ex:b 2")

    assert reply.json["parent"] == first
    assert len(boris.holds(OWN)) == 1


def test_going_back_holds_to_what_is_expected(boris):
    first = boris.release()
    second = boris.insert("ex:a ex:b 1").json["release"]

    refused = activate(boris.sends(If_Match=f'"{first}"'), first)
    done = activate(boris.sends(If_Match=f'"{second}"'), first)

    assert problem(refused) == "412 precondition"
    assert done.json["release"] == boris.release() == first


@pytest.mark.parametrize("name", ["0" * 16, "x", "..", "changes"])
def test_release_that_there_is_not_cannot_be_gone_back_to(boris, name):
    before = boris.release()

    assert activate(boris, name).status_code == 404
    assert boris.release() == before


def test_release_that_is_damaged_is_not_gone_back_to(boris, releases):
    first = boris.release()
    second = boris.insert("ex:a ex:b 1").json["release"]
    (releases.root / first / "dump" / "unipact.nt").write_bytes(b"")

    reply = activate(boris, first)

    assert problem(reply) == "409 unwritable"
    assert str(releases.root) not in reply.text
    assert boris.release() == second
