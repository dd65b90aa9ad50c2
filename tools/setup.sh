#!/bin/sh
# Sets up whatever is missing: system libraries, .venv, the locked packages. `tools/setup.sh` for building editions,
# `tools/setup.sh dev` for the tests too. Does nothing, quickly, where all is there.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
case $kind in
  run) lock=requirements.lock ;;
  dev) lock=requirements-dev.lock ;;
  *) echo "tools/setup.sh: unknown kind $kind; say run or dev" >&2; exit 2 ;;
esac

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 2; }

python=
for name in python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
    python=$(command -v "$name"); break
  fi
done

missing_packages() {
  # Debian's names of what is not there yet. WeasyPrint opens its libraries by name, so that is what is asked here.
  check=${python:-/bin/false}
  "$check" - <<'PY' 2>/dev/null || echo "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 fontconfig"
import ctypes, importlib.util, shutil
libraries = {
    "libpango-1.0.so.0": "libpango-1.0-0", "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b", "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "fontconfig",
}
packages = []
for library, package in libraries.items():
    try:
        ctypes.CDLL(library)
    except OSError:
        packages.append(package)
if not shutil.which("uv") and importlib.util.find_spec("ensurepip") is None:
    packages.append("python3-venv")
print(" ".join(packages))
PY
}

install_system() {
  [ -z "$*" ] && return 0
  if command -v apt-get >/dev/null 2>&1; then
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
      command -v sudo >/dev/null 2>&1 || fail "these Debian packages are missing and need root: run 'apt-get install $*' as root, then make again"
      sudo=sudo
    fi
    say "installing Debian packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq
    $sudo apt-get install -qq -y --no-install-recommends "$@" >/dev/null
  elif [ "$(uname)" = Darwin ]; then
    fail "system libraries are missing; run: brew install python pango harfbuzz fontconfig"
  elif command -v dnf >/dev/null 2>&1; then
    fail "system libraries are missing; run: sudo dnf install python3 pango harfbuzz fontconfig"
  elif command -v pacman >/dev/null 2>&1; then
    fail "system libraries are missing; run: sudo pacman -S python pango harfbuzz fontconfig"
  else
    fail "system libraries are missing; install Python 3.11 or newer, Pango 1.44 or newer, HarfBuzz with its subsetter, and fontconfig"
  fi
}

# shellcheck disable=SC2046 # the names are words on purpose
if [ "$(uname)" != Darwin ] || [ -z "$python" ]; then install_system $(missing_packages); fi
if [ "$kind" = dev ]; then
  # The tests drive real validators: EPUBCheck and the Nu checker need Java, axe and Ace a browser, Ace and npm Node.
  absent=
  command -v node >/dev/null 2>&1 || absent="$absent nodejs"
  command -v npm >/dev/null 2>&1 || absent="$absent npm"
  command -v java >/dev/null 2>&1 || absent="$absent default-jre-headless"
  command -v chromium >/dev/null 2>&1 || absent="$absent chromium"
  # Completion is tried in the shells themselves.
  for shell in zsh fish tcsh; do command -v "$shell" >/dev/null 2>&1 || absent="$absent $shell"; done
  # One test edition is in Chinese, whose fonts are not shipped with the publisher.
  [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ] || absent="$absent fonts-noto-cjk"
  # shellcheck disable=SC2086
  install_system $absent
fi
[ -n "$python" ] || python=$(command -v python3) || fail "Python 3.11 or newer is missing; install it, then make again"
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || fail "Python 3.11 to 3.14 is needed, $("$python" --version) is here; install a newer one, then make again"

digest_of() {
  "$python" -c 'import hashlib, sys; print(hashlib.sha256(b"".join(open(name, "rb").read() for name in sys.argv[1:])).hexdigest())' "$@"
}
if [ "$kind" = dev ]; then
  modules=node_modules/.installed
  locked=$(digest_of package-lock.json)
  if [ ! -f "$modules" ] || [ "$(cat "$modules")" != "$locked" ]; then
    say "installing the validators of package-lock.json with npm"
    # The browser is the system's, and no package runs anything while it is installed.
    PUPPETEER_SKIP_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    printf '%s' "$locked" > "$modules"
  fi
fi

stamp=.venv/.installed-$kind
digest=$(digest_of "$lock" pyproject.toml)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ]; then exit 0; fi

if command -v uv >/dev/null 2>&1; then
  [ -x .venv/bin/python ] || { say "making .venv with uv"; uv venv --quiet --python "$python" .venv; }
  say "installing the packages of $lock with uv"
  uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
  uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
else
  [ -x .venv/bin/python ] || { say "making .venv with venv"; "$python" -m venv .venv; }
  say "installing the packages of $lock with pip"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
# What the tests need holds all that building needs.
printf '%s' "$(digest_of requirements.lock pyproject.toml)" > .venv/.installed-run
printf '%s' "$digest" > "$stamp"
say "done"
