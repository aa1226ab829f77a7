"""The command `agentslint`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line; `--version` alone answers before anything is imported."""
    if sys.argv[1:] == ["--version"]:
        from agentslint import __version__

        print(f"agentslint {__version__}")
        return
    try:
        from agentslint.cli import main as run

        run()
    except KeyboardInterrupt:
        # Only before the command hears signals itself: the imports take longer than a quick hand.
        _interrupted()


def _interrupted() -> None:
    """End at once, without a traceback, and with the status of the signal."""
    os.write(2, b"agentslint: interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    main()
