"""The addresses by which others know a repository."""

from __future__ import annotations

from agentslint.git.command import Git, GitError, fields

_ASKED = r"^remote\..*\.(push)?url$"


def remote_urls(folder: str) -> list[str]:
    """Return the addresses of all remotes of the repository that a folder is in; none outside of one, or where git refuses it."""
    try:
        done = Git.of(folder, network=False).run("config", "-z", "--get-regexp", _ASKED)
    except GitError:
        return []
    return [row.partition("\n")[2] for row in fields(done.stdout)] if done.returncode == 0 else []
