#!/usr/bin/env bash
# The tests of the Dask driver in an environment of their own, made when it is not there: test.sh PROGRAM [TEST…]
# Needs Python 3.11 or newer, a package registry, and ports of 127.0.0.1.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:?the program fundcast}")
shift
environment=$here/../../target/venv-dask

if ! python3 -c 'import ensurepip, venv' 2> /dev/null; then
  echo "installing python3-venv"
  { apt-get update -qq && apt-get install -y -qq python3-venv; } > /dev/null ||
    { echo "The Dask driver is not tested: no python3 with venv, and none could be installed." >&2; exit 1; }
fi
[ -x "$environment/bin/python" ] || python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --require-hashes --requirement "$here/requirements.txt" ||
  { echo "The Dask driver is not tested: the packages of requirements.txt could not be installed." >&2; exit 1; }
FUNDCAST=$program "$environment/bin/python" "$here/test_fundcast_dask.py" "$@"
