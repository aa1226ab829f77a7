"""A rule that somebody adds is one new folder: no test that is not about it breaks, whether it is filled in or not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clone import clone_into

GENERIC = (
    "tests/test_rules.py", "tests/test_docs.py", "tests/test_house.py", "tests/test_plugins.py", "tests/test_rule_exports.py",
    "tests/test_results.py", "tests/cli/test_cli_examples.py",
)  # fmt: skip
"""The tests that look at every rule there is; of those that lint the cases of one rule, the ones of the new rules."""
OTHER_CASES = "not test_a_rule_finds_what_its_case_marks and not _case_ and not test_it_sees_ or allow-"
FILLED_IN = '''"""Pods on the network of their node."""

from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Field, Finding, Level, Manifest, Rule


class AllowHostNetwork(Rule):
    """A pod is on the network of its node.

    ## Why
    Network policies do not hold it, and it reaches what listens on the node alone.

    ## Fix
    Remove `hostNetwork`, or allow the workload in the configuration.

    ## References
    - https://kubernetes.io/docs/concepts/security/pod-security-standards/
    """

    level = Level.WARNING

    def check_manifest(self, manifest: Manifest) -> Iterator[Finding]:
        place = ("spec", "template", "spec", "hostNetwork")
        if manifest.at(place) is True:
            yield self.finding(Field(manifest, place), f"{manifest.resource} is on the network of its node")
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with two new rules: one as `new-rule` writes it, and one that says something; the pages are written anew."""
    folder = clone_into(tmp_path_factory.mktemp("new-rule") / "agentslint")
    subprocess.run(["git", "init", "--quiet", folder], check=True)  # the paths of the examples begin at the root of a repository
    imported = folder.parent / "imported"
    imported.mkdir()
    (imported / "agentslint_rules").symlink_to(folder / "rules")
    for command in (["new-rule", "allow-me"], ["new-rule", "allow-host-network"]):
        run(folder, "-m", "agentslint", *command).check_returncode()
    fill_in(folder / "rules/allow_host_network")
    run(folder, "-m", "agentslint.docs").check_returncode()
    return folder


def fill_in(rule: Path) -> None:
    (rule / "__init__.py").write_text(FILLED_IN)
    pod, marked = (
        "      containers:",
        '      # expect: allow-host-network "is on the network of its node"\n      hostNetwork: true\n      containers:',
    )
    manifest = rule / "fail/plain/deployment.yaml"
    lines = [line for line in manifest.read_text().splitlines(keepends=True) if "expect:" not in line]
    manifest.write_text("".join(lines).replace(pod, marked))


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": f"{folder}:{folder.parent / 'imported'}"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # every command would compile the copy anew
    return subprocess.run([sys.executable, *words], cwd=folder, env=environ, capture_output=True, text=True)


def test_nothing_breaks_that_is_not_about_it(copy: Path) -> None:
    done = run(copy, "-m", "pytest", "-n", "0", "-p", "no:randomly", "-k", OTHER_CASES, *GENERIC)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
