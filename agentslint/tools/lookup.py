"""Finds the program to use: option, environment, configuration, our cache, PATH. Starts no process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from agentslint.tools.folder import program_of
from agentslint.tools.releases import RELEASES
from agentslint.tools.sums import is_intact
from agentslint.tools.tool import VARIABLES, Tool, ToolName

INSTALL = "`agentslint tools install`"


def locate(name: ToolName, *, option: str | None, configured: str | None, environ: Mapping[str, str], prefix: str = "--") -> Tool:
    """Choose the program for `name`.

    `option` and `configured` are what the command line and the configuration say: a path, or a command on PATH. `prefix` is how
    the option's name begins.
    A choice made by a person is final: when it does not work, that is the tool's problem, and no other one is taken.
    """
    chosen = (
        ("option", option, f"{prefix}{name}"),
        ("environment", environ.get(VARIABLES[name]), VARIABLES[name]),
        ("configuration", configured, "the configuration"),
    )
    for source, value, title in chosen:
        if value:
            return _chosen(name, source, value, title, environ)
    return _found(name, environ)


def _chosen(name: ToolName, source: str, value: str, title: str, environ: Mapping[str, str]) -> Tool:
    said = f"{title} names {value!r}"
    if os.sep in value or value.startswith("~"):
        return _judge_file(Tool(name, Path(value).expanduser().absolute(), source), said)
    on_path = _on_path(value, environ)
    if on_path is not None:
        return Tool(name, on_path, source)
    return Tool(name, None, source).broken(f"{said}, which is not on PATH: correct it, or leave it out")


def _judge_file(tool: Tool, said: str) -> Tool:
    path = tool.path
    if path is None or not path.exists():
        return tool.broken(f"{said}, which does not exist: correct it, or leave it out")
    if path.is_dir():
        return tool.broken(f"{said}, which is a folder: name the program in it")
    if not os.access(path, os.X_OK):
        return tool.broken(f"{said}, which is not executable: run `chmod +x {path}`, or name another program")
    return tool


def _found(name: ToolName, environ: Mapping[str, str]) -> Tool:
    cached = program_of(RELEASES[name])
    if cached.is_file() and os.access(cached, os.X_OK):
        tool = Tool(name, cached, "cache")
        return tool if is_intact(cached) else tool.broken(f"{cached} has changed since it was installed: run {INSTALL}")
    on_path = _on_path(name, environ)
    if on_path is not None:
        return Tool(name, on_path, "path")
    return Tool(name, None, "missing").broken(_missing(name, environ))


def _missing(name: ToolName, environ: Mapping[str, str]) -> str:
    remedy = f"run {INSTALL}, or name it with --{name} or {VARIABLES[name]}"
    if name == "kustomize" and _on_path("kubectl", environ) is not None:
        return f"kustomize is not installed; the `kubectl kustomize` on PATH is another version, which renders differently: {remedy}"
    return f"{name} is not installed: {remedy}"


def _on_path(command: str, environ: Mapping[str, str]) -> Path | None:
    found = shutil.which(command, path=environ.get("PATH", os.defpath))
    return None if found is None else Path(found).absolute()
