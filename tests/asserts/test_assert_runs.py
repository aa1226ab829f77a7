"""An assert is a rule like any other one; what it could not judge is never green."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from tests.asserts.repositories import APPLICATION, DEPLOYED, HELM, PATCHED, lines, report_of, unknown, written
from tests.warm import run_text

pytest.importorskip("cel_expr_python")

REPLICAS = """
[[assert]]
name = "two-replicas"
level = "error"
match = { kinds = ["Deployment"] }
that = "object.spec.replicas >= 2"
message = "{object.metadata.name} runs {object.spec.replicas} replicas; at least 2 are needed"
"""
SECRET = {
    "kustomization.yaml": "resources: [secret.yaml]\n",
    "secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: top}\nstringData: {password: hunter2}\n",
}


def command(folder: Path, *words: str) -> tuple[int, str]:
    done = run_text(words, folder)
    return done.returncode, done.stdout + done.stderr


def test_level_page_and_sarif_are_those_of_the_table(tmp_path: Path) -> None:
    folder = written(tmp_path, PATCHED, REPLICAS)
    status, text = command(folder, "lint", "--offline", "--select", "two-replicas")
    assert status == 1
    assert "error[two-replicas] Deployment/api: api runs 1 replicas; at least 2 are needed" in text
    assert "two-replicas" in command(folder, "rules")[1]
    page = command(folder, "explain", "two-replicas")[1]
    assert "object.spec.replicas >= 2" in page
    assert "Only kinds: `Deployment`" in page
    sarif = json.loads(run_text(("lint", "--offline", "--select", "two-replicas", "-f", "sarif"), folder).stdout)
    (rule,) = sarif["runs"][0]["tool"]["driver"]["rules"]
    assert (rule["id"], rule["defaultConfiguration"]["level"]) == ("two-replicas", "error")
    assert "object.spec.replicas >= 2" in rule["help"]["markdown"]
    assert "helpUri" not in rule
    assert "two-replicas" in command(folder, "config", "schema")[1]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ('[rules.two-replicas]\nlevel = "note"\n', 0),
        ('[[environments]]\nname = "stage"\npaths = ["stage/*"]\n[rules.two-replicas]\nenvironments = ["stage"]\n', 2),
        ('[[environments]]\nname = "prod"\npaths = ["api/*"]\n[rules.two-replicas]\nlevels = { prod = "note" }\n', 0),
        ('[[ignore]]\nrule = "two-replicas"\nresource = "Deployment/api"\nreason = "one is enough"\n', 0),
    ],
)
def test_settings_of_rules_hold(tmp_path: Path, more: str, status: int) -> None:
    folder = written(tmp_path, PATCHED, REPLICAS + more)
    assert command(folder, "lint", "--offline", "--select", "two-replicas")[0] == status


def test_a_comment_and_the_baseline_accept_a_finding(tmp_path: Path) -> None:
    folder = written(tmp_path, PATCHED, REPLICAS)
    select = ("--offline", "--select", "two-replicas")
    assert command(folder, "baseline", "--offline")[0] == 0
    assert command(folder, "lint", *select)[0] == 0
    (folder / ".agentslint-baseline.json").unlink()
    patch = folder / "api/production/kustomization.yaml"
    patch.write_text(patch.read_text().replace("value: 1", "value: 1  # agentslint: ignore[two-replicas] one is enough"))
    assert command(folder, "lint", *select)[0] == 0


@pytest.mark.parametrize(
    ("match", "message"),
    [
        ("{ kinds = ['Deploymnt'] }", "assert two-replicas: no kind matches 'Deploymnt'; did you mean 'Deployment'?"),
        ("{ kinds = ['Deployment'], names = ['apo'] }", "assert two-replicas: no name matches 'apo'; did you mean 'api'?"),
        ("{ applications = ['web'] }", "assert two-replicas: no application matches 'web'"),
        ("\"object.kind == 'Pod'\"", "two-replicas has nothing to judge: nothing matches it and has all variables that it uses"),
        ("'application.name == \"web\"'", "two-replicas has nothing to judge: nothing matches it and has all variables that it uses"),
        ("'values.replicas > 0'", "two-replicas has nothing to judge: nothing matches it and has all variables that it uses"),
    ],
)
def test_an_assert_that_matches_nothing_is_named(tmp_path: Path, match: str, message: str) -> None:
    folder = written(tmp_path, PATCHED, REPLICAS.replace('{ kinds = ["Deployment"] }', match))
    with report_of(folder, "two-replicas") as report:
        assert unknown(report) == [message]
    with report_of(folder, "two-replicas", paths=("api/production",)) as report:
        assert unknown(report) == []
    with report_of(folder, "require-digest") as report:
        assert unknown(report) == []


def test_an_untrusted_tree_brings_no_asserts(tmp_path: Path) -> None:
    """Nothing bounds the cost of an expression."""
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    folder = written(tmp_path, PATCHED, REPLICAS)
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "policy")):
        subprocess.run((*git, *words), cwd=folder, check=True)
    select = ("lint", "--offline", "--untrusted", "--select", "two-replicas")
    status, text = command(folder, *select)
    assert status == 2
    assert ".agentslint.toml:6: an assert may take any time and memory, which --untrusted refuses" in text
    written(folder, PATCHED, REPLICAS.replace(">= 2", ">= 1"))
    status, text = command(folder, *select, "--policy-from", "main")
    assert status == 1
    assert "api runs 1 replicas" in text


def asserts(*tables: Sequence[str]) -> str:
    return "".join(f"[[assert]]\nname = '{name}'\nthat = '''{that}'''\nmessage = 'm'\n{more}\n" for name, that, more in tables)


def test_what_cannot_be_evaluated_is_not_checked(tmp_path: Path) -> None:
    text = asserts(
        ("a", "object.spec.replicas < 'x'", "match = {kinds = ['Deployment']}"),
        ("b", "1 / 0 == 1", "match = 'object.kind == \"Deployment\"'"),
        ("c", "true", "match = 'object.kind < 1'"),
        ("d", "object.items.all(o, o.spec.replicas < 'x')", "each = 'targets'"),
    )
    with report_of(written(tmp_path, PATCHED, text), "a", "b", "c", "d") as report:
        assert report.active == []
        assert unknown(report) == [
            "cannot tell whether a holds for Deployment/api: No matching overloads found : _<_(int64, string)",
            "cannot tell whether b holds for Deployment/api: divide by zero",
            "cannot tell whether c holds for Deployment/api: No matching overloads found : _<_(string, int64)",
            "cannot tell whether d holds for api/production: its expression fails",
        ]


def test_a_secret_is_shown_nowhere(tmp_path: Path) -> None:
    text = asserts(
        ("a", "object.stringData.password == 'x'", ""),
        ("b", "quantity(object.stringData.password).isInteger()", ""),
        ("c", "object.items.all(o, o.stringData.password == 'x')", "each = 'targets'"),
    ).replace("'m'", "'''{object} {object.?stringData.?password.orValue(\"\")}'''")
    folder = written(tmp_path, SECRET, text)
    for format_ in ("text", "json", "sarif", "github"):
        assert "hunter2" not in command(folder, "lint", "--offline", "--select", "?", "-f", format_)[1]
    assert "password" in command(folder, "lint", "--offline", "--select", "?")[1]


def test_a_message_may_use_what_not_every_object_has(tmp_path: Path) -> None:
    text = REPLICAS.replace("at least 2", "{application.name}, {values.replicas}, {target.name}")
    with report_of(written(tmp_path, PATCHED, text), "two-replicas") as report:
        assert lines(report)[0].endswith("(unknown), (unknown), api/production are needed")
    with report_of(written(tmp_path / "b", APPLICATION, DEPLOYED + text), "two-replicas") as report:
        assert lines(report)[0].endswith("web, 1, argocd/web are needed")


def test_an_image_that_is_none_is_not_checked(tmp_path: Path) -> None:
    files = {name: text.replace("ghcr.io/acme/api:v1", "ghcr.io/ACME:v1:x") for name, text in PATCHED.items()}
    with report_of(written(tmp_path, files, asserts(("a", "image.tag != ''", "each = 'images'"))), "a") as report:
        assert [message.partition(": ")[0] for message in unknown(report)] == [
            "cannot tell whether a holds for Deployment/api (container app)"
        ]


def test_values_that_only_a_remote_chart_knows_are_not_checked(tmp_path: Path) -> None:
    """The chart lies outside of the repository's files that can be read: its archive."""
    from agentslint.asserts.assert_rules import _may_be_a_default
    from agentslint.asserts.subjects import Subject

    with report_of(written(tmp_path, HELM, asserts(("a", "values.nothing == 1", "match = {kinds = ['Deployment']}"))), "a") as report:
        assert lines(report) == ["apps/web/values.yaml:1 Deployment/web: m: values.nothing is not there"]
    assert not _may_be_a_default(Subject(None), {"object": 1}, ())  # type: ignore[arg-type]


