"""What the server counts, and how it shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain

from server.metrics import KILLS, METRICS, MOST_ROUTES, OUTCOMES, Metrics, routes

OPEN = "application/openmetrics-text;version=1.0.0"


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"unipact_{name}", labels)


def test_request_is_counted_by_route_method_and_status() -> None:
    metrics = Metrics()

    metrics.request("/sparql", 200, 0.01)
    metrics.request("/sparql", 404, 0.01, method="POST")

    assert value(metrics, "requests_total", route="/sparql", method="GET", status="200") == 1
    assert value(metrics, "requests_total", route="/sparql", method="POST", status="404") == 1
    assert value(metrics, "request_seconds_count", route="/sparql") == 2


def test_query_cache_and_kills_are_counted() -> None:
    metrics = Metrics()

    metrics.query("timeout", 30.0)
    metrics.cache(True)
    metrics.kill("deadline")

    assert value(metrics, "queries_total", outcome="timeout") == 1
    assert value(metrics, "query_seconds_sum", outcome="timeout") == 30
    assert value(metrics, "cache_lookups_total", result="hit") == 1
    assert value(metrics, "cache_lookups_total", result="miss") == 0
    assert value(metrics, "worker_ends_total", reason="deadline") == 1


def test_labels_stay_few_whatever_is_asked() -> None:
    metrics = Metrics()

    for number in range(5 * MOST_ROUTES):
        metrics.request(f"/{number}", number - 50, -1.0, method=f"M{number}")
        metrics.query(f"rubbish {number}", 0)
        metrics.kill(f"rubbish {number}")

    shown = metrics.exposed("")[0].decode()
    assert len({line.split("route=")[1].split(",")[0] for line in shown.splitlines()
                if line.startswith("unipact_requests_total")}) == MOST_ROUTES + 1  # fmt: skip
    assert value(metrics, "queries_total", outcome="other") == 5 * MOST_ROUTES
    assert value(metrics, "worker_ends_total", reason="other") == 5 * MOST_ROUTES
    assert "rubbish" not in shown


@pytest.mark.parametrize("names", [OUTCOMES, KILLS])
def test_outcomes_and_reasons_are_listed_once(names: tuple[str, ...]) -> None:
    assert len(set(names)) == len(names)


def test_watched_number_is_asked_for_at_each_scrape() -> None:
    metrics, found = Metrics(), [1.0]
    metrics.watch("access_log_dropped", lambda: found[-1])
    first = value(metrics, "access_log_dropped")

    found.append(2.0)

    assert (first, value(metrics, "access_log_dropped")) == (1, 2)


def test_number_that_cannot_be_told_spoils_no_scrape() -> None:
    metrics = Metrics()
    metrics.watch("releases_free_bytes", lambda: 1 / 0)
    metrics.watch_label("release", lambda: {}["id"])

    shown = metrics.exposed("")[0].decode()

    assert "unipact_releases_free_bytes NaN" in shown
    assert "unipact_release{" not in shown


def test_release_in_force_is_a_label() -> None:
    metrics, release = Metrics(), ["a"]
    metrics.watch_label("release", lambda: release[-1])
    before = value(metrics, "release", id="a")

    release.append("b")

    assert (before, value(metrics, "release", id="a"), value(metrics, "release", id="b")) == (
        1, None, 1,
    )  # fmt: skip


@pytest.mark.parametrize("accept", ["", "text/plain", "*/*", "\"';rubbish,,;q=x", "text/html"])
def test_metrics_are_text_that_parses(accept: str) -> None:
    app, metrics = Flask(__name__), Metrics()
    app.register_blueprint(routes(metrics))

    response = app.test_client().get("/metrics", headers={"Accept": accept})

    assert response.mimetype == "text/plain"
    assert "unipact_worker_ends" in {family.name for family in plain(response.text)}
    assert response.headers["Cache-Control"] == "no-store"


def test_metrics_are_open_metrics_for_who_asks() -> None:
    app, metrics = Flask(__name__), Metrics()
    metrics.watch_label("release", lambda: 'a"\n\\b')
    app.register_blueprint(routes(metrics))

    response = app.test_client().get("/metrics", headers={"Accept": OPEN})

    assert response.mimetype == "application/openmetrics-text"
    assert "unipact_queries" in {family.name for family in open_metrics(response.text)}


def test_every_metric_of_a_server_is_in_the_table_and_the_docs(app: Flask) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "deploying.md").read_text(encoding="utf-8")
    shown = app.test_client().get("/metrics", headers={"Accept": OPEN}).text
    named = {family.name for family in open_metrics(shown)}

    assert {f"unipact_{metric.name}" for metric in METRICS} == {
        name for name in named if name.startswith("unipact_")
    }
    assert all(f"| `{metric.shown}` |" in docs for metric in METRICS)


def test_alerts_in_the_docs_name_metrics_that_there_are() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "deploying.md").read_text(encoding="utf-8")
    known = {metric.shown for metric in METRICS}

    assert set(re.findall(r"\bunipact_[a-z_]+", docs)) == known
