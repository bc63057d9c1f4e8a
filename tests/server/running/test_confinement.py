"""What workers cannot do: in the table of the filter, in a process under it, in a server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from server.sparql import confine
from tests.server.running.conftest import Run, until

ALLOWED, REFUSED = 0x7FFF0000, 0x0005000D
# The kernel's numbers, of x86-64 and of aarch64; 0: there is no such call.
NUMBERS = {
    "socket": (41, 198),
    "connect": (42, 203),
    "socketpair": (53, 199),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "openat2": (437, 437),
    "creat": (85, 0),
    "truncate": (76, 45),
    "unlink": (87, 0),
    "unlinkat": (263, 35),
    "rename": (82, 0),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, 0),
    "linkat": (265, 37),
    "symlink": (88, 0),
    "symlinkat": (266, 36),
    "mkdir": (83, 0),
    "mkdirat": (258, 34),
    "rmdir": (84, 0),
    "mknod": (133, 0),
    "mknodat": (259, 33),
}
HARMLESS = {"read": (0, 63), "write": (1, 64), "mmap": (9, 222), "close": (3, 57)}
OPENAT = {"x86_64": 257, "aarch64": 56}
READING = (0, 0o2000000, 0o200000)  # O_RDONLY, O_CLOEXEC, O_DIRECTORY of x86-64
WRITING = (1, 2, 0o100, 0o1000, 0o1101, 0o2102)
MACHINES = ("x86_64", "aarch64")


def decision(machine: str, number: int, *arguments: int, architecture: int = 0) -> int:
    """Run a machine's filter on a call, as the kernel does."""
    data = {0: number, 4: architecture or confine.AUDIT[machine]}
    data |= {16 + 8 * n: value for n, value in enumerate(arguments)}
    program, at, held = confine._filter(machine), 0, 0
    while True:
        line = program[at]
        at += 1
        match line.code:
            case 0x20:
                held = data[line.value]
            case 0x15:
                at += line.jump_true if held == line.value else line.jump_false
            case 0x35:
                at += line.jump_true if held >= line.value else line.jump_false
            case 0x45:
                at += line.jump_true if held & line.value else line.jump_false
            case 0x06:
                return int(line.value)


@pytest.mark.parametrize(("rank", "machine"), list(enumerate(MACHINES)))
def test_listed_calls_have_the_kernels_numbers(rank: int, machine: str) -> None:
    numbers = {name: both[rank] for name, both in NUMBERS.items() if both[rank]}

    assert confine.REFUSED[machine] == numbers


@pytest.mark.parametrize(("rank", "machine"), list(enumerate(MACHINES)))
def test_filter_refuses_what_is_listed_and_lets_the_rest_pass(rank: int, machine: str) -> None:
    refused = {name: decision(machine, both[rank]) for name, both in NUMBERS.items() if both[rank]}
    allowed = {name: decision(machine, both[rank]) for name, both in HARMLESS.items()}

    assert set(refused.values()) == {REFUSED}
    assert set(allowed.values()) == {ALLOWED}


@pytest.mark.parametrize("machine", MACHINES)
def test_files_open_for_reading_alone(machine: str) -> None:
    def opened(flags: Sequence[int]) -> set[int]:
        return {decision(machine, OPENAT[machine], 0, 0, flag) for flag in flags}

    assert (opened(READING), opened(WRITING)) == ({ALLOWED}, {REFUSED})


def test_old_call_that_opens_files_is_looked_at_too() -> None:
    assert decision("x86_64", 2, 0, 0) == ALLOWED
    assert decision("x86_64", 2, 0, 0o101) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_other_tables_are_refused(machine: str) -> None:
    assert decision(machine, 0, architecture=0x40000003) == REFUSED  # i386
    assert decision(machine, 0x40000000 + 1) == REFUSED  # x32


PROBE = """
import json, os, socket, sys
from server.sparql.confine import forbid_network
assert forbid_network()
os.chdir(sys.argv[1])
def tried(call):
    try:
        call()
    except PermissionError:
        return "refused"
    return "done"
print(json.dumps({
    "read": tried(lambda: open("there").read()),
    "socket": tried(lambda: socket.socket()),
    "unix": tried(lambda: socket.socket(socket.AF_UNIX)),
    "pair": tried(lambda: socket.socketpair()),
    "write": tried(lambda: open("there", "w")),
    "append": tried(lambda: open("there", "a")),
    "update": tried(lambda: open("there", "r+")),
    "create": tried(lambda: open("new", "x")),
    "truncate": tried(lambda: os.truncate("there", 0)),
    "unlink": tried(lambda: os.unlink("there")),
    "rename": tried(lambda: os.rename("there", "new")),
    "link": tried(lambda: os.link("there", "new")),
    "symlink": tried(lambda: os.symlink("there", "new")),
    "mkdir": tried(lambda: os.mkdir("new")),
    "fifo": tried(lambda: os.mkfifo("new")),
    "exec": tried(lambda: os.execv("/bin/sh", ["sh", "-c", "echo ran"])),
    "spawn": tried(lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "echo ran"], {})),
}))
"""


def test_process_under_the_filter_reads_files_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept", encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)],
        capture_output=True, text=True, check=True, timeout=60,
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip

    found = json.loads(ran.stdout)
    assert found.pop("read") == "done"
    assert set(found.values()) == {"refused"}
    assert [file.name for file in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").read_text("utf-8") == "kept"


def test_workers_of_a_server_are_confined(serving: Run) -> None:
    with serving() as served:
        until(lambda: served.metric('unipact_query_pool{what="idle"}') == 2, "all workers")
        checks = served.health()[1]["checks"]
        states = [Path(f"/proc/{pid}/status").read_text("utf-8") for pid in served.workers()]
        limits = [Path(f"/proc/{pid}/limits").read_text("utf-8") for pid in served.workers()]

    assert checks["confinement"] == "ok"  # type: ignore[index]
    assert states
    assert all("\nSeccomp:\t2\n" in state and "\nNoNewPrivs:\t1\n" in state for state in states)
    assert all(" ".join(text.split()).count("core file size 0 0") == 1 for text in limits)


def test_kernel_without_seccomp_is_told_and_queries_are_answered(serving: Run) -> None:
    with serving("from tests.server.running import unfiltered as u; u.pretend()") as served:
        assert served.ask("ASK {}").status == 200
        status, told = served.health()

    assert (status, told["checks"]["confinement"]) == (200, "warning")  # type: ignore[index]
    assert "seccomp" in " ".join(told["warnings"])  # type: ignore[arg-type]
