"""`make audit`: asks the vulnerability service about every locked package. Needs the network.

Exit status: 0 nothing known; 1 something is known; 2 the service could not be asked, or not about every package.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-fuzz.lock")

_LIMIT = 600
"""Seconds for one lock file: a service that never answers is one that could not be asked."""


def main(locks: tuple[str, ...] = LOCKS) -> int:
    beside = Path(sys.executable).with_name("pip-audit")
    program = str(beside) if beside.exists() else shutil.which("pip-audit")
    if program is None:
        print("error: pip-audit is missing; run tools/setup.sh dev", file=sys.stderr)
        return 2
    worst = 0
    for lock in locks:
        options = ["--strict", "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
        try:
            done = subprocess.run(
                [program, *options, "-r", str(ROOT / lock)],
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=_LIMIT,
            )
        except subprocess.TimeoutExpired:
            worst = max(worst, _told(lock, "", f"no answer in {_LIMIT} seconds"))
            continue
        worst = max(worst, _told(lock, done.stdout, done.stderr))
    return worst


def _told(lock: str, output: str, errors: str) -> int:
    """Say what is known of one lock file's packages."""
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        lines = [line for line in errors.splitlines() if line.strip()]
        why = lines[-1] if lines else "it said nothing"
        print(
            f"{lock}: error: the vulnerability service could not be asked about every package ({why[:300]}); "
            "nothing is known of the others; run it again where the network reaches it",
            file=sys.stderr,
        )
        return 2
    found = [(one, fault) for one in packages for fault in one.get("vulns", ())]
    for one, fault in found:
        mended = ", ".join(fault.get("fix_versions", ())) or "no version yet"
        print(f"{lock}: error: {one['name']} {one['version']}: {fault['id']}; mended in {mended}", file=sys.stderr)
    print(f"{lock}: {len(packages)} packages asked about, {len(found)} vulnerabilities known")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
