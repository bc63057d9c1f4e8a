"""What axe-core finds on a page (WCAG 2.1 A and AA, and its best practices)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

_SCRIPT = Path(__file__).resolve().parents[2] / "server/frontend/node_modules/axe-core/axe.min.js"
_RUN = """
async (left_out) => {
  const found = await axe.run({ exclude: left_out });
  const places = (one) => one.nodes.map((node) => node.target).join(" ");
  return found.violations.map((one) => `${one.id}: ${places(one)}`);
}
"""


def faults(tab: Tab, *, left_out: tuple[str, ...] = ()) -> list[str]:
    """Return the rules that a page breaks, each with where; parts may be left out by selector."""
    tab.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = tab.evaluate(_RUN, list(left_out))
    return found
