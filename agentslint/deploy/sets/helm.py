"""helm as the engine of Go templates: one `helm template` fills in many strings."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from agentslint import files, run_folder
from agentslint.access import Access
from agentslint.children import Profile
from agentslint.deploy.helm_program import Helm
from agentslint.deploy.sets.rewrite import Names
from agentslint.render.failures.helm_wording import in_words_of_helm_3
from agentslint.render.process import Completed, run
from agentslint.tools.program_environment import heap_goal, helm_homes, renderer_environment

_FILE = 3 << 20
"""Bytes of one file of the chart: helm refuses more than 5 MiB."""
_LINE = re.compile(r"filled\.yaml:(\d+)")
_ERROR = re.compile(r"^Error: (.*)", re.S | re.M)
_OUTPUT = re.compile(r'^  "(\d+)": "([\w+/=]*):([\w+/=]*)"$', re.M)
_HEAD = ("apiVersion: v1", "kind: ConfigMap", "metadata: {name: filled}", "data:")


class Line(Struct, frozen=True):
    """One string to fill in: the rewritten template and its parameters, as JSON; with `records`, missing keys are noted under our key."""

    template: str
    parameters: str
    records: bool


class Printed(Struct, frozen=True):
    """What came of a line: its text, and the note on the first missing key."""

    text: str
    note: str


class Failed(Struct, frozen=True):
    """What helm says of the one line at which it stopped; `line` is None where it did not start or told no line."""

    line: int | None
    message: str


class HelmError(Exception):
    """Nothing could be filled in."""


def random_names() -> Names:
    """Return names that nobody knows before."""
    return Names(*(f"agentslint{os.urandom(12).hex()}" for _ in range(4)))


def fill(helm: Helm, names: Names, lines: Sequence[Line]) -> list[Printed] | Failed:
    """Fill in all lines with one call, or say which one fails."""
    with run_folder.held("sets") as folder:
        first = _write_chart(folder / "chart", names, lines)
        done = _run(helm, folder)
        if done.breach or done.status < 0:
            raise HelmError(f"helm {helm.limits.breach(done.breach)}" if done.breach else "helm was ended by a signal")
        if done.status:
            return _failure(done.stderr, first)
        return _read(done.stdout.decode("utf-8", "replace"), len(lines))


def _run(helm: Helm, folder: Path) -> Completed:
    home = str(folder / "home")
    environ = {**renderer_environment(helm.environ), **helm_homes(home), "KUBECONFIG": os.devnull, "TMPDIR": str(folder)}
    # It ends before collecting garbage pays; near its limit Go collects nevertheless.
    environ |= heap_goal(environ, helm.limits.memory) | {"GOGC": helm.environ.get("GOGC", "off")}
    access = Access(write=(str(folder),), programs=(str(helm.program),), once=True, required=helm.required)
    command = [str(helm.program), "template", "filled", str(folder / "chart")]
    try:
        limits, group = helm.limits, helm.group
        return run(command, profile=Profile.RENDERER, access=access, environ=environ, cwd=folder, limits=limits, group=group)
    except OSError as error:
        raise HelmError(f"helm cannot be run: {error.strerror or error}") from None


def _write_chart(chart: Path, names: Names, lines: Sequence[Line]) -> int:
    """Write a chart that prints a line for each string; returns the number of the first of these lines."""
    (chart / "templates").mkdir(parents=True)
    text_at = _stored(chart, "t", {line.template: json.dumps(line.template) for line in lines})
    parameters_at = _stored(chart, "p", {line.parameters: line.parameters for line in lines})
    # No template can name ours, whose path begins with the name of the chart.
    files.write(chart / "Chart.yaml", f"apiVersion: v2\nname: {names.key}\nversion: 0.0.1\n".encode())
    stored = sorted({place.split()[1] for place in (*text_at.values(), *parameters_at.values())})
    normal = '{{ regexReplaceAll "[^-a-z0-9.]" (lower .) "-" | trunc 253 | trimAll "-." }}'
    head = [
        f'{{{{- define "{names.normalize}" }}}}{normal}{{{{ end }}}}',
        *(f'{{{{- {name} := .Files.Get "{name[1:]}.json" | mustFromJson }}}}' for name in stored),
        *_HEAD,
    ]
    body = [_line(number, line, names, text_at[line.template], parameters_at[line.parameters]) for number, line in enumerate(lines)]
    files.write(chart / "templates" / "filled.yaml", "\n".join((*head, *body, "")).encode())
    return len(head) + 1


def _line(number: int, line: Line, names: Names, text: str, parameters: str) -> str:
    """The template of one line. Its parameters are shared: our key is set for this line, or taken away."""
    ours = f'set {parameters} "{names.key}" $e' if line.records else f'unset {parameters} "{names.key}"'
    printed = f"{{{{ tpl {text} {parameters} | b64enc }}}}"
    return f'{{{{ $e := dict }}}}{{{{ $_ := {ours} }}}}  "{number}": "{printed}:{{{{ get $e "m" | b64enc }}}}"'


def _stored(chart: Path, name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Write JSON to files of the chart, each a list, and return how a template refers to each text."""
    number, size = 0, 0
    waiting: list[str] = []
    places: dict[str, str] = {}
    for key, text in texts.items():
        if waiting and size + len(text) > _FILE:
            _write_list(chart / f"{name}{number}.json", waiting)
            number, waiting, size = number + 1, [], 0
        places[key] = f"(index ${name}{number} {len(waiting)})"
        waiting.append(text)
        size += len(text)
    _write_list(chart / f"{name}{number}.json", waiting)
    return places


def _write_list(path: Path, texts: Sequence[str]) -> None:
    if sum(map(len, texts)) > 4 * _FILE // 3:
        raise HelmError("the parameters of one element are too large")
    files.write(path, f"[{','.join(texts)}]".encode())


def _failure(said: str, first: int) -> Failed:
    said = in_words_of_helm_3(said)
    found = _LINE.search(said)
    words = _ERROR.search(said)
    message = " ".join((words[1] if words else said).partition("Use --debug")[0].split()) or "helm failed without a word"
    return Failed(int(found[1]) - first if found and int(found[1]) >= first else None, message)


def _read(output: str, count: int) -> list[Printed]:
    found = {int(number): Printed(_text(text), _text(note)) for number, text, note in _OUTPUT.findall(output)}
    if len(found) != count:
        raise HelmError("helm printed something else than was asked for")
    return [found[number] for number in range(count)]


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode("utf-8", "replace")
