"""A server over the shipped corpus, and the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

import pytest

import unipact
from tests.browser.chromium import Visit, visiting
from tests.browser.serving import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Visiting = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="session")
def server(seeds_release: unipact.OpenRelease) -> Iterator[str]:
    """The address of a server over the shipped corpus."""
    with serve(seeds_release.path.parent) as address:
        yield address


@pytest.fixture(scope="session")
def visits(browser: Browser, server: str) -> Visiting:
    """Open a tab on the server; options are those of `visiting`."""
    return partial(visiting, browser, server)
