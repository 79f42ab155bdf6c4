#!/usr/bin/env python3
"""Work the units of a plan of `fundcast plan` out on Spark: spark-submit fundcast_spark.py PLAN --fundcast PROGRAM.

No folder is shared: each unit is a Spark job of one task, whose shard comes back as bytes and is written beside the
plan at once, so that the same command goes on after an interruption. Spark repeats a task that failed or whose executor was
lost (spark.task.maxFailures); bad input is not repeated. Needs a JVM and pyspark (tried: 4.3.0 on Java 17).
"""

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pyspark import SparkContext


def work_out(plan: bytes, unit: dict[str, Any], program: str) -> tuple[int, bytes, str]:
    """One unit, on an executor: exit code, shard with its SHA-256, what was said."""
    import hashlib
    import tempfile

    # A block does not outlive the process that works on it (Linux).
    launch = (
        "import ctypes, os, sys\n"
        "if sys.platform == 'linux': ctypes.CDLL(None).prctl(1, 9)\n"
        "if os.getppid() != int(sys.argv[1]): sys.exit(1)\n"
        "os.execvp(sys.argv[2], sys.argv[2:])\n"
    )
    with tempfile.TemporaryDirectory(prefix="fundcast-") as folder:
        path = Path(folder, "unit.plan.json")
        path.write_bytes(plan)
        block = [program, "block", str(path), str(unit["number"]), "--out", folder, "--threads", "1", "--quiet"]
        command = [sys.executable, "-I", "-S", "-c", launch, str(os.getpid()), *block]
        done = subprocess.run(command, capture_output=True, check=False)
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode == 2:
            return 2, b"", said
        if done.returncode != 0:
            raise RuntimeError(f"unit {unit['number']}: exit code {done.returncode}: {said}")
        shard = Path(folder, unit["name"]).read_bytes()
        return 0, shard, hashlib.sha256(shard).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description="Work the units of a plan out on Spark.")
    parser.add_argument("plan", type=Path, metavar="PLAN", help="the plan that `fundcast plan` wrote")
    parser.add_argument("--fundcast", default="fundcast", help="the program on the executors [fundcast]")
    args = parser.parse_args()
    text = args.plan.read_bytes()
    folder = args.plan.with_name(args.plan.name.removesuffix(".json") + ".shards")
    folder.mkdir(exist_ok=True)
    units = json.loads(text)["units"]
    for unit in units:
        code, first, n = (unit["unit"][key] for key in ("county_code", "first_replicate", "n_replicates"))
        unit["name"] = f"{code:06}-{first}-{first + n}.parquet"
    missing = [unit for unit in units if not (folder / unit["name"]).exists()]
    context = SparkContext(appName="fundcast")
    plan, program = context.broadcast(text), args.fundcast

    def one(unit: dict[str, Any]) -> str | None:
        """Works a unit out and writes its shard; what was refused is said."""
        import hashlib

        task = context.parallelize([unit], 1).map(lambda given: work_out(plan.value, given, program))
        code, shard, said = task.collect()[0]
        if code == 2:
            return said
        if hashlib.sha256(shard).hexdigest() != said:
            raise RuntimeError(f"unit {unit['number']} was damaged on its way")
        part = folder / f".{unit['name']}.part-{os.getpid()}"
        part.write_bytes(shard)
        part.replace(folder / unit["name"])
        print(f"{unit['number']} {unit['county']} {unit['name']}", file=sys.stderr, flush=True)
        return None

    with ThreadPoolExecutor(2 * context.defaultParallelism) as pool:
        refused = next((said for said in pool.map(one, missing) if said), None)
        if refused:
            pool.shutdown(cancel_futures=True)
            print(refused, file=sys.stderr)
            return 2
    print(f"every unit is there; merge them: {program} merge {args.plan}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
