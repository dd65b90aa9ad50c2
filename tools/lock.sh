#!/bin/sh
# Locks the dependencies: uv.lock, and from it the files that set-up installs from, all with SHA-256 hashes.
# The files say what to install and how to recognise it, never where from: that is for the index settings of the
# machine that installs. So addresses are taken out of uv.lock, and installs go through the exported files.
set -eu
cd "$(dirname "$0")/.."
uv lock "$@"
sed -E -i.bak \
  -e 's#url = "[a-z]+://[^"]*/([^/"]+)"#url = "\1"#' \
  -e 's#, upload-time = "[^"]*"##' \
  -e 's#registry = "[a-z]+://[^"]*"#registry = "index"#' uv.lock
rm -f uv.lock.bak
uv export --frozen --quiet --no-header --no-annotate --no-emit-project --no-dev --group build -o requirements.lock
uv export --frozen --quiet --no-header --no-annotate --no-emit-project --group build -o requirements-dev.lock
uv export --frozen --quiet --no-header --no-annotate --no-emit-project --only-group fuzz -o requirements-fuzz.lock
