"""Everything a machine can say about the source without running it: `python -m tools.check`."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
STEPS = (
    ("lint", [BIN / "ruff", "check", "--quiet", "."]),
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
    ("types", [BIN / "mypy", "--no-error-summary"]),
    ("floors", [BIN / "lint-imports", "--no-logo"]),
    ("messages", [sys.executable, "tools/messages.py", "--check"]),
    ("migrations", [BIN / "kepu", "manage", "makemigrations", "--check", "--dry-run"]),
    ("locks", [sys.executable, "-m", "tools.lock"]),
)


def main() -> int:
    """0 when every step is content; each runs, so that one call shows all there is to mend."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="kepu-check-") as home:
        for name, command in STEPS:
            started = time.monotonic()
            done = subprocess.run(
                [str(word) for word in command],
                env={**os.environ, "KEPU_HOME": home, "KEPU_DATABASE_URL": ""},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            outcome = "ok    " if done.returncode == 0 else "FAILED"
            print(f"{outcome} {name} ({time.monotonic() - started:.1f} s)")
            if done.returncode != 0:
                failed.append(name)
                print(done.stdout.strip(), flush=True)
    print(f"make check: {', '.join(failed)} failed" if failed else "make check: all is well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
