"""The command `agentslint`."""

from __future__ import annotations

import os
import sys

_SIGINT = 2


def main() -> None:
    """Run the command line; `--version` alone answers before anything is imported."""
    try:
        _hear_signals()
        if sys.argv[1:] == ["--version"]:
            from agentslint import __version__

            print(f"agentslint {__version__}")
            return
        from agentslint.cli import main as run

        run()
    except KeyboardInterrupt:
        _interrupted(_SIGINT)


def _hear_signals() -> None:
    """End by a signal without a traceback, until the command hears signals itself: the imports take longer than a quick hand."""
    import signal

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupted)


def _interrupted(number: int, _frame: object = None) -> None:
    """End at once, and with the status of the signal."""
    os.write(2, b"agentslint: interrupted\n")
    os._exit(128 + number)


if __name__ == "__main__":
    main()
