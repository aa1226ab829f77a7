"""The text of `agentslint tools list`."""

from __future__ import annotations

from pathlib import Path

from agentslint.tools import Tool, describe

KUSTOMIZE = Tool("kustomize", Path("/opt/kustomize"), "cache", "5.8.2")


def test_nothing_wrong() -> None:
    assert describe([KUSTOMIZE, Tool("helm", Path("/usr/bin/helm"), "path", "3.22.0")]) == (
        "tool       version  from   program\n"
        "kustomize  5.8.2    cache  /opt/kustomize\n"
        "helm       3.22.0   path   /usr/bin/helm\n"
        "Nothing is wrong with them.\n"
    )


def test_what_is_wrong_stands_below_its_tool() -> None:
    old = Tool("kustomize", Path("/opt/kustomize"), "path", "4.5.7").broken("kustomize 4.5.7 is too old")
    stuck = Tool("helm", Path("/usr/bin/helm"), "environment", "3.22").doubtful("this helm believes in v1.20")
    assert describe([old, stuck]) == (
        "tool       version  from         program\n"
        "kustomize  4.5.7    path         /opt/kustomize\n"
        "  error: kustomize 4.5.7 is too old\n"
        "helm       3.22     environment  /usr/bin/helm\n"
        "  note: this helm believes in v1.20\n"
        "To provide tested versions, run `agentslint tools install` and leave out AGENTSLINT_HELM.\n"
    )


def test_a_missing_tool() -> None:
    missing = Tool("helm", None, "missing").broken("helm is not installed")
    assert "helm       ?        missing\n  error: helm is not installed\n" in describe([KUSTOMIZE, missing])
