"""Configuration files of a stranger: what they may say, and what is wrong with them."""

from __future__ import annotations

from tests.hostile.attack import NOT_GREEN, UNCHECKED, Build, Manner, attack, family
from tests.hostile.scene import Scene, pod

BROKEN = {
    "bytes": b"\xff\xfe\x00a",
    "nul": b'exclude = ["a\\u0000b"]\n',
    "nul_as_it_is": b"exclude = ['a\0b']\n",
    "deep": b"a = " + b"[" * 100_000,
    "huge": b"# " + b"a" * (2 << 20),
    "wrong_types": b"exclude = 1\nrender = []\n",
    "large_number": b"[render]\ntimeout = 1e400\n",
    "not_a_number": b"[render]\ntimeout = nan\n",
    "negative_number": b"[render]\nmemory = -1\n",
    "huge_number": b"[render]\nmemory = 99999999999999999999999\n",
    "expensive_glob": b'exclude = ["' + b"**/" * 3000 + b'a"]\n',
    "unknown_rule": b'[rules.none]\nlevel = "error"\n',
    "kubernetes_version": b'[render]\nkube-version = "--post-renderer=/bin/sh"\n',
    "twice": b"exclude = []\nexclude = []\n",
    "utf16": b"\xff\xfe" + "exclude = []\n".encode("utf-16-le"),
    "bad_date": b"[[ignore]]\nrule = '*'\nreason = 'a'\nuntil = 9999-99-99\n",
}


def _broken(content: bytes) -> Build:
    def build(scene: Scene) -> None:
        """A configuration that cannot be meant is an error of one line, never a traceback and never green."""
        scene.write({".agentslint.toml": content, "app/web.yaml": pod()})

    return build


family([(f"broken_{name}", _broken(content)) for name, content in BROKEN.items()], ends=NOT_GREEN, limit=30)
family([("broken_in_the_project_file", _broken(b"[tool.agentslint]\nexclude = 1\n"))], Manner.DIFF)

PATHS = {
    "baseline": 'baseline = "a\\u0000b"\n',
    "source": '[[groups]]\nname = "g"\nimages = ["*"]\nsource = "a\\u0000b"\napi-paths = ["*"]\n',
    "plugin": 'plugins = ["a\\u0000b.py"]\n',
    "kustomize": '[render]\nkustomize = "a\\u0000b"\n',
    "helm": '[render]\nhelm = "a\\u0000b"\n',
    "option": '[render]\nbuild-options = ["a\\u0000b"]\n',
    "api_version": '[render]\napi-versions = ["a\\u0000b"]\n',
    "kubernetes_version": '[render]\nkube-version = "a\\u0000b"\n',
}


def _nul(text: str) -> Build:
    def build(scene: Scene) -> None:
        """A path or word of the configuration holds a NUL."""
        scene.chart({".agentslint.toml": text})

    return build


family([(f"nul_in_{name}", _nul(text)) for name, text in PATHS.items()], Manner.FOLDER, Manner.BASE, ends=NOT_GREEN)


def _option(text: str) -> Build:
    def build(scene: Scene) -> None:
        """An option of the build would write elsewhere, or end the limits that hold it."""
        scene.write({".agentslint.toml": f"[render]\nbuild-options = [{text.format(outside=scene.outside)}]\n", "app/web.yaml": pod()})

    return build


OPTIONS = {
    "output": '"-o", "{outside}/written.yaml"',
    "long_output": '"--output={outside}/written.yaml"',
    "joined_output": '"-o{outside}/written.yaml"',
    "shortened": '"--outp", "{outside}/written.yaml"',
    "helm_command": '"--helm-command", "{outside}/token"',
    "joined_helm_command": '"--helm-command={outside}/token"',
    "mount": '"--mount", "type=bind,src=/,dst=/a"',
    "another_folder": '"{outside}"',
    "end_of_options": '"--"',
    "stack_trace": '"--stack-trace"',
    "environment": '"-e", "GITHUB_TOKEN"',
    "help": '"--help"',
}
family([(f"option_{name}", _option(text)) for name, text in OPTIONS.items()], ends=NOT_GREEN)


@attack(Manner.LINE, ends=UNCHECKED)
def output_over_a_source(scene: Scene) -> None:
    """The report would be written to a folder."""
    scene.line = ["lint", "app", "-f", "json", "-o", "app"]
