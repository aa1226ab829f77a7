"""Checkouts for the integrations: a user's repository, and one in which a stranger wrote."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from composite import Used
from git_repository import commit_all

EXAMPLES = Path(__file__).parents[2] / "examples"
CLEAN = "small/clean"
FINDINGS = "small/findings"
BROKEN = "small/broken"
"""Applications of one manifest: a run over one of them renders once. The examples' own take ten renders and more."""
CLEAN_EXAMPLE = "argocd/applications/agents"
EXAMPLE = "argocd/applications/storefront"
PROVIDED = {"Provide kustomize and helm": Used()}
"""The renderers are here already; `test_no_python_of_the_checkout_executes` runs that step, too."""
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web:v1.4.2{digest}
"""
DIGEST = "@sha256:" + "1f" * 32
MODULES = (
    "venv", "pip", "ensurepip", "json", "click", "sitecustomize", "usercustomize", "setuptools", "encodings", "runpy", "site", "tomli",
)  # fmt: skip
MARK = "import os\nopen(os.path.join({folder!r}, {name!r}), 'w').close()\n"


@dataclass(frozen=True)
class Stranger:
    """A checkout with hostile files, and the folder in which each of them leaves a mark when it executes."""

    checkout: Path
    marks: Path

    def leave_variables(self, patch: pytest.MonkeyPatch) -> None:
        """Set the variables by which Python would find those files."""
        for name, text in {"PYTHONPATH": ".", "PYTHONSTARTUP": "json.py", "PYTHONUSERBASE": "."}.items():
            patch.setenv(name, text)


def make_checkout(folder: Path) -> Path:
    """Make a user's repository, committed: a copy of the examples without their expired exception, and some small applications."""
    shutil.copytree(EXAMPLES, folder)
    configuration = folder / ".agentslint.toml"
    configuration.write_text(configuration.read_text(encoding="utf-8").partition("# finding: stale-ignore")[0], encoding="utf-8")
    for name, digest in {CLEAN: DIGEST, FINDINGS: "", BROKEN: ""}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "kustomization.yaml").write_text("resources:\n  - web.yaml\n")
        (folder / name / "web.yaml").write_text(WEB.format(digest=digest))
    (folder / BROKEN / "web.yaml").unlink()
    commit_all(folder)
    return folder


def make_hostile(checkout: Path, marks: Path) -> None:
    """Put into a checkout all that Python or pip could take for their own; what executes leaves a file in `marks`."""
    marks.mkdir()
    for name in MODULES:
        (checkout / f"{name}.py").write_text(MARK.format(folder=str(marks), name=name))
    for package in ("agentslint", "agentslint_rules", "pip"):
        (checkout / package).mkdir()
        for name in ("__init__", "__main__"):
            (checkout / package / f"{name}.py").write_text(MARK.format(folder=str(marks), name=f"{package}.{name}"))
    (checkout / "evil.pth").write_text(f"import os; open({str(marks / 'pth')!r}, 'w').close()\n")
    (checkout / "pyvenv.cfg").write_text("home = .\ninclude-system-site-packages = true\n")
    (checkout / "pip.conf").write_text("[global]\nindex-url = http://127.0.0.1:9/\n")
    (checkout / "setup.cfg").write_text("[install]\nprefix = .\n")
    (checkout / ".python-version").write_text("2.7\n")
    for program in ("python", "python3", "pip", "agentslint", "git", "kustomize", "helm"):
        (checkout / program).unlink(missing_ok=True) if not (checkout / program).is_dir() else None
        if not (checkout / program).exists():
            (checkout / program).write_text(f"#!/bin/sh\ntouch {marks}/{program}\n")
            (checkout / program).chmod(0o755)
