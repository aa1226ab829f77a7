"""Becomes the command line `agentslint`, again and again: each request is a child of a process that has imported everything.

A request is a line of JSON on the descriptor that is named first; the child's number, and how it ended, go to the second one.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any


def warm() -> None:
    """Do what every run does alike, so that children need not: import all modules, fill caches."""
    from agentslint import run_folder

    for name in ("agentslint", "agentslint_rules"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    _lint_once()
    run_folder._run = run_folder._Run()  # a new process has looked for left folders of others as little
    gc.collect()
    gc.freeze()  # what a child never touches, it need not copy


def _lint_once() -> None:
    """Fill the caches of the standard library and of the libraries: lint one manifest."""
    from agentslint.cli import main

    with tempfile.TemporaryDirectory(prefix="warm-") as folder, Path(os.devnull).open("w") as nowhere:
        Path(folder, "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n")
        with redirect_stdout(nowhere), redirect_stderr(nowhere), suppress(SystemExit):
            main(["lint", folder])


def serve(asked: int, answers: int) -> None:
    """Answer until nobody asks any more; returns in a child, which then is the command."""
    with os.fdopen(asked, "rb") as requests:
        for request in requests:
            pid = os.fork()
            if not pid:
                os.close(answers)
                become(json.loads(request))
                return
            os.write(answers, b"%d\n" % pid)
            os.write(answers, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    os._exit(0)


def become(request: dict[str, Any]) -> None:
    """Take the place, the environment and the streams of a request."""
    os.setsid()
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environ"])
    tempfile.tempdir = None  # what this process found out holds for its own environment
    for number, path in enumerate(request["streams"]):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.argv = ["agentslint", *request["words"]]


def run() -> None:
    """Run the command to its end; what Python would take down then, the system takes down faster."""
    from agentslint.__main__ import main

    status: object = 0
    try:
        main()
    except SystemExit as ended:
        status = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else bool(status))


if __name__ == "__main__":
    warm()
    serve(int(sys.argv[1]), int(sys.argv[2]))
    run()
