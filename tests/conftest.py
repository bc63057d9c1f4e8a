"""Which tests run, and the corpus that they share.

Tests that need something outside the checkout are collected only when a variable names it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    import unipact

NEEDS = {
    "shared": ("UNIPACT_SHARED", "the folder of the original articles and the public test suites"),
    "install": ("UNIPACT_INSTALL", "1 when packages may be installed into fresh environments"),
    "node": ("UNIPACT_NODE", "1 when Node.js is there and `make scripts` has run"),
    "browser": ("UNIPACT_CHROMIUM", "the program of Chromium, when `make scripts` has run"),
}
_left_out: pytest.StashKey[Counter[str]] = pytest.StashKey()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = {name for name, (variable, _) in NEEDS.items() if not os.environ.get(variable)}
    kept, left_out = [], []
    for item in items:
        lacks = sorted(mark.name for mark in item.iter_markers() if mark.name in missing)
        (left_out if lacks else kept).append((item, lacks))
    config.stash[_left_out] = Counter(lacks[0] for _, lacks in left_out)
    config.hook.pytest_deselected(items=[item for item, _ in left_out])
    items[:] = [item for item, _ in kept]


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(
        config, "workeroutput"
    ):  # a process of pytest-xdist tells its counts to the first one
        config.workeroutput["left out"] = dict(config.stash.get(_left_out, Counter()))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    node.config.stash[_left_out] = Counter(node.workeroutput.get("left out", {}))


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workeroutput"):
        return
    counts = config.stash.get(_left_out, Counter())
    told = [
        f"{count} left out, set {NEEDS[name][0]} ({NEEDS[name][1]})"
        for name, count in sorted(counts.items())
    ]
    print("; ".join(told) or "no test was left out")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of the whole run: a second one in the same process cannot be driven."""
    from tests.browser.chromium import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the original articles and the public test suites."""
    return Path(os.environ["UNIPACT_SHARED"])


@pytest.fixture(scope="session")
def seeds_release(tmp_path_factory: pytest.TempPathFactory) -> unipact.OpenRelease:
    """The shipped corpus, built once for the whole run."""
    import unipact

    releases = tmp_path_factory.mktemp("seeds") / "releases"
    unipact.build(releases=releases)
    return unipact.open_release(releases)


@pytest.fixture(scope="session")
def seeds_store(seeds_release: unipact.OpenRelease) -> ox.Store:
    """The store of the shipped corpus, opened for reading."""
    return ox.Store.read_only(str(seeds_release.path / "store"))


@pytest.fixture(scope="session")
def seeds_graph(seeds_release: unipact.OpenRelease) -> rdflib.Graph:
    """The merge of the shipped corpus in rdflib, read from the dump."""
    return rdflib.Graph().parse(seeds_release.path / "dump" / "unipact.nt", format="nt")


@pytest.fixture(scope="session")
def seeds_with_originals(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The shipped corpus built with the original articles at hand."""
    import unipact

    releases = tmp_path_factory.mktemp("originals") / "releases"
    release = unipact.build(releases=releases, originals=shared / "articles")
    return ox.Store.read_only(str(release.path / "store"))
