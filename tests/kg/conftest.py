"""What the tests of kg share: the real ontology, a tiny authority, and an option for the cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.articles.authority import Authority
from kg.data import ontology_dir
from kg.iris import Iris
from kg.ontology import Ontology
from tests.kg.articles_made import Checker

CASES = Path(__file__).parent.parent / "cases"


def pytest_addoption(parser):
    parser.addoption(
        "--update-cases", action="store_true", help="rewrite what the cases expect, to be reviewed"
    )


@pytest.fixture
def update_cases(request):
    return request.config.getoption("--update-cases", default=False)


@pytest.fixture(scope="session")
def iris():
    return Iris()


@pytest.fixture(scope="session")
def ontology():
    return Ontology.load(ontology_dir())


@pytest.fixture(scope="session")
def authority(iris):
    """Ten made-up entities: northern, xian-tech, maritime, ring, office, smirnova, xian …"""
    return Authority.load(CASES / "authority", iris=iris)


@pytest.fixture
def checker(ontology, authority, iris, tmp_path):
    return Checker(ontology, authority, iris, tmp_path)
