"""A Python in which Django is ready with a site's settings: starting one for each piece of code is dear."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

READY = """
import json, os, sys, traceback
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(asked[name], os.O_WRONLY), number)
        status = 0
        try:
            exec(asked["code"], {"__name__": "__main__"})
            connections.close_all()
        except BaseException:
            traceback.print_exc()
            status = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Interpreter:
    """Runs pieces of code, each in a fork of its own, so that none leaves anything but in the database."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", READY],
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        """What `code` prints; it ended well."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
            asked = json.dumps({"code": code, "out": out.name, "err": err.name})
            self._process.stdin.write(asked + "\n")
            self._process.stdin.flush()
            status = self._process.stdout.readline()
            assert status == "0\n", err.read() or f"the interpreter ended: {status}"
            return out.read()

    def close(self) -> None:
        """It ends; code that runs is finished first."""
        self._process.communicate()
