"""Becomes the command line `agentslint`, again and again: each request is a child of a process that has imported everything.

A request is a line of JSON on the descriptor that is named first; the child's number, and how it ended, go to the second one.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import tempfile
from typing import Any


def warm() -> None:
    """Import all modules of the product, so that children need not."""
    for name in ("agentslint", "agentslint_rules"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


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


if __name__ == "__main__":
    warm()
    serve(int(sys.argv[1]), int(sys.argv[2]))
    from agentslint.__main__ import main

    main()
