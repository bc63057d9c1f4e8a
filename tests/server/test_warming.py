"""Answers that are ready beforehand."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from kg.releases import Release
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits
from server.pages.examples import EXAMPLES
from server.site import Site
from server.sparql.request import QueryRequest
from server.warming import keep_warm, plans


def test_every_example_is_ready_as_pages_ask_for_it(app: Flask) -> None:
    site: Site = app.extensions["unipact"]
    warm = {plan.key for plan in plans(site)}

    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    asked = [
        site.plan(QueryRequest(example.query), accept=browser, pages=True) for example in EXAMPLES
    ]

    assert {plan.key for plan in asked} <= warm


def test_everything_that_is_ready_has_an_answer_to_keep(app: Flask) -> None:
    site: Site = app.extensions["unipact"]

    for plan in plans(site):
        assert plan.cacheable
        assert b"".join(site.service.answer(plan, client="").pieces())


def test_answers_are_ready_when_the_first_release_is_published(
    tmp_path: Path, republish: Callable[..., Release]
) -> None:
    app = create_app(tmp_path / "releases", Settings(), limits=Limits(query_workers=1))
    site: Site = app.extensions["unipact"]
    keep_warm(site)

    republish(tmp_path / "releases", tmp_path / "work")

    wanted, last = {plan.query for plan in plans(site)}, time.monotonic() + 60
    while len(site.service.cache) < len(wanted) and time.monotonic() < last:
        time.sleep(0.02)
    ready = len(site.service.cache)
    site.service.close()
    assert ready == len(wanted)
