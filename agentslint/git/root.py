"""Where a repository begins: found by looking for `.git`, since git itself would also take a folder that is laid out like a bare one."""

from __future__ import annotations

import os
import re

from agentslint import files

_HEAD = re.compile(rb"(ref:\s*refs/\S|[0-9a-f]{40}([0-9a-f]{24})?\s)")


def root_of(folder: str) -> str | None:
    """Return the nearest folder, this one or one above it, that has a `.git`; None where there is none."""
    return files.repository_of(os.path.realpath(folder))


def fault(root: str) -> str:
    """Say why the `.git` of a folder is none, "" if it is one as far as can be seen: git would pass over it and look further up."""
    inner = os.path.join(root, ".git")
    if os.path.isfile(inner):
        return ""
    return "" if is_git_folder(inner) else f"{inner} is not a git repository; remove it, or clone again"


def is_bare(folder: str) -> bool:
    """Tell whether a folder is a bare repository, or the `.git` of another one."""
    return not os.path.lexists(os.path.join(folder, ".git")) and is_git_folder(folder)


def is_git_folder(folder: str) -> bool:
    """Tell whether git would take a folder for a repository of its own: it has a HEAD, objects and references."""
    inner = {name: os.path.join(folder, name) for name in ("HEAD", "commondir", "objects", "refs")}
    shared = os.path.isfile(inner["commondir"])
    if not shared and not (os.path.isdir(inner["objects"]) and os.path.isdir(inner["refs"])):
        return False
    try:
        if os.path.islink(inner["HEAD"]):  # noqa: PTH114
            return os.readlink(inner["HEAD"]).startswith("refs/")  # noqa: PTH115
        return _HEAD.match(files.read(inner["HEAD"], files.CONFIGURATION)) is not None
    except OSError:
        return False
