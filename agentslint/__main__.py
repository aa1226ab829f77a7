"""The command `agentslint`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; `--version` alone answers before anything is imported."""
    if sys.argv[1:] == ["--version"]:
        from agentslint import __version__

        print(f"agentslint {__version__}")
        return
    from agentslint.cli import main as run

    run()


if __name__ == "__main__":
    main()
