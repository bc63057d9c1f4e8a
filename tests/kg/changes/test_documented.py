"""What docs/changes.md shows works."""

from __future__ import annotations

import re
from pathlib import Path

from kg.changes import read_patch

PAGE = Path(__file__).parents[3] / "docs" / "changes.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_documented_code_runs():
    assert len(BLOCKS) == 2

    exec("".join(BLOCKS), {})


def test_the_documented_patch_can_be_read(tmp_path):

    (text,) = re.findall(r"```text\n(H by.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "shown.rdfp").write_text(text, encoding="utf-8")

    patch = read_patch(tmp_path / "shown.rdfp")

    assert (len(patch.delta.added), len(patch.delta.removed)) == (1, 1)
