#!/usr/bin/env python3
"""Work the units of a plan of `fundcast plan` out on the workers of a Dask cluster, and merge them here.

No folder is shared: the plan goes to the workers, each runs `fundcast block` in a folder of its own, and the shards
come back as bytes with their SHA-256. What is here already is not worked out again, so that the same command goes on
after any interruption. docs/many-machines.md says what happens when something fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Client, Future, as_completed

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
"""Exit codes, those of `fundcast`."""

NO_PROGRAM = 127
"""What a worker answers that cannot start the program."""


class Stop(Exception):
    """Ends the program with a sentence and an exit code."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code = code


def language(env: dict[str, str]) -> str:
    """The language of the locale, by the rule of `fundcast`: Chinese for zh, C, POSIX and none, else English."""
    chosen = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    is_chinese = chosen.startswith("zh") or chosen.split(".")[0] in ("", "C", "POSIX")
    return "zh" if is_chinese else "en"


LANG = language(dict(os.environ))


def pick(zh: str, en: str) -> str:
    """A sentence in the language in which the program speaks."""
    return zh if LANG == "zh" else en


def note(said: str) -> None:
    print(said, file=sys.stderr, flush=True)


# What follows runs on the workers. Dask sends it there with each task, so that a worker needs no file of this folder;
# it uses only what it imports itself.


def work_out(plan: bytes, number: int, given: bytes | None, how: dict[str, Any]) -> dict[str, Any]:
    """One unit, on a worker: `fundcast block` in a folder of its own, which is gone afterwards.

    A shard that the client has, but cannot vouch for, comes along as `given`: `fundcast block` leaves it as it is when
    it is the right one, and works the unit out when it is not.
    """
    import hashlib
    import os
    import subprocess
    import sys
    import tempfile
    import time
    from pathlib import Path

    from distributed import get_worker

    # A block does not outlive its worker, however that one ends: the system kills it (Linux). The second line is for a
    # worker that ended before the first was reached.
    launch = (
        "import ctypes, os, sys\n"
        "if sys.platform == 'linux': ctypes.CDLL(None).prctl(1, 9)\n"
        "if os.getppid() != int(sys.argv[1]): sys.exit(1)\n"
        "try: os.execvp(sys.argv[2], sys.argv[2:])\n"
        "except OSError as error: sys.stderr.write(sys.argv[2] + ': ' + error.strerror); sys.exit(127)\n"
    )
    worker, began = get_worker(), time.monotonic()
    answer: dict[str, Any] = {"worker": worker.address, "shard": None, "sha256": None}
    with tempfile.TemporaryDirectory(prefix="fundcast-", dir=worker.local_directory) as folder:
        plan_path, shards = Path(folder, "unit.plan.json"), Path(folder, "shards")
        plan_path.write_bytes(plan)
        shards.mkdir()
        if given is not None:
            (shards / how["name"]).write_bytes(given)
        block = [how["program"], "block", str(plan_path), str(number), "--out", str(shards), "--quiet"]
        block += ["--threads", str(how["threads"]), "--lang", how["lang"]]
        command = [sys.executable, "-I", "-S", "-c", launch, str(os.getpid()), *block]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode == 0:
            shard = (shards / how["name"]).read_bytes()
            answer |= {"shard": shard, "sha256": hashlib.sha256(shard).hexdigest()}
        return answer | {"code": done.returncode, "said": said[-4000:], "seconds": time.monotonic() - began}


def same(value: bytes) -> bytes:
    """The plan as the result of a task, which the scheduler repeats when the worker that holds it is lost."""
    return value


# What follows runs here.


@dataclass(frozen=True)
class Unit:
    """A unit of a plan."""

    number: int
    county: str
    name: str
    """Name of its shard."""


@dataclass(frozen=True)
class Plan:
    """What `fundcast plan` wrote, as far as it matters here; the program itself checks the rest."""

    path: Path
    text: bytes
    hash: str
    work_hash: str
    units: list[Unit]

    @staticmethod
    def read(path: Path) -> Plan:
        try:
            text = path.read_bytes()
            plan = json.loads(text)
            units = [Plan._unit(unit) for unit in plan["units"]]
            return Plan(path, text, str(plan["hash"]), str(plan["work_hash"]), units)
        except OSError as error:
            raise Stop(BAD_INPUT, f"{path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            said = pick(f"{path}：不是 fundcast plan 写出的计划", f"{path}: is no plan that `fundcast plan` wrote")
            raise Stop(BAD_INPUT, said) from error

    @staticmethod
    def _unit(unit: dict[str, Any]) -> Unit:
        code, first, n = (int(unit["unit"][key]) for key in ("county_code", "first_replicate", "n_replicates"))
        return Unit(int(unit["number"]), str(unit["county"]), f"{code:06}-{first}-{first + n}.parquet")


class Shards:
    """The shards beside a plan, in the folder in which `fundcast merge` looks for them.

    The SHA-256 of each that came from a worker is kept in `WORK.sha256` there (`sha256sum -c` reads it), WORK being
    what all units of the plan rest on; so a shard of an earlier plan of the same name is not taken for one of this.
    """

    def __init__(self, plan: Plan) -> None:
        self.folder = plan.path.with_name(plan.path.name.removesuffix(".json") + ".shards")
        self.list = self.folder / f"{plan.work_hash[:16]}.sha256"
        self.folder.mkdir(exist_ok=True)
        lines = self.list.read_text().splitlines() if self.list.exists() else []
        self.hashes = {line[66:]: line[:64] for line in lines if line[64:66] == "  "}

    def known(self, unit: Unit) -> tuple[bool, bytes | None]:
        """Whether a unit's shard is here as it came; else the bytes that have its name."""
        try:
            content = (self.folder / unit.name).read_bytes()
        except FileNotFoundError:
            return False, None
        is_known = hashlib.sha256(content).hexdigest() == self.hashes.get(unit.name)
        return is_known, None if is_known else content

    def keep(self, unit: Unit, content: bytes, sha256: str) -> None:
        """Writes a shard, whole or not at all, and then its hash."""
        part = self.folder / f".{unit.name}.part-{os.getpid()}"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / unit.name)
        with self.list.open("a") as file:
            file.write(f"{sha256}  {unit.name}\n")


