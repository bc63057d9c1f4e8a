"""Everything is killed at once, at random moments: what was acknowledged is there, whole."""

from __future__ import annotations

import random
import threading

import pytest

from kg.releases import Releases
from tests.server.fuzzing.conftest import TIMES
from tests.server.running.conftest import until
from tests.server.writing.crew import Crew
from tests.server.writing.loopback import IN_A_GROUP, Client, kill_all, running, token

ROUNDS = 20 * TIMES
AT_ONCE = 5  # rounds on one folder


@pytest.mark.parametrize("first", range(0, ROUNDS, AT_ONCE))
def test_acknowledged_writes_survive_the_death_of_everything(releases: Releases, first: int):
    crew = Crew.of(releases, token(releases), first)
    for number in range(first, first + AT_ONCE):
        chance = random.Random(number)
        with running(releases.root, IN_A_GROUP) as served, crew.working(served.address[1]):
            crew.writes(chance.randrange(6))
            threading.Event().wait(chance.random() * 0.5)  # the random moment
            kill_all(served)

        assert crew.faults() == [], f"round {number}"

    with running(releases.root) as served:
        client = Client(served.address[1], crew.token)
        until(lambda: is_tidied(releases, client), "an end of what the dead left")
        client.close()


def is_tidied(releases: Releases, client: Client) -> bool:
    """Write once more, and tell whether there is no more than what the living work at."""
    assert client.update("DROP SILENT GRAPH <urn:not:there>").status == 200
    prepared = [*releases.root.glob(".prepared-*")]
    return len(prepared) <= 1 and not [*releases.root.glob(".staging-*")]
