"""Pictures of each page: on a desk in light and dark, and on a phone.

    python -m tests.browser.screenshots [--folder screenshots] [--releases FOLDER] [NAME …]

Names are those of `tests/browser/pages.py`. Without releases the shipped
corpus is built.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import unipact
from tests.browser.chromium import DESKTOP, PHONE, chromium, visiting
from tests.browser.pages import PAGES, Page
from tests.browser.serving import serve

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "device_scale_factor": 2},
}
TALLEST = 4000  # pixels; Chromium draws no more than 8192, and a phone's are doubled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, default=Path("screenshots"))
    parser.add_argument("--releases", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pages")
    asked = parser.parse_args()
    pages = [page for page in PAGES if not asked.names or page.name in asked.names]
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        releases = asked.releases or Path(work)
        if not asked.releases:
            unipact.build(releases=releases)
        with serve(releases) as server, chromium() as browser:
            for page in pages:
                take(browser, server, page, asked.folder)


def take(browser: Any, server: str, page: Page, folder: Path) -> None:
    """Write the pictures of a page, and say what went wrong on it."""
    for look, options in LOOKS.items():
        try:
            with visiting(browser, server, **options) as visit:
                tab = visit.open(page)
                tab.wait_for_load_state("networkidle")
                size = visit.size()
                clip = {"x": 0, "y": 0, **size, "height": min(size["height"], TALLEST)}
                picture = folder / f"{page.name}-{look}.png"
                tab.screenshot(path=picture, full_page=True, clip=clip)
                wider = visit.overflow()
                print(page.name, look, f"{wider} px too wide" if wider else "")
        except Exception as error:  # the other pages have pictures to be taken, too
            print(page.name, look, "failed:", str(error).partition("\n")[0])


if __name__ == "__main__":
    main()
