"""The page shows what a real run prints; `AGENTSLINT_WRITE_DOCS=1` writes it anew."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import tomli

from tests.conftest import PROJECT
from tests.warm import run_text

pytest.importorskip("cel_expr_python")
pytest.importorskip("kubernetes_validate")

PAGE = PROJECT / "docs/scenarios.md"
HERE = "examples/agents"
_RUN = re.compile(r"<!-- run: agentslint (?P<words>[^\n]*) -->\n```console\n(?P<output>.*?)```\n", re.S)
_CHECK = "{{- if not (regexMatch $sha256 .Values.runner.image.digest) }}\n"


def test_the_output_on_the_page_is_that_of_a_run(tmp_path: Path) -> None:
    text = PAGE.read_text()
    shutil.copytree(PROJECT / HERE, tmp_path / HERE)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    validation = tmp_path / HERE / "charts/agents/templates/validation.yaml"
    before, check, after = validation.read_text().partition(_CHECK)
    assert check
    validation.write_text(before + after.partition("{{- end }}\n")[2])
    (found,) = _RUN.finditer(text)
    done = run_text(("lint", *found["words"].split(), "--offline"), tmp_path)
    shown = re.sub(r"; \d+ of .*", "", done.stdout.strip())
    output = f"$ agentslint {found['words']}\n{shown}\n"
    if os.environ.get("AGENTSLINT_WRITE_DOCS"):
        PAGE.write_text(text.replace(found.group(), found.group().replace(f"```console\n{found['output']}", f"```console\n{output}")))
    else:
        assert found["output"] == output


def test_the_tables_on_the_page_are_those_of_a_configuration() -> None:
    from agentslint.config import convert
    from agentslint.config.config_layer import ConfigLayer
    from agentslint.config.schema import Config

    for block in re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.S):
        convert(tomli.loads(block), Config, ConfigLayer("docs/scenarios.md", block))
