"""How soon each page is there in a browser on this machine, and how much comes for it.

    python -m benchmarks.pages [--releases FOLDER] [--times 5] [NAME …]

UNIPACT_CHROMIUM names the browser; NAME is a page of `tests/browser/pages.py`. Each visit begins
with nothing kept. Told are medians: when the first byte came, when the largest part was painted
(largest contentful paint), and the bytes of all parts as they were sent.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

import unipact
from tests.browser.chromium import chromium, visiting
from tests.browser.pages import PAGES, Page
from tests.browser.serving import serve

_PAINTED = """
() => new Promise((tell) => {
  const first = performance.getEntriesByType('navigation')[0].responseStart;
  new PerformanceObserver((seen) => tell([first, seen.getEntries().at(-1).startTime]))
    .observe({ type: 'largest-contentful-paint', buffered: true });
})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--releases", type=Path)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pages")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        releases = asked.releases or Path(work)
        if not asked.releases:
            unipact.build(releases=releases)
        with serve(releases) as server, chromium() as browser:
            print(f"{'page':<16}{'first byte':>12}{'painted':>10}{'bytes':>10}")
            for page in PAGES:
                if not asked.names or page.name in asked.names:
                    measure(browser, server, page, asked.times)


def measure(browser: Any, server: str, page: Page, times: int) -> None:
    """Visit a page some times, and print the medians."""
    figures = [_visit(browser, server, page) for _ in range(times)]
    first, painted, size = (statistics.median(column) for column in zip(*figures, strict=True))
    print(f"{page.name:<16}{first:>9.0f} ms{painted:>7.0f} ms{size:>10,.0f}")


def _visit(browser: Any, server: str, page: Page) -> tuple[float, float, int]:
    with visiting(browser, server) as visit:
        tab = visit.open(page)
        first, painted = tab.evaluate(_PAINTED)
        tab.wait_for_load_state("networkidle")
        return first, painted, sum(visit.received().values())


if __name__ == "__main__":
    main()
