"""A configuration that no program can take is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentslint.config import load
from agentslint.errors import UsageError

DEEP = 100_000
SCENARIO = '[[scenario]]\nname = "s"\nchart = "web"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[render]\nbuild-options = ["-e\\u0000"]\n', "2: render.build-options.0: a text must not hold a NUL"),
        ('[render]\nkustomize = "a\\u0000b"\n', "2: render.kustomize: a text must not hold a NUL"),
        ('exclude = ["a", "b\\U00000000"]\n', "1: exclude.1: a text must not hold a NUL"),
        ('[[environments]]\nname = "a"\npaths = ["x\\u0000/*"]\n', "3: environments.0.paths.0: a text must not hold a NUL"),
        (f'{SCENARIO}values = {{a = {{"\\u0000" = "x"}}}}\n', "4: scenario.0.values.a: a key must not hold a NUL"),
        (f'{SCENARIO}[scenario.values]\nb = 1\n"c\\u0000" = "x"\n', "6: scenario.0.values: a key must not hold a NUL"),
    ],
)
def test_a_nul_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / ".agentslint.toml").write_text(text)
    with pytest.raises(UsageError, match=rf"\.agentslint\.toml:{said}".replace("[", r"\[")):
        load(tmp_path)


@pytest.mark.parametrize(
    "deep", ["a = " + "[" * DEEP + "]" * DEEP, "a = " + "{a=" * DEEP + "1" + "}" * DEEP, "a." * DEEP + "a = 1", "[" + "a." * DEEP + "a]"]
)
@pytest.mark.parametrize(("file", "header"), [(".agentslint.toml", "select = []"), ("pyproject.toml", "[tool.agentslint]")])
def test_what_nests_too_deep_is_refused(tmp_path: Path, file: str, header: str, deep: str) -> None:
    if file == "pyproject.toml" and deep.startswith("[a"):
        deep = deep.replace("[a", "[tool.agentslint.a", 1)
    (tmp_path / file).write_text(f"{header}\n{deep}\n")
    with pytest.raises(UsageError, match=rf"{file}:2: .*too deep"):
        load(tmp_path)
