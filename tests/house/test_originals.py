"""No file of the repository carries the sentences of the articles that the corpus restates."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = 9  # words
NAMES_ALONE = 15  # runs that long printed names make by themselves


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w']+", text.casefold())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


@pytest.mark.shared
def test_no_file_repeats_sentences_of_the_originals(shared: Path) -> None:
    originals = [file.read_text(encoding="utf-8") for file in (shared / "articles").glob("0*.txt")]
    printed = set().union(*map(runs, originals))
    listing = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]

    repeating = {
        str(file.relative_to(ROOT)): len(found)
        for file in files
        if len(found := runs(file.read_text(encoding="utf-8", errors="replace")) & printed)
        > NAMES_ALONE
    }

    assert len(originals) == 5
    assert repeating == {}
