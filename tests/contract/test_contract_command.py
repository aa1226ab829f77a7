"""`agentslint contract`: the verified table, kept in a README, for an application and for a chart alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentslint.cli import main
from tests.contract.broken_chart import APPLICATION, CONTRACTS, Application, copied

README = "charts/agents/README.md"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Application:
    """The example application, from its own folder."""
    monkeypatch.chdir(tmp_path)
    copied(tmp_path / "app")
    monkeypatch.chdir(tmp_path / "app")
    return Application(tmp_path / "app")


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["contract", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def rows(text: str, heading: str) -> list[list[str]]:
    """The rows below a heading of the text table, by columns."""
    lines = text.partition(f"{heading}\n")[2].partition("\n\n")[0].splitlines()
    starts = [lines[0].index(name) for name in ("Value", "Rendered as", "Decides now", "Then", "If left out", "If all are empty")]
    return [[line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)] for line in lines[1:]]


def test_the_table_says_who_decides_now_and_who_next(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(APPLICATION) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"{APPLICATION}: chart agents, release agents\n")
    image = "containers[control-plane].image, env AGENTS_IMAGE"
    assert rows(text, "Deployment/agents: controlPlane.image, then image: verified") == [
        [
            "controlPlane.image.repository", image, "controlPlane.image.repository", "image.repository", "image.repository",
            "fails: set repository in controlPlane.image or image",
        ],
        [
            "controlPlane.image.tag", image, "controlPlane.image.tag", "image.tag", "image.tag",
            "fails: set tag in controlPlane.image or image",
        ],
        ["controlPlane.image.digest", image, "controlPlane.image.digest", "image.digest", "image.digest", "renders without"],
        [
            "controlPlane.image.pullPolicy", "containers[control-plane].imagePullPolicy", "image.pullPolicy", "image.pullPolicy",
            "image.pullPolicy", "renders without",
        ],
        [
            "controlPlane.image.pullSecrets", "imagePullSecrets", "image.pullSecrets", "image.pullSecrets", "image.pullSecrets",
            "renders without",
        ],
    ]  # fmt: skip
    runner = rows(text, "Deployment/agents-controllers: runner.image: verified")
    assert runner[0][1:] == [
        "env AGENTS_AGENT_RUNNER_IMAGE", "runner.image.repository", "none", "the default ghcr.io/acme/agents-runner",
        "fails: set repository in runner.image",
    ]  # fmt: skip


def test_chains_are_learnt_where_none_is_configured(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    (app.root / ".agentslint.toml").write_text("")
    assert run(APPLICATION, "--format", "json") == 0
    charts = json.loads(capsys.readouterr().out)["charts"]
    assert [(each["workload"], each["chain"], each["learnt"]) for each in charts[0]["workloads"]] == [
        ("Deployment/agents", ["controlPlane.image", "image"], True),
        ("Deployment/agents-controllers", ["controllers.image", "image"], True),
        ("Deployment/agents-controllers", ["runner.image"], True),
        ("Job/agents-smoke", ["argocdHooks.image"], True),
    ]
    assert {field["state"] for each in charts[0]["workloads"] for field in each["fields"]} == {"kept"}


def test_programs_are_told_why_there_is_nothing_to_show(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    (app.root / ".agentslint.toml").write_text("")
    (app.root / "web/charts/web/templates").mkdir(parents=True)
    (app.root / "web/kustomization.yaml").write_text("helmCharts: [{name: web, releaseName: web}]\n")
    (app.root / "web/charts/web/Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 0.1.0\n")
    (app.root / "web/charts/web/values.yaml").write_text("{}\n")
    (app.root / "web/charts/web/templates/a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    assert run("web", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["charts"], found["failures"]) == ([], [])
    assert [note.partition(":")[0] for note in found["notes"]] == ["nothing to show"]


def test_what_a_learnt_chart_does_otherwise_is_told_and_no_failure(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    (app.root / ".agentslint.toml").write_text("")
    app.patch({"_helpers.tpl": ("$override.digest | default $fallback.digest | default", "$override.digest | default")})
    assert run(APPLICATION) == 0
    text = capsys.readouterr().out
    assert "Deployment/agents: controlPlane.image, then image (learnt): not kept" in text
    assert "! containers[control-plane].image: with controlPlane.image.digest empty, image.digest is not used as the fallback" in text


def test_a_configured_contract_that_is_not_kept_fails(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    app.patch({"_helpers.tpl": ("$override.digest | default $fallback.digest | default", "$override.digest | default")})
    assert run(APPLICATION) == 1
    line = app.line("charts/agents/templates/deployment.yaml", "image:")
    why = "with controlPlane.image.digest empty, image.digest is not used as the fallback"
    assert f"not kept: {line}: Deployment/agents (container control-plane): {why}\n" in capsys.readouterr().err


def test_a_chart_alone_with_its_own_values(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in sorted(app.root.rglob("*")) if path.is_file()}
    assert run("charts/agents") == 0
    text = capsys.readouterr().out
    assert text.startswith("charts/agents: chart agents, release agents\n")
    table = rows(text, "Deployment/agents: controlPlane.image, then image: verified")
    assert [row[2] for row in table] == ["image.repository", "image.tag", "none is set", "image.pullPolicy", "none is set"]
    assert {path: path.read_bytes() for path in sorted(app.root.rglob("*")) if path.is_file()} == before


def test_the_readme_is_kept_between_marks(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    file = app.root / README
    before = file.read_text()
    assert run("charts/agents", "--write", README, "--check") == 1
    assert f"{README}: the table is stale: run agentslint contract charts/agents --write {README}" in capsys.readouterr().err
    assert file.read_text() == before
    assert run("charts/agents", "--write", README) == 0
    written = file.read_text()
    assert written.startswith(before)
    assert "| `runner.image.digest` | `env AGENTS_AGENT_RUNNER_IMAGE` | none is set | none | renders without | renders without |" in written
    assert run("charts/agents", "--write", README, "--check") == 0

    file.write_text(f"{written}\nMore words.\n")
    runner = '  image:\n    repository: ghcr.io/acme/agents-runner\n    tag: v0.4.0\n    digest: "'
    app.replace("charts/agents/values.yaml", runner, f"{runner}sha256:{'1' * 64}")
    assert run("charts/agents", "--write", README, "--check") == 1
    assert run("charts/agents", "--write", README) == 0
    assert file.read_text().startswith(before)
    assert file.read_text().endswith("<!-- agentslint contract: end -->\n\nMore words.\n")
    assert "| `runner.image.digest` | `env AGENTS_AGENT_RUNNER_IMAGE` | `runner.image.digest` |" in file.read_text()


@pytest.mark.parametrize(
    "text", ["<!-- agentslint contract: end -->\n", "<!-- agentslint contract: written by\n<!-- agentslint contract: written by"]
)
def test_marks_that_do_not_pair_are_left_alone(app: Application, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (app.root / "TABLE.md").write_text(text)
    assert run("charts/agents", "--write", "TABLE.md") == 2
    assert "TABLE.md: the table belongs between one" in capsys.readouterr().err
    assert (app.root / "TABLE.md").read_text() == text


def test_windows_line_ends_stay(app: Application) -> None:
    (app.root / "TABLE.md").write_bytes(b"# Values\r\n")
    assert run("charts/agents", "--write", "TABLE.md") == 0
    data = (app.root / "TABLE.md").read_bytes()
    assert data.startswith(b"# Values\r\n\r\n<!-- agentslint contract: written by")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert run("charts/agents", "--write", "TABLE.md", "--check") == 0


def test_nothing_is_written_where_something_could_not_be_verified(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    (app.root / ".agentslint.toml").write_text(CONTRACTS.replace('chart = "agents"', f'target = "{APPLICATION}"').replace("smoke", "smock"))
    before = (app.root / README).read_text()
    assert run(APPLICATION, "--write", README) == 2
    told = f"not verified: {APPLICATION}: chart agents renders no Job/agents-smock, which [[contracts]] names"
    assert told in capsys.readouterr().err
    assert (app.root / README).read_text() == before


def test_a_chart_that_does_not_render_is_named(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    app.replace("charts/agents/values.yaml", "  tag: v0.4.0\n  digest", '  tag: ""\n  digest')
    assert run("charts/agents") == 2
    assert "set tag in controlPlane.image or image" in capsys.readouterr().err


def test_a_chart_that_refuses_the_marks_is_not_verified(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    app.replace(
        "charts/agents/values.schema.json", '"repository": { "type": "string" }', '"repository": { "enum": ["", "ghcr.io/acme/agents"] }'
    )
    app.replace("charts/agents/values.yaml", "repository: ghcr.io/acme/agents-runner", "repository: ghcr.io/acme/agents")
    app.replace("charts/agents/values.yaml", "repository: curlimages/curl", "repository: ghcr.io/acme/agents")
    assert run("charts/agents") == 2
    captured = capsys.readouterr()
    assert "not verified" in captured.err
    assert "the schema of chart agents refuses the values" in captured.err
    assert "verified\n" not in captured.out.replace("not verified\n", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((APPLICATION, "--check"), "--check needs --write FILE"),
        (("plain/pod.yaml",), "no target here renders a Helm chart"),
        (("nowhere",), "nowhere: there is no such file or folder"),
    ],
)
def test_questions_that_make_no_sense(app: Application, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str) -> None:
    (app.root / "plain").mkdir()
    (app.root / "plain/pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
    assert run(*words) == 2
    assert told in capsys.readouterr().err


def test_extra_renders_are_counted(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(APPLICATION, "--verbose") == 0
    assert capsys.readouterr().err == "10 extra renders\n"
