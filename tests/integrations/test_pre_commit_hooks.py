"""The hooks, run by the real pre-commit from a clone, on commits as people make them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from action_checkout import CLEAN, DIGEST
from git_repository import commit_all, git, nobody

SMALL = f"{CLEAN}/web.yaml"
VALUES = "argocd/applications/agents/values.yaml"
TOGETHER = "agents-controllers\n    tag: sha-72ab0f5def17a71428c80e5fd5a5848475ea8ef9"
APART = "agents-controllers\n    tag: sha-c1fabefbcd75f0b9aaab139ca1e6db1bef8c5cb0"
ORDERED = """\
[[groups]]
name = "agents"
images = ["ghcr.io/acme/agents-co*"]
targets = ["argocd/applications/agents"]
source = "{source}"
order = [{{ workloads = ["*/agents-controllers"] }}, {{ workloads = ["*/agents"] }}]

"""
CONFIGURATION = """\
repos:
  - repo: {repo}
    rev: {rev}
    hooks:
      - id: {hook}
        args: {args}
"""


@dataclass(frozen=True)
class User:
    """Somebody with a repository, who names a clone of the project in `repo:`."""

    repository: Path
    clone: Path
    environ: dict[str, str]

    def configure(self, hook: str = "agentslint", args: str = "[]") -> None:
        """Commit a .pre-commit-config.yaml."""
        rev = git(self.clone, "rev-parse", "HEAD").strip()
        text = CONFIGURATION.format(repo=self.clone, rev=rev, hook=hook, args=args)
        (self.repository / ".pre-commit-config.yaml").write_text(text)
        git(self.repository, "add", ".pre-commit-config.yaml")
        git(self.repository, "commit", "--quiet", "--no-verify", "--message=Configure pre-commit")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change one place of a file, and stage it."""
        file = self.repository / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        git(self.repository, "add", name)

    def pre_commit(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "-m", "pre_commit", *arguments], self.environ | variables)

    def commit(self) -> subprocess.CompletedProcess[str]:
        return self._run(["git", "commit", "--quiet", "--message=Promote"], self.environ)

    def _run(self, command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self.repository, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.fixture
def user(gitops: Path, released: Path, shared_folder: Path, kustomize: Path, helm: Path) -> User:
    """Environments of hooks are shared by the tests; pip and its cache are the developer's."""
    variables = {
        "PRE_COMMIT_HOME": str(shared_folder / "pre-commit"),
        "PRE_COMMIT_COLOR": "never",
        "AGENTSLINT_KUSTOMIZE": str(kustomize),
        "AGENTSLINT_HELM": str(helm),
    }
    return User(gitops, released, os.environ | nobody() | variables)


def test_the_manifest_and_the_documented_configurations_are_valid(project: Path, user: User, tmp_path: Path) -> None:
    pages = (project / "docs/pre-commit.md").read_text().split("```yaml\n")[1:]
    configurations = [tmp_path / f"{number}.yaml" for number, _ in enumerate(pages)]
    for path, page in zip(configurations, pages, strict=True):
        path.write_text(page.split("```", 1)[0])

    manifest = user.pre_commit("validate-manifest", str(project / ".pre-commit-hooks.yaml"))
    documented = user.pre_commit("validate-config", *map(str, configurations))

    assert manifest.returncode == 0, manifest.stdout
    assert configurations
    assert documented.returncode == 0, documented.stdout


def test_a_commit_of_a_values_file_fails_on_the_line_that_it_changed(user: User) -> None:
    user.configure()
    user.edit(VALUES, TOGETHER, APART)

    done = user.pre_commit("run")

    assert done.returncode == 1, done.stdout
    assert f"{VALUES}:{line_of(user, 'sha-c1fabefbcd')}:10" in done.stdout
    assert "image-lockstep" in done.stdout
    assert "1 of 1 target rendered" in done.stdout
    assert git(user.repository, "status", "--porcelain") == f"M  {VALUES}\n"


def test_the_documented_refusal_is_a_real_one(user: User, project: Path) -> None:
    user.configure()
    user.edit(VALUES, TOGETHER, APART)

    said = user.pre_commit("run").stdout.splitlines()

    shown = (project / "docs/pre-commit.md").read_text().split("```text\n")[1].split("```")[0].splitlines()
    assert len(shown) > 5
    for line in shown:
        assert line in said or any(real.startswith(line[:-1]) for real in said if line.endswith("…")), line


def test_a_clean_commit_passes(user: User) -> None:
    user.configure()
    user.edit(SMALL, "name: web", "name: site")

    done = user.pre_commit("run", "--verbose")

    assert done.returncode == 0, done.stdout
    assert "1 of 1 target rendered" in done.stdout


def test_a_staged_promotion_is_judged_against_what_is_committed(user: User, tmp_path: Path) -> None:
    """The control plane goes before the controllers, which its release group has first."""
    source = tmp_path / "source"
    source.mkdir()
    first, second = (_feature(source, name) for name in ("one", "two"))
    user.edit(".agentslint.toml", "[[ignore]]", ORDERED.format(source=source) + "[[ignore]]")
    text = (user.repository / VALUES).read_text()
    user.edit(VALUES, text, text.replace("sha-72ab0f5def17a71428c80e5fd5a5848475ea8ef9", f"sha-{first}"))
    user.configure(args="[--base, HEAD, --select, promotion-order]")
    user.edit(VALUES, f"agents-control-plane\n    tag: sha-{first}", f"agents-control-plane\n    tag: sha-{second}")

    done = user.pre_commit("run")

    assert done.returncode == 1, done.stdout
    assert f"{VALUES}:{line_of(user, second)}:10 error[promotion-order]" in done.stdout
    assert "release group agents promotes Deployment/agents-controllers (container controllers) first" in done.stdout
    assert git(user.repository, "status", "--porcelain") == f"M  {VALUES}\n"


def _feature(source: Path, name: str) -> str:
    (source / f"{name}.go").write_text("package main\n")
    return commit_all(source)


def test_a_commit_of_a_text_file_is_skipped(user: User) -> None:
    user.configure()
    user.edit("README.md", "# Examples", "# Our examples")

    done = user.pre_commit("run")

    assert done.returncode == 0
    assert "Skipped" in done.stdout


def test_a_file_that_no_target_reads_is_a_note(user: User) -> None:
    user.configure()
    (user.repository / "renovate.json").write_text("{}\n")
    git(user.repository, "add", "renovate.json")

    done = user.pre_commit("run", "--verbose")

    assert done.returncode == 0, done.stdout
    assert "note: renovate.json: no target reads it" in done.stdout


def test_a_template_of_a_chart_stands_for_every_application_that_uses_it(user: User) -> None:
    user.configure()
    user.edit("charts/agents/templates/_helpers.tpl", "{{", "{{/* looked at */}}\n{{")

    done = user.pre_commit("run")

    assert done.returncode == 1
    assert "2 of 3 targets rendered" in done.stdout


def test_git_runs_the_hook_in_a_worktree(user: User) -> None:
    """git tells its hooks where it works by GIT_DIR, GIT_INDEX_FILE and others; in a worktree those are not the usual ones."""
    user.configure()
    git(user.repository, "worktree", "add", "--quiet", "-b", "promotion", "../worktree")
    assert user.pre_commit("install").returncode == 0
    there = User(user.repository.parent / "worktree", user.clone, user.environ)

    there.edit(SMALL, DIGEST, "")
    refused = there.commit()
    there.edit(SMALL, ":v1.4.2", f":v1.4.2{DIGEST}")
    there.edit(SMALL, "name: web", "name: site")
    accepted = there.commit()

    assert refused.returncode == 1, refused.stdout
    assert f"{SMALL}:" in refused.stdout
    assert accepted.returncode == 0, accepted.stdout
    assert "agentslint" in accepted.stdout


def test_all_targets_are_linted_although_a_file_was_deleted(user: User) -> None:
    user.configure("agentslint-all", f"[{CLEAN}]")
    before = user.pre_commit("run")
    git(user.repository, "rm", "--quiet", SMALL)

    done = user.pre_commit("run")

    assert before.returncode == 0, before.stdout
    assert done.returncode == 1
    assert "exit code: 2" in done.stdout
    assert f"{CLEAN}/kustomization.yaml:" in done.stdout


def test_missing_renderers_are_told_with_what_provides_them(user: User, tmp_path: Path) -> None:
    user.configure()
    assert user.pre_commit("install-hooks").returncode == 0
    user.edit(VALUES, "replicas: 2", "replicas: 3")
    nothing = {"AGENTSLINT_KUSTOMIZE": "", "AGENTSLINT_HELM": "", "XDG_CACHE_HOME": str(tmp_path / "cache")}

    done = user.pre_commit("run", PATH=bare_path(tmp_path / "bin"), **nothing)

    assert done.returncode == 1
    assert "exit code: 2" in done.stdout
    assert "agentslint tools install" in done.stdout


def test_the_manual_hook_provides_the_renderers(user: User) -> None:
    user.configure("agentslint-tools")

    at_a_commit = user.pre_commit("run", "--all-files")
    by_hand = user.pre_commit("run", "--hook-stage", "manual", "agentslint-tools")

    assert [line for line in at_a_commit.stdout.splitlines() if not line.startswith("[INFO]")] == []
    assert by_hand.returncode == 0, by_hand.stdout
    assert "already in" in by_hand.stdout


def line_of(user: User, text: str) -> int:
    """Return the line of the values file, after the edits, that holds a text."""
    (line,) = [number for number, line in enumerate((user.repository / VALUES).read_text().splitlines(), 1) if text in line]
    return line


def bare_path(folder: Path) -> str:
    """Return a PATH on which there are git and this Python, by whose name pre-commit knows its environments, and nothing else."""
    git_program = shutil.which("git")
    assert git_program
    folder.mkdir()
    (folder / "git").symlink_to(git_program)
    interpreter = Path(sys.executable).resolve()
    (folder / interpreter.name).symlink_to(interpreter)
    return str(folder)
