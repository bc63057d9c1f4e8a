"""A corpus built once, and a copy of its releases for each test that writes."""

from __future__ import annotations

import pytest

from tests.kg.changes.written import copy
from tests.kg.corpora import Corpus


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    corpus = Corpus(tmp_path_factory.mktemp("to-write"))
    corpus.build()
    return corpus


@pytest.fixture
def releases(built, tmp_path):
    return copy(built.releases, tmp_path / "releases")