def test_definitions_are_judged_unless_kinds_leave_them_out(tmp_path: Path) -> None:
    crd = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: tools.acme.io}\n"
        "spec: {group: acme.io, names: {kind: Tool, plural: tools}, scope: Namespaced, versions: []}\n"
    )
    files = {
        "kustomization.yaml": "resources: [crd.yaml, pod.yaml]\n",
        "crd.yaml": crd,
        "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n",
    }
    text = asserts(("a", "has(object.metadata.labels)", ""), ("b", "has(object.metadata.labels)", "match = {kinds = ['Pod']}"))
    with report_of(written(tmp_path, files, text), "a") as report:
        assert [line.partition(" ")[2] for line in lines(report)] == ["CustomResourceDefinition/tools.acme.io: m", "Pod/p: m"]
    with report_of(tmp_path, "b") as report:
        assert [line.partition(" ")[2] for line in lines(report)] == ["Pod/p: m"]


def test_environments_and_namespaces_choose(tmp_path: Path) -> None:
    environments = '[[environments]]\nname = "prod"\nnamespaces = ["shop"]\n'
    text = environments + REPLICAS.replace("{ kinds", '{ environments = ["prod"], namespaces = ["sh*"], kinds')
    files = {**PATCHED, "api/production/kustomization.yaml": "namespace: shop\n" + PATCHED["api/production/kustomization.yaml"]}
    with report_of(written(tmp_path, files, text), "two-replicas") as report:
        assert len(report.active) == 1
        assert unknown(report) == []
    with report_of(written(tmp_path, files, text.replace('"shop"', '"shops"')), "two-replicas") as report:
        assert report.active == []
        assert unknown(report) == ["two-replicas has nothing to judge: nothing matches it and has all variables that it uses"]


def test_the_rule_of_an_assert_keeps_nothing(tmp_path: Path) -> None:
    options = RunOptions(
        (str(tmp_path),), select=("two-replicas",), root=str(tmp_path), offline=True, config=str(tmp_path / ".agentslint.toml")
    )
    written(tmp_path, PATCHED, REPLICAS)
    with open_session(options) as (session, _):
        before = [dict(vars(active.rule)) for active in session.rules]
        assert len(lint(session).active) == 1
        assert [vars(active.rule) for active in session.rules] == before
        assert session.context.with_subject == {"two-replicas"}
