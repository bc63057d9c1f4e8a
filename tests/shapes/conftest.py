"""What the tests of the shapes share."""

from __future__ import annotations

import pytest

from .cases import Bench


@pytest.fixture(scope="session")
def bench() -> Bench:
    """The base article and the shipped shapes."""
    return Bench()
