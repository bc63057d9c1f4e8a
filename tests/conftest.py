"""Which tests run: those that need something outside the checkout are collected only when it is named."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

NEEDS = {
    "shared": ("UNIPACT_SHARED", "the folder of the original articles and the public test suites"),
    "install": ("UNIPACT_INSTALL", "1 when packages may be installed into fresh environments"),
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


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    counts = config.stash.get(_left_out, Counter())
    for name, count in sorted(counts.items()):
        variable, what = NEEDS[name]
        print(f"{count} tests left out: set {variable} ({what})")
    if not counts:
        print("no test was left out")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the original articles and the public test suites."""
    return Path(os.environ["UNIPACT_SHARED"])
