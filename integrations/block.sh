#!/usr/bin/env bash
# A task of a queue that sees the folder of the plan: block.sh PLAN UNITS [OPTION OF BLOCK…]. FUNDCAST names the program.
# A block that failed or was killed is tried again; bad input (exit code 2) and what was stopped (130) are not.
set -uo pipefail
for attempt in 1 2 3; do
  "${FUNDCAST:-fundcast}" block "$@"
  code=$?
  case $code in 0 | 2 | 130) exit $code ;; esac
  echo "$1, $2: attempt $attempt ended with exit code $code" >&2
done
exit $code
