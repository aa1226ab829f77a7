"""Plugins: installed packages and local files, and what happens when they are broken."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests import warm
from tests.conftest import PROJECT

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.acme.example/web:v1
---
apiVersion: acme.example/v1
kind: Robot
metadata:
  name: r2
spec:
  firmware: registry.acme.example/robots/r2:v1
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def plugins(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path, build_backend: Path) -> Path:
    """The plugin installed, by pip and for real, into a folder of its own."""
    folder = shared_folder / "plugins"
    with FileLock(shared_folder / "plugins.lock"):
        if not folder.exists():
            source = shutil.copytree(PROJECT / "tests/plugins/acme", tmp_path_factory.mktemp("source") / "acme")
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-compile"]
            environ = {**os.environ, "PYTHONPATH": str(build_backend)}
            subprocess.run([*pip, "--target", str(shared_folder / "plugins.partial"), str(source)], env=environ, check=True)
            (shared_folder / "plugins.partial").rename(folder)
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
        return warm.run_text(arguments, tmp_path, {**os.environ, "PYTHONPATH": str(path)} if path else None)

    return call


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "web.yaml"
    path.write_text(MANIFEST)
    return path


def test_an_installed_plugin_brings_rules_fields_and_a_format(run: Run, plugins: Path, manifest: Path) -> None:
    done = run(str(manifest), "--format", "json", path=plugins)
    found = {(result["rule"], result["location"]["start_line"]) for result in json.loads(done.stdout)["results"]}
    assert found == {("acme-unowned", 4), ("require-digest", 10), ("require-digest", 17)}
    assert run(str(manifest), "--format", "acme-count", path=plugins).stdout == "3 findings\n"


def test_it_brings_a_preset(run: Run, plugins: Path, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / ".agentslint.toml").write_text('extends = ["acme:strict"]\n[rules.acme-unowned]\nlabel = "owner"\n')
    done = run(str(manifest), "--select", "acme-unowned", "-f", "json", path=plugins)
    assert [row["level"] for row in json.loads(done.stdout)["results"]] == ["error"]
    shown = run("config", "show", "rules.acme-unowned", "-f", "json", path=plugins)
    assert json.loads(shown.stdout)["set-by"]["rules.acme-unowned.level"] == "acme:strict:2"
    assert json.loads(shown.stdout)["set-by"]["rules.acme-unowned.label"] == ".agentslint.toml:3"


def test_a_preset_that_is_not_installed_is_named(run: Run, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / ".agentslint.toml").write_text('extends = ["acme:strict"]\n')
    done = run(str(manifest))
    assert (done.returncode, done.stdout) == (2, "")
    assert ".agentslint.toml:1: extends.0: there is no preset 'acme:strict'" in done.stderr


def test_a_local_plugin_cannot_bring_a_preset(run: Run, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("def agentslint_register_presets():\n    return {}\n")
    (tmp_path / ".agentslint.toml").write_text('\nplugins = ["mine.py"]\n')
    done = run(str(manifest))
    assert done.returncode == 2
    assert ".agentslint.toml:2: plugin " in done.stderr
    assert "name their files in `extends`" in done.stderr


def test_its_options_come_from_the_configuration(run: Run, plugins: Path, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / ".agentslint.toml").write_text('[rules.acme-unowned]\nlabel = "team"\nlevel = "error"\n')
    done = run(str(manifest), "--select", "acme-unowned", path=plugins)
    assert "error[acme-unowned] Deployment/web has no label team" in done.stdout


ROLLOUT = """\
apiVersion: deploy.acme.example/v1
kind: Rollout
metadata: {name: web, namespace: shop}
spec: {path: web, image: "registry.acme.example/web:v7"}
"""


def test_a_plugin_brings_a_deployer(run: Run, plugins: Path, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web/kustomization.yaml").write_text("resources: [web.yaml]\n")
    (tmp_path / "web/web.yaml").write_text(MANIFEST.partition("---")[0])
    (tmp_path / "rollout.yaml").write_text(ROLLOUT)
    done = run(".", "--format", "json", "--select", "require-digest", path=plugins)
    found = [(row["targets"], "registry.acme.example/web:v7" in row["message"]) for row in json.loads(done.stdout)["results"]]
    assert found == [(["shop/web"], True)]
    assert "shop/web  web" in run("targets", ".", path=plugins).stdout


def test_a_plugin_finds_and_renders_targets(run: Run, plugins: Path, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "acme.rendered").write_text(MANIFEST)
    done = run(str(manifest), "--select", "acme-unowned", "-q", path=plugins)
    assert "acme.rendered" in done.stdout


def test_a_plugin_that_cannot_be_loaded_ends_the_run_with_its_name(run: Run, plugins: Path, manifest: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    (broken / "bad-1.0.dist-info").mkdir(parents=True)
    (broken / "bad-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: bad-plugin\nVersion: 1.0\n")
    (broken / "bad-1.0.dist-info/entry_points.txt").write_text("[agentslint]\nbad = no_such_module\n")
    done = run(str(manifest), path=broken)
    assert done.returncode == 2
    assert "bad-plugin" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_local_file_may_simply_define_a_rule(run: Run, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from agentslint.rule import Field, Rule\n"
        "class NoWeb(Rule):\n"
        '    """No web."""\n'
        "    def check_manifest(self, manifest):\n"
        "        if manifest.name == 'web':\n"
        "            yield self.finding(Field(manifest, ('metadata', 'name')), 'web is not wanted')\n"
    )
    (tmp_path / ".agentslint.toml").write_text('plugins = ["mine.py"]\n')
    assert "warning[no-web] web is not wanted" in run(str(manifest)).stdout


def test_a_rule_that_raises_is_named_and_the_others_go_on(run: Run, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from agentslint.rule import Rule\n"
        "class Boom(Rule):\n"
        '    """Booms."""\n'
        "    def check_manifest(self, manifest):\n"
        "        raise ZeroDivisionError('boom')\n"
    )
    (tmp_path / ".agentslint.toml").write_text('plugins = ["mine.py"]\n')
    done = run(str(manifest))
    assert done.returncode == 2
    assert "rule boom failed: ZeroDivisionError: boom" in done.stdout
    assert "require-digest" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("def agentslint_registre_rules(): return []\n", "there is no such hook"),
        ("import no_such_module\n", "cannot be loaded"),
        (
            "from agentslint.rule import Rule\nclass RequireDigest(Rule):\n    def check_target(self, target): return []\n",
            "two rules are named",
        ),
        ("from agentslint.rule import Rule\nclass Idle(Rule):\n    pass\n", "overrides no check_"),
    ],
)
def test_a_broken_local_plugin_is_an_error_with_its_file(run: Run, manifest: Path, tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "mine.py").write_text(text)
    (tmp_path / ".agentslint.toml").write_text('plugins = ["mine.py"]\n')
    done = run(str(manifest))
    assert (done.returncode, complaint in done.stderr, "mine.py" in done.stderr) == (2, True, True), done.stderr
