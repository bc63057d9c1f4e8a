"""A wheel from a clean clone brings the scripts, and not what they are made from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.install, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / "clone")], check=True)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), "./clone"],
        check=True,
        cwd=folder,
        env={**os.environ, "UNIPACT_FRONTEND": "require"},
    )
    (file,) = folder.glob("unipact-*.whl")
    return zipfile.Path(file)


def test_wheel_holds_every_file_of_the_manifest(wheel: zipfile.Path) -> None:
    built = wheel / "server" / "static" / "built"
    assets = json.loads((built / "manifest.json").read_text(encoding="utf-8"))["assets"]

    files = {
        one["file"]
        for asset in assets.values()
        for one in (asset, *asset["styles"], *asset["needs"])
    }

    assert len(files) > 15
    assert files <= {file.name for file in built.iterdir()}
    assert "MIT" in (built / assets["licences.txt"]["file"]).read_text(encoding="utf-8")


def test_wheel_leaves_the_sources_of_the_scripts_out(wheel: zipfile.Path) -> None:
    assert not (wheel / "server" / "frontend").exists()
