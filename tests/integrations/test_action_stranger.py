"""The action on a stranger's pull request: nothing of the checkout executes, and the policy is that of the base."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from action_checkout import CLEAN_EXAMPLE, FINDINGS, PROVIDED, Stranger
from composite import Ran, Runner, Used
from git_repository import commit_all, git

NOTHING: Mapping[str, Used] = MappingProxyType({})


def test_no_python_of_the_checkout_executes(
    released: Path, stranger: Stranger, installed: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The installation has run in this checkout already."""
    stranger.leave_variables(monkeypatch)
    (tmp_path / "agentslint").mkdir()
    ends = {"python": Used(), "install": Used(installed | {"home": str(tmp_path / "agentslint")}), "renderers": Used({"cache-hit": "true"})}

    ran = Runner(released, stranger.checkout, tmp_path, {"runner.os": "Linux", "runner.arch": "X64"}).run({"paths": CLEAN_EXAMPLE}, ends)

    assert sorted(path.name for path in stranger.marks.iterdir()) == []
    assert ran.status == 0, ran.log


class Request:
    """A pull request on the examples: `change` says what it writes."""

    def __init__(self, action: Path, checkout: Path, temp: Path, command: str) -> None:
        self.action, self.checkout, self.temp, self.command = action, checkout, temp, command
        self.base = git(checkout, "rev-parse", "HEAD").strip()

    def change(self, path: str, text: str) -> None:
        file = self.checkout / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        commit_all(self.checkout)

    def policy(self, on: str, fork: bool = True) -> str:
        """Run all but the lint step: the policy that it would be given."""
        return self(fork, on=on, ends={"lint": Used({"exit-code": "0"})}).outputs["inputs"]["policy"]

    def __call__(
        self, fork: bool = True, base: str | None = None, on: str = "pull_request", ends: Mapping[str, Used] = NOTHING, **inputs: str
    ) -> Ran:
        event = {
            "runner.os": "Linux",
            "runner.arch": "X64",
            "github.event_name": on,
            "github.repository": "acme/gitops",
        }
        if on.startswith("pull_request"):
            event |= {
                "github.event.pull_request.head.repo.full_name": "somebody/gitops" if fork else "acme/gitops",
                "github.event.pull_request.base.sha": self.base if base is None else base,
            }
        installed = {"command": self.command, "home": str(self.temp / "agentslint"), "version": "0", "cache": str(self.temp / "cache")}
        known = {"python": Used(), "install": Used(installed), "renderers": Used({"cache-hit": "true"}), **PROVIDED, **ends}
        return Runner(self.action, self.checkout, self.temp, event).run({"paths": FINDINGS, **inputs}, known)


@pytest.fixture
def request_(released: Path, gitops: Path, tmp_path: Path) -> Request:
    """A pull request from a fork that turns everything off."""
    temp = tmp_path / "temp"
    (temp / "agentslint").mkdir(parents=True)
    found = Request(released, gitops, temp, str(Path(sys.executable).with_name("agentslint")))
    found.change(".agentslint.toml", 'fail-on = "never"\n')
    return found


def test_a_fork_is_judged_by_the_policy_of_the_base(request_: Request) -> None:
    ran = request_()
    assert ran.status == 1, ran.log
    assert f"policy: {request_.base[:10]}" in ran.log


def test_the_input_decides_where_it_is_given(request_: Request) -> None:
    assert request_(policy="head").status == 0
    assert request_(fork=False).status == 0
    assert request_(fork=False, policy="base").status == 1
    assert request_(policy="both").status == 2


@pytest.mark.parametrize("on", ["pull_request_target", "pull_request_review", "pull_request_review_comment"])
def test_every_event_of_a_pull_request_knows_a_fork(request_: Request, on: str) -> None:
    assert request_.policy(on) == "base"
    assert request_.policy(on, fork=False) == ""


@pytest.mark.parametrize("on", ["issue_comment", "workflow_run", "push"])
def test_the_policy_of_a_base_needs_a_pull_request(request_: Request, on: str) -> None:
    ran = request_(on=on, policy="base")
    assert ran.status == 2
    assert f"policy: base needs a pull request, which {on} does not bring" in ran.log
    assert request_.policy(on) == ""


def test_a_plugin_of_a_fork_is_not_run(request_: Request, tmp_path: Path) -> None:
    request_.change(".agentslint.toml", 'plugins = ["evil.py"]\n')
    request_.change("evil.py", f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    assert request_().status == 1
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("base", ["", "1" * 40])
def test_a_base_that_is_not_here_fails_the_job(request_: Request, base: str) -> None:
    ran = request_(base=base)
    assert ran.status == 2
    assert "--policy-from" in ran.log


def test_a_link_of_the_checkout_leads_no_report_out_of_it(request_: Request, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "agentslint.sarif").write_text("mine")
    (request_.checkout / "results").symlink_to(outside)
    ran = request_(**{"sarif-file": "results/agentslint.sarif"})
    assert (ran.status, "leads out of the checkout" in ran.log) == (2, True), ran.log
    assert (outside / "agentslint.sarif").read_text() == "mine"
