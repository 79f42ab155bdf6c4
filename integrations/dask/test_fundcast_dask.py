"""The driver on a cluster of this machine: scheduler and workers on 127.0.0.1, killed, damaged, wrong ones among them.

`FUNDCAST` names the program; `test.sh` makes the environment and calls this.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

HERE = Path(__file__).resolve().parent
FUNDCAST = str(Path(os.environ["FUNDCAST"]).resolve())
SCENARIO = str(HERE.parents[1] / "scenarios" / "ewenki.toml")
N_UNITS = 8
REPLICATES_OF_UNIT = 128
SIZE = ["--seed=5", f"--replicates={N_UNITS * REPLICATES_OF_UNIT}"]
PATIENCE_SECONDS = 300
T = TypeVar("T")
"""What is waited for."""


def until(what: str, is_so: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
    """Waits for something, and says what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := is_so():
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited in vain: {what}")


def fundcast(*args: str) -> str:
    done = subprocess.run([FUNDCAST, *args, "--lang=en"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def name(unit: dict[str, int]) -> str:
    """The name of a unit's shard."""
    first, end = unit["first_replicate"], unit["first_replicate"] + unit["n_replicates"]
    return f"{unit['county_code']:06}-{first}-{end}.parquet"


def ended(process: psutil.Process) -> bool:
    """Whether a process has ended, be it that nobody took notice yet."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def hashes(run: Path) -> dict[str, str]:
    """The hash of each file of a run, as its record says; `verify` holds that the files are so."""
    fundcast("verify", str(run))
    files: dict[str, str] = json.loads((run / "run.json").read_text())["files"]
    assert len(files) > 20, files
    return files


def changed(content: bytes, at: int) -> bytes:
    """The same but for one bit."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


class Damaging:
    """Stands between the client and the scheduler and changes one bit of the first shard that passes."""

    def __init__(self, to: str) -> None:
        self.to = to.removeprefix("tcp://").split(":")
        self.n_damaged = 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # the door is closed
            while True:
                here = self.door.accept()[0]
                there = socket.create_connection((self.to[0], int(self.to[1])))
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError), source:
            while content := source.recv(1 << 16):
                at = content.find(b"PAR1")
                if not self.n_damaged and 0 <= at < len(content) - 1000:
                    self.n_damaged += 1
                    content = changed(content, at + 500)
                target.sendall(content)
            target.shutdown(socket.SHUT_WR)


class Cluster(unittest.TestCase):
    """A scheduler, two workers of one thread, a plan of some units, the run of one machine."""

    folder: Path
    whole: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(kept.cleanup)
        cls.folder = Path(kept.name)
        fundcast("run", SCENARIO, *SIZE, "--quiet", "--dpi=50", f"--out={cls.folder / 'whole'}")
        cls.whole = hashes(cls.folder / "whole")

    def setUp(self) -> None:
        self.own = self.folder / self._testMethodName
        self.own.mkdir()
        self.plan = self.own / "a.plan.json"
        fundcast("plan", SCENARIO, *SIZE, "--unit-seconds=1", f"--out={self.plan}")
        self.assertEqual(len(json.loads(self.plan.read_text())["units"]), N_UNITS)
        self.shards = self.own / "a.plan.shards"
        # Who the program is for the workers: it leaves a line for each block, and is then the real one.
        self.calls = self.own / "calls"
        self.program = self.own / "fundcast"
        self.program.write_text(f'#!/bin/sh\necho "$3" >> {self.calls}\nexec {FUNDCAST} "$@"\n')
        self.program.chmod(0o755)
        address = self.own / "scheduler.json"
        self.start("scheduler", "--host=127.0.0.1", "--port=0", "--no-dashboard", f"--scheduler-file={address}")
        self.scheduler = json.loads(until("a scheduler", lambda: address.read_text() if address.exists() else None))[
            "address"
        ]
        self.workers = [self.worker(), self.worker()]

    def start(self, *args: str) -> psutil.Process:
        log = (self.own / f"{args[0]}-{time.monotonic_ns()}.log").open("w")
        child = subprocess.Popen([sys.executable, "-m", "dask", *args], stdout=log, stderr=log)

        def end() -> None:
            child.kill()
            child.wait()
            log.close()

        self.addCleanup(end)
        return psutil.Process(child.pid)

    def worker(self) -> psutil.Process:
        own = f"--local-directory={self.own / f'worker-{time.monotonic_ns()}'}"
        return self.start("worker", self.scheduler, "--nthreads=1", "--no-nanny", "--no-dashboard", own)

    def command(self, *more: str, scheduler: str = "") -> list[str]:
        to = [
            "--scheduler",
            scheduler or self.scheduler,
            "--fundcast",
            FUNDCAST,
            "--worker-fundcast",
            str(self.program),
        ]
        return [sys.executable, str(HERE / "fundcast_dask.py"), str(self.plan), *to, *more]

    def client(self, *more: str, scheduler: str = "") -> subprocess.CompletedProcess[str]:
        command, env = self.command(*more, scheduler=scheduler), os.environ | {"LC_ALL": "en_US.UTF-8"}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)

    def there(self) -> dict[str, int]:
        """The shards that are there, each with the moment of its writing."""
        return {path.name: path.stat().st_mtime_ns for path in self.shards.glob("*.parquet")}

    def kept(self) -> list[str]:
        """The lines of the list of hashes."""
        return [line for path in self.shards.glob("*.sha256") for line in path.read_text().splitlines(keepends=True)]

    def n_calls(self) -> int:
        return len(self.calls.read_text().splitlines()) if self.calls.exists() else 0

    def merged(self) -> dict[str, str]:
        return hashes(self.own / "merged")

    def merge(self) -> list[str]:
        return ["--", "--quiet", "--dpi=50", f"--out={self.own / 'merged'}"]

    def block_of(self, worker: psutil.Process) -> psutil.Process | None:
        """The block that a worker is in the middle of."""
        for child in worker.children():
            with contextlib.suppress(psutil.Error):
                if child.cmdline()[1:2] == ["block"]:
                    return child
        return None

    def test_worker_and_client_killed(self) -> None:
        """A worker killed in mid-block, then the client killed and started again: the files of one machine."""
        client = subprocess.Popen(self.command(*self.merge()), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(client.kill)
        block = until("a block", lambda: self.block_of(self.workers[0]))
        # Held, so that it cannot come to its own end first.
        block.suspend()
        self.addCleanup(lambda: ended(block) or block.kill())
        self.workers[0].kill()
        until(
            "the end of the block with its worker",
            lambda: ended(block),
            seconds=20,
        )
        until("some shards", lambda: len(self.kept()) >= 3)
        client.kill()
        self.assertEqual(client.wait(), -signal.SIGKILL)
        before, n_calls = self.there(), self.n_calls()
        listed = [line.split()[1] for line in self.kept()]
        number_of = {name(unit["unit"]): str(unit["number"]) for unit in json.loads(self.plan.read_text())["units"]}
        self.assertLess(len(before), N_UNITS - 1, "the client was killed too late")
        self.assertFalse((self.own / "merged").exists())
        done = self.client(*self.merge())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.merged(), self.whole)
        self.assertEqual(len(self.there()), N_UNITS)
        self.assertEqual(before, {one: at for one, at in self.there().items() if one in before}, "written again")
        self.assertIn(f"here as they came and stay: {len(listed)}", done.stderr)
        again = set(self.calls.read_text().split()[n_calls:]) & {number_of[name] for name in listed}
        self.assertEqual(again, set(), "worked out again")

    def test_shards_damaged(self) -> None:
        """A bit changed on the way, a shard damaged here, one that came from elsewhere: fetched, mended, left."""
        between = Damaging(self.scheduler)
        self.addCleanup(between.door.close)
        done = self.client("--no-merge", scheduler=between.address)
        self.assertEqual((done.returncode, between.n_damaged), (0, 1), done.stderr)
        self.assertEqual(done.stderr.count("damaged on its way: fetched again"), 1, done.stderr)
        self.assertEqual(self.n_calls(), N_UNITS)
        names = sorted(self.there())
        damaged, foreign = self.shards / names[0], self.shards / names[1]
        content = damaged.read_bytes()
        damaged.write_bytes(changed(content, len(content) // 2))
        others = "".join(line for line in self.kept() if foreign.name not in line)
        next(self.shards.glob("*.sha256")).write_text(others)
        done = self.client(*self.merge())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"here as they came and stay: {N_UNITS - 2}", done.stderr)
        self.assertEqual(done.stderr.count("is there already"), 1, done.stderr)
        self.assertEqual(damaged.read_bytes(), content)
        self.assertEqual(self.merged(), self.whole)

    def test_bad_input_is_not_retried(self) -> None:
        """A plan of another version, a program that is not there: said once, with the worker, and the end."""
        self.plan.write_text(self.plan.read_text().replace('"program": "', '"program": "0.'))
        done = self.client("--no-merge")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("another version of the program"), 1, done.stderr)
        self.assertLessEqual(self.n_calls(), len(self.workers) * 2, "went on")
        done = self.client("--no-merge", "--worker-fundcast=no-such-program")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("no-such-program: No such file or directory", done.stderr)
        self.assertEqual(self.there(), {})

    def test_failed_blocks_are_retried(self) -> None:
        """A block that fails the first time is tried again; one that always fails is named, and the others are kept."""
        n = 2
        size = f"--replicates={n * REPLICATES_OF_UNIT}"
        fundcast("plan", SCENARIO, size, "--unit-seconds=1", f"--out={self.plan}", "--force")
        real = self.program.read_text()
        failing = f'[ "$(grep -c "^$3$" {self.calls})" -gt 1 ] || {{ echo "disk full" >&2; exit 1; }}\nexec'
        self.program.write_text(real.replace("exec", f'[ "$3" != 2 ] || {failing}', 1))
        done = self.client("--no-merge")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((done.stderr.count("disk full; again"), self.n_calls()), (1, n + 1), done.stderr)
        gone = next(path for path in self.shards.glob("*.parquet"))
        gone.unlink()
        self.program.write_text('#!/bin/sh\necho "disk full" >&2\nexit 1\n')
        done = self.client("--no-merge", "--retries=1")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual((done.stderr.count("disk full; again"), done.stderr.count("disk full; given up")), (1, 1))
        self.assertEqual(len(self.there()), n - 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
