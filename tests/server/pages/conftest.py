"""The pages of the shipped corpus."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

import unipact
from kg.settings import Settings
from server.app import create_app
from server.limits import Limits


@pytest.fixture(scope="session")
def corpus(seeds_release: unipact.OpenRelease) -> Iterator[Flask]:
    """The shipped corpus, served."""
    app = create_app(seeds_release.path.parent, Settings(), limits=Limits(query_workers=1))
    yield app
    app.extensions["unipact"].close()


@pytest.fixture
def reader(corpus: Flask) -> FlaskClient:
    """A browser that asks for pages."""
    client = corpus.test_client()
    client.environ_base["HTTP_ACCEPT"] = "text/html,*/*;q=0.1"
    return client
