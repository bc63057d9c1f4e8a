"""A corpus built once, and writable servers over copies of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from kg.releases import Releases
from tests.kg.changes.written import copy
from tests.kg.corpora import Corpus
from tests.server.writing.curator import Curator, curator, writable


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """The releases of a small corpus; not to be changed."""
    corpus = Corpus(tmp_path_factory.mktemp("written-over-http"))
    corpus.build()
    return corpus.releases


@pytest.fixture
def releases(built: Releases, tmp_path: Path) -> Releases:
    """A copy that the test may change."""
    return copy(built, tmp_path / "releases")


@pytest.fixture(scope="module")
def app(built: Releases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A writable app that the tests of a module share: each writes to graphs of its own."""
    folder = copy(built, tmp_path_factory.mktemp("writable") / "releases")
    with writable(folder.root) as app:
        yield app


@pytest.fixture
def anna(app: Flask) -> Curator:
    """Somebody who may write everything."""
    return curator(app)


@pytest.fixture
def own(request: pytest.FixtureRequest) -> str:
    """The name of a graph that no other test writes to."""
    return f"https://example.org/{re.sub('[^A-Za-z_]+', '-', request.node.name)}"


@pytest.fixture
def unchanged(anna: Curator) -> Iterator[Callable[[], str]]:
    """Hold a test to leave the release in force as it was."""
    before = anna.release()
    yield lambda: before
    assert anna.release() == before
