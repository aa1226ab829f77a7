"""The page shows what a real run prints; `AGENTSLINT_WRITE_DOCS=1` writes it anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.asserts.repositories import HELM, written
from tests.conftest import PROJECT
from tests.warm import run_text

pytest.importorskip("cel_expr_python")

PAGE = PROJECT / "docs/asserts.md"
_RUN = re.compile(r"<!-- run: agentslint (?P<words>[^\n]*) -->\n```console\n(?P<output>.*?)```\n", re.S)


def test_the_output_on_the_page_is_that_of_a_run(tmp_path: Path) -> None:
    text = PAGE.read_text()
    folder = written(tmp_path, HELM, "".join(re.findall(r"```toml\n(.*?)```", text, re.S)))
    runs = list(_RUN.finditer(text))
    assert runs
    for found in runs:
        done = run_text([*found["words"].split(), "--offline"], folder)
        shown = re.sub(r"; \d+ of .*", "", done.stdout.strip())
        output = f"$ agentslint\n{shown}\n"
        if os.environ.get("AGENTSLINT_WRITE_DOCS"):
            PAGE.write_text(text.replace(found.group(), found.group().replace(f"```console\n{found['output']}", f"```console\n{output}")))
        else:
            assert found["output"] == output
