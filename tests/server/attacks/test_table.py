"""Each attack of the table gets a right answer, tells nothing, and leaves the server well."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from tests.server.attacks.conftest import Served, Spy
from tests.server.attacks.exchange import Reply, ask, in_process, over_socket
from tests.server.attacks.table import ATTACKS, STATUSES, Attack

ALONE = [attack for attack in ATTACKS if not attack.served_only]
LEAKS = re.compile(r"Traceback|/site-packages/|\.py\b|/releases/\.|/tmp/|pyoxigraph|werkzeug", re.I)


def outcome(reply: Reply) -> str:
    return reply.problem or (str(reply.status) if reply.status else "broken")


def judge(attack: Attack, reply: Reply) -> None:
    assert outcome(reply) in attack.wants, reply.body[:300]
    if reply.problem:
        assert reply.status == STATUSES.get(reply.problem, reply.status)
        assert json.loads(reply.body)["status"] == reply.status
    assert "x-injected" not in reply.headers
    shown = (json.dumps(reply.headers) + reply.body.decode("utf-8", "replace")).lower()
    assert [text for text in attack.shows_not if text.lower() in shown] == []
    if reply.status >= 400:
        assert LEAKS.findall(reply.body.decode("utf-8", "replace")) == []


def is_well(reply: Reply) -> bool:
    return reply.status == 200 and json.loads(reply.body)["boolean"] is True


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_server_withstands(attack: Attack, served: Served, spy: Spy) -> None:
    judge(attack, over_socket(served.address, attack.aimed(spy.port)))

    assert is_well(over_socket(served.address, ask("ASK {}")))
    assert not spy.was_asked()
    assert served.process.poll() is None


@pytest.mark.parametrize("attack", ALONE, ids=lambda attack: attack.name)
def test_app_alone_withstands(attack: Attack, attacked: Flask, spy: Spy) -> None:
    judge(attack, in_process(attacked.wsgi_app, attack.aimed(spy.port)))

    assert is_well(in_process(attacked.wsgi_app, ask("ASK {}")))
    assert not spy.was_asked()


def test_all_attacks_were_collected() -> None:
    names = [attack.name for attack in ATTACKS]

    assert len(set(names)) == len(names)
    assert len(names) == 370
    assert len(ALONE) == 263
