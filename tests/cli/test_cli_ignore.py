"""`[[ignore]]`: what an entry accepts, for how long, and when it is itself a finding."""

from __future__ import annotations

import datetime
import json

import pytest
from cli_command import Command, Repo, pod

REASON = "the vendor publishes no digest"


def entry(**keys: str) -> str:
    table = {"rule": "require-digest", "reason": REASON, **keys}
    return "[[ignore]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())


def day(offset: int) -> str:
    return (datetime.date.today() + datetime.timedelta(days=offset)).isoformat()


@pytest.fixture
def bad(repo: Repo) -> Repo:
    """Two targets with one finding each."""
    return repo.kustomization("apps/web", ["nginx:1"]).kustomization("apps/db", ["ghcr.io/acme/db:v2"])


def findings(command: Command, repo: Repo, *arguments: str) -> list[str]:
    """What is left after the entries: rule and file, in order; the status agrees with it."""
    done = command(*(arguments or (".",)), "-q", cwd=repo.root)
    found = [f"{line.partition('[')[2].partition(']')[0]} {line.partition(':')[0]}" for line in done.lines]
    assert done.status == (1 if found else 0), done
    return found


WEB, DB, STALE = "require-digest apps/web/pod-0.yaml", "require-digest apps/db/pod-0.yaml", "stale-ignore .agentslint.toml"


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        ({}, []),
        ({"rule": "*"}, []),
        ({"rule": "require-*"}, []),
        ({"target": "apps/web"}, [DB]),
        ({"target": "apps/*"}, []),
        ({"target": "web"}, [DB, WEB]),
        ({"resource": "Pod/pod-0"}, []),
        ({"resource": "Pod/*"}, []),
        ({"resource": "Job/*"}, [STALE, DB, WEB]),
        ({"container": "main"}, []),
        ({"container": "m?in", "image": "nginx:*"}, [DB]),
        ({"container": "other"}, [STALE, DB, WEB]),
        ({"image": "ghcr.io/acme/*"}, [WEB]),
        ({"image": "nginx"}, [STALE, DB, WEB]),
        ({"image": "nginx*", "target": "apps/web", "resource": "Pod/*", "container": "main"}, [DB]),
        ({"image": "nginx*", "target": "apps/db"}, [STALE, DB, WEB]),
        ({"until": day(1)}, []),
        ({"until": day(0)}, []),
        ({"until": day(-1)}, [STALE, DB, WEB]),
    ],
)
def test_what_an_entry_accepts(command: Command, bad: Repo, keys: dict[str, str], left: list[str]) -> None:
    bad.write({".agentslint.toml": entry(**keys)})
    assert findings(command, bad) == left


def test_an_accepted_finding_is_kept_with_its_reason_not_dropped(command: Command, bad: Repo) -> None:
    bad.write({".agentslint.toml": f"# why\n\n{entry(target='apps/web')}{entry(target='apps/db')}"})
    done = command(".", "-f", "json", "-f", "sarif", "-o", "a.sarif", "--sarif-suppressed", cwd=bad.root)
    report = json.loads(done.out)
    assert (done.status, report["summary"]["suppressed"]) == (0, 2)
    assert [result["suppressions"][0]["justification"] for result in report["results"]] == [REASON, REASON]
    assert [result["suppressions"][0]["location"]["start_line"] for result in report["results"]] == [7, 3]
    (run,) = json.loads((bad.root / "a.sarif").read_text())["runs"]
    assert [result["suppressions"][0]["kind"] for result in run["results"]] == ["external", "external"]
    assert "2 suppressed" in command(".", cwd=bad.root).lines[-1]


def test_a_stale_entry_is_a_finding_on_its_own_line(command: Command, bad: Repo) -> None:
    bad.write({".agentslint.toml": f"# why\nfail-on = 'error'\n\n{entry()}\n{entry(resource='Job/gone')}"})
    done = command(".", "-q", cwd=bad.root)
    assert done.status == 0
    assert [line.startswith(".agentslint.toml:8:1 warning[stale-ignore] ") and REASON in line for line in done.lines] == [True], done.out


def test_a_stale_entry_of_a_pyproject_is_found_on_its_line_there(command: Command, bad: Repo) -> None:
    entries = (entry() + entry(resource="Job/gone")).replace("[[ignore]]", "[[tool.agentslint.ignore]]")
    bad.write({"pyproject.toml": f"[project]\nname = 'x'\n\n{entries}"})
    assert command(".", "-q", cwd=bad.root).out.startswith("pyproject.toml:7:1 warning[stale-ignore] ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("apps/web", "--select", "mutable-tag,stale-ignore"),
        ("apps/db",),
        ("apps/web", "--ignore", "stale-ignore"),
        ("apps/web", "--ignore", "require-digest"),
    ],
)
def test_an_entry_that_could_not_have_matched_is_not_accused(command: Command, bad: Repo, arguments: tuple[str, ...]) -> None:
    """Its rule did not run, or its target was not linted."""
    bad.write({".agentslint.toml": entry(target="apps/web", image="gone")})
    assert [found for found in findings(command, bad, *arguments) if found == STALE] == []
    assert STALE in findings(command, bad, "apps/web")


def test_an_entry_whose_target_did_not_render_is_not_accused(command: Command, bad: Repo) -> None:
    bad.write({"apps/web/kustomization.yaml": "resources: [nowhere.yaml]\n", ".agentslint.toml": entry(target="apps/web")})
    done = command(".", "-q", cwd=bad.root)
    assert (done.status, "stale-ignore" in done.out) == (2, False)


@pytest.mark.parametrize(
    "keys",
    [{"resource": "Pod/pod-0", "image": "ghcr.io/acme/*"}, {"image": "ghcr.io/acme/*"}, {"target": "apps/*", "image": "ghcr.io/acme/*"}],
)
def test_an_entry_for_something_that_this_run_did_not_look_at_is_not_accused(command: Command, bad: Repo, keys: dict[str, str]) -> None:
    """What a commit hook runs: the targets of the files that changed, with the entries of all."""
    bad.write({".agentslint.toml": entry(**keys)})
    assert findings(command, bad, "apps/web") == [WEB]
    assert findings(command, bad) == [WEB]


def test_an_entry_for_several_rules_is_not_accused_where_none_of_them_ran(command: Command, bad: Repo) -> None:
    bad.write({".agentslint.toml": entry(rule="*-digest"), "other.yaml": pod()})
    assert findings(command, bad, ".", "--select", "mutable-tag,stale-ignore") == []


def test_what_could_not_be_checked_cannot_be_accepted(command: Command, bad: Repo) -> None:
    bad.write({"broken.yaml": "apiVersion: v1\nkind: Pod\nx: [\n", "no/kustomization.yaml": "resources: [gone.yaml]\n"})
    bad.write({".agentslint.toml": entry(rule="*")})
    done = command(".", cwd=bad.root)
    assert (done.status, "broken.yaml:4:1" in done.out or "broken.yaml:3" in done.out) == (2, True)
    assert "gone.yaml" in done.out
