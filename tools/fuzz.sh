#!/bin/sh
# Fuzzes every parser of tests/fuzz/targets.py: `tools/fuzz.sh [SECONDS [TARGET…]]`. atheris leads where there is a wheel
# of it; else our own mutations do, which need nothing. Without a TARGET, manuscripts are made up by hypothesis, too.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
if ! .venv/bin/python -c 'import atheris' 2>/dev/null; then
  if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --python .venv/bin/python --require-hashes --no-deps -r requirements-fuzz.lock || true
  else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-fuzz.lock || true
  fi
  .venv/bin/python -c 'import atheris' 2>/dev/null || echo "fuzz: atheris is not to be had here; our own mutations are used" >&2
fi
status=0
.venv/bin/python tests/fuzz --seconds "$seconds" "$@" || status=$?
if [ $# -eq 0 ]; then
  echo "made-up manuscripts: $((seconds * 4))"
  MADE_UP=$((seconds * 4)) .venv/bin/python -m pytest -n 0 -q tests/manuscript/test_made_up.py || status=$?
fi
exit $status