class Run:
    """The units of a plan that are not here yet, on a cluster."""

    def __init__(self, args: argparse.Namespace, plan: Plan, shards: Shards, client: Client) -> None:
        self.args, self.plan, self.shards, self.client = args, plan, shards, client
        self.futures = as_completed(loop=client.loop)
        self.unit_of: dict[Any, tuple[Unit, int]] = {}
        self.failed: list[Unit] = []
        self.n_done = 0
        key = f"fundcast-plan-{plan.hash[:16]}"
        self.text = client.submit(same, plan.text, key=key)

    def all(self) -> None:
        """Works out what is missing; ends when every unit is here, was refused or failed as often as allowed."""
        for unit in self.plan.units:
            is_known, content = self.shards.known(unit)
            if is_known:
                self.n_done += 1
            else:
                self._submit(unit, 1, content)
        if self.n_done:
            note(
                pick(
                    f"已有且校验一致、不再计算的块：{self.n_done}",
                    f"units that are here as they came and stay: {self.n_done}",
                )
            )
        n_workers = len(self.client.scheduler_info(n_workers=-1)["workers"])
        if self.unit_of:
            n = len(self.unit_of)
            note(pick(f"待算的块：{n}；现有 worker：{n_workers}", f"units to work out: {n}; workers now: {n_workers}"))
        for future in self.futures:
            self._take(future)
        if self.failed:
            numbers = " ".join(str(unit.number) for unit in self.failed)
            raise Stop(
                FAILED,
                pick(
                    f"未完成的块：{numbers}；再次运行同一命令即可接着算",
                    f"units that failed: {numbers}; the same command goes on",
                ),
            )

    def _submit(self, unit: Unit, attempt: int, given: bytes | None = None, not_on: str | None = None) -> None:
        # The name of a task says what it gives: a client that was started again meets the task that is still running.
        key = f"fundcast-{self.plan.hash[:16]}-{unit.number}-{attempt}"
        how = {"program": self.args.worker_fundcast, "threads": self.args.threads, "lang": LANG, "name": unit.name}
        others = [one for one in self.client.scheduler_info(n_workers=-1)["workers"] if one != not_on] if not_on else []
        future = self.client.submit(
            work_out, self.text, unit.number, given, how,
            key=key, workers=others or None, allow_other_workers=bool(others),
        )  # fmt: skip
        self.unit_of[future.key] = (unit, attempt)
        self.futures.add(future)

    def _take(self, future: Future[Any]) -> None:
        unit, attempt = self.unit_of[future.key]
        try:
            answer = self._fetched(unit, future)
        except CancelledError as error:
            said = pick(
                "与调度器的连接已断；再次运行同一命令即可接着算", "the scheduler is gone; the same command goes on"
            )
            raise Stop(FAILED, said) from error
        except Exception as error:  # whatever a task or Dask itself says, such as that three workers died of it
            answer = {"code": FAILED, "said": f"{type(error).__name__}: {error}", "worker": None}
        where = answer["worker"] or "-"
        if answer["code"] == DONE:
            self.shards.keep(unit, answer["shard"], answer["sha256"])
            self.n_done += 1
            figures = f"{answer['seconds']:.1f} s, {len(answer['shard']) / 1000:.0f} kB, {where}"
            note(f"[{self.n_done}/{len(self.plan.units)}] {unit.number} {unit.county} {unit.name}: {figures}")
            if answer["said"]:
                note(answer["said"])
        elif answer["code"] in (BAD_INPUT, NO_PROGRAM):
            raise Stop(BAD_INPUT, f"{where}: {answer['said']}")
        else:
            again = attempt <= self.args.retries
            then = pick("重试", "again") if again else pick("不再重试", "given up")
            note(
                pick(f"第{unit.number}块失败", f"unit {unit.number} failed")
                + f" ({where}, {answer['code']}): {answer['said']}; {then}"
            )
            if again:
                self._submit(unit, attempt + 1, not_on=answer["worker"])
            else:
                self.failed.append(unit)
        future.release()

    def _fetched(self, unit: Unit, future: Future[Any]) -> dict[str, Any]:
        """What a worker answered; what was damaged on the way is fetched again."""
        for _ in range(self.args.retries + 1):
            answer: dict[str, Any] = future.result()
            if answer["code"] != DONE or hashlib.sha256(answer["shard"]).hexdigest() == answer["sha256"]:
                return answer
            note(
                pick(
                    f"第{unit.number}块在传输中损坏，重新取回",
                    f"unit {unit.number} was damaged on its way: fetched again",
                )
            )
        return {
            "code": FAILED,
            "said": pick("每次传输都损坏", "damaged on its way each time"),
            "worker": answer["worker"],
        }


