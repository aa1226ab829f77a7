"""A composite action, run step by step as GitHub's runner does, but for the actions that it uses: a test says how those end."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN = re.compile(r"'[^']*'|&&|\|\||==|!=|[(),]|[A-Za-z_][\w.-]*|\s+")
_OPERATORS = {"&&": " and ", "||": " or "}


@dataclass(frozen=True)
class Used:
    """How an action that a step uses ends."""

    outputs: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "success"


@dataclass
class Ran:
    """What happened: the log, the status, each used action with its inputs, the outputs by step."""

    log: str = ""
    status: int = 0
    used: dict[str, dict[str, str]] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass(frozen=True)
class Runner:
    """Where an action runs: its folder, the checkout, the runner's temporary folder, the event."""

    action: Path
    workspace: Path
    temp: Path
    event: Mapping[str, str] = field(default_factory=dict)

    def run(self, inputs: Mapping[str, str], ends: Mapping[str, Used]) -> Ran:
        """Run the steps to the end or to the first that fails; a step named in `ends`, by its id, is not run but ends so."""
        definition = yaml.safe_load((self.action / "action.yml").read_text(encoding="utf-8"))
        unknown = set(inputs) - set(definition["inputs"])
        assert not unknown, f"the action has no input {unknown}"
        values = {name: str(entry.get("default", "")) for name, entry in definition["inputs"].items()} | dict(inputs)
        ran = Ran()
        for step in definition["runs"]["steps"]:
            failed = self._step(step, Scope(values, ran, self.event), ran, ends)
            if failed and not step.get("continue-on-error"):
                ran.status = failed
                break
        return ran

    def _step(self, step: dict[str, Any], scope: Scope, ran: Ran, ends: Mapping[str, Used]) -> int:
        name = step.get("id", step["name"])
        ran.outputs[name], ran.outcomes[name] = {}, "skipped"
        if "if" in step and not scope.truth(step["if"]):
            return 0
        if "uses" in step or name in ends:
            end = ends.get(name, Used())
            ran.used[name] = {key: scope.text(value) for key, value in step.get("with", {}).items()}
            ran.outputs[name], ran.outcomes[name] = dict(end.outputs), end.outcome
            return int(end.outcome == "failure")
        status = self._script(name, step, scope, ran)
        ran.outcomes[name] = "failure" if status else "success"
        return status

    def _script(self, name: str, step: dict[str, Any], scope: Scope, ran: Ran) -> int:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an expression in a script is an injection"
        script, output, summary = (self.temp / part for part in ("script.sh", "output", "summary.md"))
        script.write_text(step["run"], encoding="utf-8")
        output.write_text("")
        environ = os.environ | {key: scope.text(value) for key, value in step.get("env", {}).items()}
        environ |= {
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_ACTION_PATH": str(self.action),
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_OS": "Linux",
        }
        environ |= {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_ACTIONS": "true"}
        # https://docs.github.com, "Workflow syntax", jobs.<job_id>.steps[*].shell: what `bash` stands for.
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            env=environ, cwd=self.workspace, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        ran.log += done.stdout
        ran.summary = summary.read_text(encoding="utf-8") if summary.exists() else ""
        ran.outputs[name] = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        return done.returncode


@dataclass(frozen=True)
class Scope:
    """What expressions see."""

    inputs: Mapping[str, str]
    ran: Ran
    event: Mapping[str, str]

    def text(self, value: object) -> str:
        """Fill in the expressions of a value."""
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        return _EXPRESSION.sub(lambda match: _shown(self._value(match[1])), shown)

    def truth(self, condition: str) -> bool:
        """Evaluate an `if:`."""
        match = _EXPRESSION.fullmatch(condition.strip())
        return bool(self._value(match[1] if match else condition))

    def _value(self, expression: str) -> Any:
        tokens = _TOKEN.findall(expression)
        assert "".join(tokens) == expression, f"this runner does not understand {expression}"
        names = {"hashFiles": lambda *globs: "0123abc", "look": self._look}
        return eval("".join(map(_python, tokens)).strip(), {"__builtins__": {}}, names)

    def _look(self, name: str) -> str:
        context, _, rest = name.partition(".")
        if context == "inputs":
            return self.inputs[rest]
        if context == "steps":
            step, kind, *key = rest.split(".")
            return self.ran.outputs[step].get(key[0], "") if kind == "outputs" else self.ran.outcomes[step]
        is_object = any(key.startswith(f"{name}.") for key in self.event)
        return self.event.get(name, "object" if is_object else "")


def _python(token: str) -> str:
    if token in _OPERATORS:
        return _OPERATORS[token]
    if token == "hashFiles" or not re.match(r"[A-Za-z_]", token):
        return token
    return f"look({token!r})"


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
