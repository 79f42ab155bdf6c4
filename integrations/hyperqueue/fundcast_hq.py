#!/usr/bin/env python3
"""A plan on HyperQueue by its Python package (pip install hyperqueue==0.27.0): fundcast_hq.py PLAN [--server-dir DIR].

Without the folder of a server it starts a server and a worker on this machine. The workers share the folder of the
plan; `block.sh` tries a failed block again and `fundcast block` leaves what is there, so that the same command goes on.
"""

import argparse
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from hyperqueue import Client, Job, LocalCluster
from hyperqueue.client import FailedJobsException
from hyperqueue.cluster import WorkerConfig


def main() -> int:
    parser = argparse.ArgumentParser(description="Work the units of a plan out on HyperQueue.")
    parser.add_argument("plan", type=Path, metavar="PLAN", help="the plan that `fundcast plan` wrote")
    parser.add_argument(
        "--server-dir", type=Path, help="folder of a running server [default: one of this machine alone]"
    )
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="cores of the worker of this machine")
    parser.add_argument("--fundcast", default="fundcast", help="the program on the workers [fundcast]")
    args = parser.parse_args()
    plan = args.plan.resolve()
    block = str(Path(__file__).resolve().parent.parent / "block.sh")
    job = Job(max_fails=None, name="fundcast", default_env={"FUNDCAST": args.fundcast})
    for unit in json.loads(plan.read_text())["units"]:
        number = str(unit["number"])
        log = f"{plan}.{number}.log"
        job.program([block, str(plan), number, "--threads", "1", "--quiet"], name=number, stdout=log, stderr=log)
    with ExitStack() as stack:
        if args.server_dir is None:
            config = WorkerConfig(cores=args.cores)
            client = stack.enter_context(LocalCluster(worker_config=config)).client()
        else:
            client = Client(args.server_dir)
        try:
            client.wait_for_jobs([client.submit(job)])
        except FailedJobsException as failed:
            print(failed, file=sys.stderr)
            return 1
    print(f"every unit is there; merge them: {args.fundcast} merge {plan}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