def merged(args: argparse.Namespace) -> int:
    """Calls `fundcast merge`, or says how."""
    command = [args.fundcast, "merge", str(args.plan), *args.merge_options]
    if args.no_merge:
        note(pick("分块齐全；合并：", "every unit is here; merge them: ") + " ".join(command))
        return DONE
    if "--lang" not in args.merge_options:
        command += ["--lang", LANG]
    try:
        return subprocess.run(command, check=False).returncode
    except OSError as error:
        raise Stop(BAD_INPUT, f"{args.fundcast}: {error.strerror}") from error


def arguments(argv: list[str]) -> argparse.Namespace:
    """What was typed; what stands behind `--` is for `fundcast merge`."""
    cut = argv.index("--") if "--" in argv else len(argv)
    parser = argparse.ArgumentParser(
        allow_abbrev=False,
        usage="%(prog)s PLAN --scheduler ADDRESS [OPTION…] [-- OPTION OF MERGE…]",
        description=pick(
            "在 Dask 集群上逐块运行 fundcast plan 写出的计划，取回分块并合并；不需要共享文件夹。"
            "中断后再次运行同一命令即可接着算。",
            "Work a plan of `fundcast plan` out on a Dask cluster, fetch the shards and merge them; no folder is "
            "shared. After an interruption the same command goes on.",
        ),
        epilog=pick(
            "退出码：0 完成，1 有块未完成，2 输入有误（不重试），130 被 Ctrl-C 中断。",
            "Exit codes: 0 done, 1 units failed, 2 bad input (not retried), 130 stopped by Ctrl-C.",
        ),
    )
    add = parser.add_argument
    add("plan", type=Path, metavar="PLAN", help=pick("fundcast plan 写出的计划", "the plan that `fundcast plan` wrote"))
    add(
        "--scheduler",
        required=True,
        metavar="ADDRESS",
        help=pick(
            "调度器地址，如 tcp://10.0.0.5:8786；tls:// 的证书按 Dask 配置",
            "the scheduler, such as tcp://10.0.0.5:8786; certificates of tls:// are those of Dask's configuration",
        ),
    )
    add(
        "--worker-fundcast",
        default="fundcast",
        metavar="PROGRAM",
        help=pick("各 worker 上的程序", "the program on the workers") + " [fundcast]",
    )
    add(
        "--fundcast",
        default="fundcast",
        metavar="PROGRAM",
        help=pick("本机的程序，用于合并", "the program here, which merges") + " [fundcast]",
    )
    add(
        "--threads",
        type=int,
        default=1,
        metavar="N",
        help=pick(
            "每块的线程数；worker 的每个线程各算一块",
            "threads of each block; a worker runs as many blocks as it has threads",
        )
        + " [1]",
    )
    add(
        "--retries",
        type=int,
        default=2,
        metavar="N",
        help=pick("失败的块重试几次", "how often a unit that failed is tried again") + " [2]",
    )
    add(
        "--timeout",
        type=float,
        default=30.0,
        metavar="SECONDS",
        help=pick("等待调度器的秒数", "how long to wait for the scheduler") + " [30]",
    )
    add(
        "--no-merge",
        action="store_true",
        help=pick("不合并，只打印合并的命令", "do not merge, print the command that does"),
    )
    args = parser.parse_args(argv[:cut])
    args.merge_options = argv[cut + 1 :]
    return args


def connected(args: argparse.Namespace) -> Client:
    try:
        return Client(args.scheduler, timeout=args.timeout, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Stop(
            FAILED, pick(f"{args.scheduler}：连接不上调度器", f"{args.scheduler}: no scheduler answers")
        ) from error


def main(argv: list[str]) -> int:
    args = arguments(argv)
    try:
        plan = Plan.read(args.plan)
        with connected(args) as client:
            Run(args, plan, Shards(plan), client).all()
        return merged(args)
    except Stop as stop:
        note(str(stop))
        return stop.code
    except OSError as error:
        note(f"{error.filename or args.plan}: {error.strerror or error}")
        return FAILED
    except KeyboardInterrupt:
        note(pick("已停止；再次运行同一命令即可接着算", "stopped; the same command goes on"))
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
