#!/usr/bin/env bash
# A plan as a Slurm array, and the merge when all its tasks are done: submit.sh PLAN [OPTION OF MERGE…]
# All nodes see the folder of the plan, this one, and the program, which FUNDCAST names. Partition, account and time are
# those of sbatch's own variables (SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_TIMELIMIT); TASKS says how many tasks an array
# may have at most (MaxArraySize of slurm.conf, less one), THREADS how many cores each task takes.
# The same command again works out what is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
plan=$(realpath "${1:?the plan that fundcast plan wrote}")
shift
threads=${THREADS:-1} tasks=${TASKS:-1000}
export FUNDCAST=${FUNDCAST:-fundcast}

n_units=$(grep -c '^ *"number": [0-9]' "$plan") # a line for each unit
each=$(((n_units + tasks - 1) / tasks))          # units of a task, one where the array is long enough
last=$(((n_units + each - 1) / each))
quoted=$(printf ' %q' "$plan")
# The units of a task, told by its number: FIRST-LAST.
units="first=\$(((SLURM_ARRAY_TASK_ID - 1) * $each + 1)) last=\$((SLURM_ARRAY_TASK_ID * $each))
last=\$((last < $n_units ? last : $n_units))"
block="$(printf %q "$here/../block.sh")$quoted \$first-\$last --threads $threads --quiet"
# A task whose node fails goes to another one (--requeue); block.sh tries again what failed in itself.
array=$(sbatch --parsable --job-name=fundcast --array="1-$last" --cpus-per-task="$threads" --requeue --open-mode=append \
  --output="$plan.%a.log" --wrap "$units
$block")
merge=$(sbatch --parsable --job-name=fundcast-merge --dependency="afterok:$array" --kill-on-invalid-dep=yes \
  --chdir="$PWD" --output="$plan.merge.log" --wrap "$(printf %q "$FUNDCAST") merge$quoted$( (($#)) && printf ' %q' "$@")")
echo "$n_units units in $last tasks: job $array; then the merge: job $merge, which says how it went in $plan.merge.log"
