"""The W3C SPARQL test suites against servers started for them: `make conformance`.

First what only reads, against a server that takes no writes; then everything, with throw-away data
that the tests write over HTTP: protocol, Graph Store Protocol, update, queries, syntax.

UNIPACT_W3C names a folder with the suites (`sparql10/`, `sparql11/`, as in w3c/rdf-tests) and their
runner over HTTP, `sparql_http.py`; without it, the folder `w3c` in UNIPACT_SHARED is taken, where
the runner is also looked for when a folder has only suites. Entailment regimes are not claimed.
What the engine itself does not pass, or is refused always, stands in `known.txt`; any other
failure is printed and makes the exit code 1, and so do tests that were not run, and lines of
`known.txt` that do not hold.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
READING = 79  # tests that only read; a newer copy of the suites may have more
WRITING = 1050  # tests of a server that takes writes
DATA = Path(__file__).parent / "small.trig"
KNOWN = Path(__file__).parent / "known.txt"
SECONDS = 3000
SUITES = ["--suites", "sparql10,sparql11", "--skip", "entailment|sparql11/service#service[1-6]"]


def main() -> None:
    suites, runner = folders(os.environ)
    with TemporaryDirectory() as folder, served(Path(folder)) as address:
        tests = run(runner, suites, address, ["--readonly"], Path(folder) / "tests.json")
    reading = told("reading", tests, at_least=READING, known={})
    with TemporaryDirectory() as folder, served(Path(folder), "--writable") as address:
        gsp = ["--gsp-url", f"{address}store", "--update-url", f"{address}sparql"]
        options = [*SUITES, *gsp, "--auth-header", f"Authorization: Bearer {token(Path(folder))}"]
        tests = run(runner, suites, address, options, Path(folder) / "tests.json")
    writing = told("writing", tests, at_least=WRITING, known=known_failures())
    sys.exit(reading or writing)


def known_failures() -> dict[str, str]:
    """Return what the engine does not pass, with the reasons."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    parted = (line.partition(" ") for line in lines if not line.startswith("#"))
    return {name: reason.strip() for name, _, reason in parted}


def token(folder: Path) -> str:
    """Make a token that allows everything."""
    program = [sys.executable, "-m", "unipact", "token", "create", "suites", "--scope", "admin"]
    made = subprocess.run(
        [*program, "--releases", str(folder / "releases")],
        check=True, cwd=ROOT, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    return made.stdout.strip()


def folders(environ: Mapping[str, str]) -> tuple[Path, Path]:
    """Return the folder of the suites and the runner; ends with a word on what to set."""
    shared = Path(environ["UNIPACT_SHARED"]) / "w3c" if environ.get("UNIPACT_SHARED") else None
    suites = Path(environ["UNIPACT_W3C"]) if environ.get("UNIPACT_W3C") else shared
    if suites is None:
        sys.exit(
            "set UNIPACT_W3C to a folder with the suites sparql10/ and sparql11/ of w3c/rdf-tests "
            "and their runner sparql_http.py, or UNIPACT_SHARED to the folder that holds it as w3c/"
        )
    runners = [place / "sparql_http.py" for place in (suites, shared) if place]
    found = [runner for runner in runners if runner.is_file()]
    if not found or not (suites / "sparql11").is_dir():
        missing = "sparql11/" if found else "sparql_http.py"
        sys.exit(f"{suites} has no {missing}; UNIPACT_W3C names the folder with the suites")
    return suites, found[0]


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    """Serve a small loaded release, on its own default graph as the suites assume."""
    settings = {
        "UNIPACT_RELEASES": str(folder / "releases"),
        "UNIPACT_DEFAULT_GRAPH": "store",
        "UNIPACT_ACCESS_LOG": "off",
        "UNIPACT_HOST": "127.0.0.1",
        "UNIPACT_PORT": "0",
    }
    unipact = [sys.executable, "-m", "unipact"]
    environment = {**os.environ, **settings}
    subprocess.run(
        [*unipact, "load", str(DATA)],
        check=True,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    with subprocess.Popen(
        [*unipact, "serve", *options],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    ) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+", server.stdout.readline())
            if found is None:
                sys.exit("the server did not start")
            yield found[0]
        finally:
            server.terminate()


def run(
    runner: Path, suites: Path, address: str, options: list[str], report: Path
) -> dict[str, Any]:
    """Return the outcome of each test by its name."""
    program = [sys.executable, "-B", str(runner), "--query-url", f"{address}sparql"]
    arguments = ["--suite", str(suites), *options, "--json", str(report)]
    subprocess.run([*program, *arguments], check=False, timeout=SECONDS, stdout=subprocess.DEVNULL)
    if not report.is_file():
        sys.exit("the runner of the suites failed")
    tests: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["tests"]
    return tests


def told(what: str, tests: Mapping[str, Any], *, at_least: int, known: Mapping[str, str]) -> int:
    """Print what failed and the counts; return the exit code."""
    failed = {name: test for name, test in tests.items() if test["outcome"] != "pass"}
    surprising = {name: test for name, test in failed.items() if name not in known}
    mended = sorted(name for name in known if tests.get(name, {}).get("outcome") == "pass")
    for name, test in sorted(surprising.items()):
        print(f"{test['outcome']}: {name}: {test['why']}")
    for name in mended:
        print(f"passes, although {KNOWN.name} says that it does not: {name}")
    if len(tests) < at_least:
        print(f"only {len(tests)} tests were run, of at least {at_least}")
    of_engine = len(failed) - len(surprising)
    print(
        f"{what}: {len(tests) - len(failed)} passed, {len(surprising)} failed, "
        f"{of_engine} more are known"
    )
    return 1 if surprising or mended or len(tests) < at_least else 0


if __name__ == "__main__":
    main()
