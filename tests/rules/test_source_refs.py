"""Image lockstep, where one of the two is no image: remote bases, charts and Applications at a revision."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions
from agentslint.model import Report

OLD = "2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d"
NEW = "9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c"
GROUP = '[[groups]]\nname = "build"\nimages = ["quay.io/acme/*"]\nremotes = ["github.com/acme/*"]\n'


def base(revision: str, folder: str = "config/default", repository: str = "acme/build-service") -> str:
    return f"- https://github.com/{repository}/{folder}{revision and '?ref=' + revision}\n"


def image(tag: str, name: str = "quay.io/acme/build-service", new_name: str = "") -> str:
    return f"- name: {name}\n" + (f"  newName: {new_name}\n" if new_name else "") + f"  newTag: {tag}\n"


def kustomization(resources: str, images: str = "") -> str:
    return f"resources:\n{resources}" + (f"images:\n{images}" if images else "")


def linted(root: Path, files: Mapping[str, str], *paths: str, offline: bool = True) -> Report:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    chosen = tuple(str(root / path) for path in paths) or (str(root),)
    with open_session(RunOptions(chosen, select=("image-lockstep",), root=str(root), offline=offline, jobs=1)) as (run, _):
        return lint(run)


def told(report: Report) -> list[str]:
    places = ((result.location, result.finding.message) for result in report.active)
    return [f"{place.path}:{place.region.start_line}:{place.region.start_column} {message}" for place, message in places]


def test_a_base_that_cannot_be_fetched_is_compared_with_what_is_pinned_beside_it(tmp_path: Path) -> None:
    report = linted(tmp_path, {"kustomization.yaml": kustomization(base(OLD), image(NEW))})

    assert told(report) == [
        "kustomization.yaml:2:60 the base github.com/acme/build-service is at 2a3b4c5d6e, not at 9f8e7d6c5b; "
        "release group build-service has build-service 9f8e7d6c5b, github.com/acme/build-service 2a3b4c5d6e"
    ]
    (result,) = report.active
    assert result.location.region.end_column == 60 + 40
    assert [(place.path, place.region.start_line, place.message) for place in result.related] == [
        ("kustomization.yaml", 5, "build-service is at 9f8e7d6c5b")
    ]
    assert [failure.rendering for failure in report.failures] == [True], "it has not rendered, and that is still said"


@pytest.mark.parametrize(
    ("resources", "images"),
    [
        (base(NEW), image(NEW)),
        (base(NEW), image(NEW[:8])),
        (base(NEW[:7]), image(f"sha-{NEW}")),
        (base(NEW.upper()), image(NEW)),
        (base(NEW), image(NEW, "localhost/controller", "quay.io/acme/build-service")),
        (base(NEW) + base(NEW, "config/monitoring/"), image(NEW)),
        (base(NEW), image(OLD, "quay.io/acme/task-runner")),
        (base(NEW, repository="acme/build-service-crds"), image(OLD)),
        (base("v1.4.0"), image(NEW)),
        (base("main"), image(NEW)),
        (base(""), image(NEW)),
        (base(NEW), image("v1.4.0")),
        (base(NEW), ""),
        (f"- https://raw.githubusercontent.com/acme/build-service/{OLD}/crd.yaml\n", image(NEW)),
    ],
)
def test_what_agrees_or_cannot_be_compared_is_left_alone(tmp_path: Path, resources: str, images: str) -> None:
    assert told(linted(tmp_path, {"kustomization.yaml": kustomization(resources, images)})) == []


@pytest.mark.parametrize(
    "images",
    [
        image(NEW, "localhost/controller", "quay.io/acme/build-service"),
        image(NEW, "build-service", "mirror.acme.com/copies/build-service"),
        image(NEW[:8]),
        image(f"main-{NEW[:9]}"),
    ],
)
@pytest.mark.parametrize(
    "resources",
    [
        base(OLD),
        base(OLD[:8]),
        f"- git@github.com:acme/build-service.git//config?ref={OLD}\n",
        f"- github.com/acme/build-service?version={OLD}&timeout=90s\n",
        f"- https://dev.azure.com/acme/project/_git/build-service/config?ref={OLD}\n",
    ],
)
def test_however_people_write_the_two(tmp_path: Path, resources: str, images: str) -> None:
    (message,) = told(linted(tmp_path, {"kustomization.yaml": kustomization(resources, images)}))
    assert f"is at {OLD[:8]}" in message
    assert f", not at {NEW[:8]}" in message


def test_one_of_two_bases_that_was_left_behind_is_the_one_that_is_named(tmp_path: Path) -> None:
    resources = base(OLD, "config/snapshots") + base(NEW)
    assert [line[:23] for line in told(linted(tmp_path, {"kustomization.yaml": kustomization(resources, image(NEW))}))] == [
        "kustomization.yaml:2:62"
    ]


def test_components_and_old_bases_are_members_too(tmp_path: Path) -> None:
    text = f"bases:\n{base(OLD)}components:\n{base(NEW)}images:\n{image(NEW)}"
    assert [line[:23] for line in told(linted(tmp_path, {"kustomization.yaml": text}))] == ["kustomization.yaml:2:60"]


def test_an_overlay_that_moves_the_image_alone_is_a_finding_at_the_ref_of_its_base(tmp_path: Path) -> None:
    report = linted(
        tmp_path,
        {
            "base/kustomization.yaml": kustomization(base(OLD), image(OLD)),
            "staging/kustomization.yaml": kustomization("- ../base\n", image(NEW)),
            "production/kustomization.yaml": kustomization("- ../base\n"),
        },
    )
    assert [line[:26] for line in told(report)] == ["base/kustomization.yaml:2:"]
    assert report.active[0].targets == ("staging",)


def test_two_environments_in_one_target_are_not_mixed_up(tmp_path: Path) -> None:
    report = linted(
        tmp_path,
        {
            "kustomization.yaml": kustomization("- staging\n- production\n"),
            "staging/kustomization.yaml": kustomization(base(NEW), image(NEW)),
            "production/kustomization.yaml": kustomization(base(OLD), image(OLD)),
        },
    )
    assert [failure.target for failure in report.failures] == [".", "production"]
    assert told(report) == []


@pytest.mark.parametrize(
    ("revision", "says"),
    [("main", "follows the branch main"), ("", "follows the default branch"), ("v1.4.0", "is at v1.4.0, which contains no git SHA")],
)
def test_a_branch_among_shas_is_a_finding_in_a_configured_group(tmp_path: Path, revision: str, says: str) -> None:
    files = {".agentslint.toml": GROUP, "kustomization.yaml": kustomization(base(revision), image(NEW))}
    (message,) = told(linted(tmp_path, files))
    assert f"the base github.com/acme/build-service {says}; release group build has build-service 9f8e7d6c5b" in message


def test_a_configured_group_of_remotes_alone_spans_targets_and_has_no_images(tmp_path: Path) -> None:
    report = linted(
        tmp_path,
        {
            ".agentslint.toml": '[[groups]]\nname = "build"\nremotes = ["GitHub.com/acme/*"]\n',
            "one/kustomization.yaml": kustomization(base(NEW), image("v1")),
            "three/kustomization.yaml": kustomization(base(OLD, repository="acme/build-api")),
            "two/kustomization.yaml": kustomization(base(NEW, "config/crd")),
            "web.yaml": pod("web:v1"),
        },
    )
    assert [line.partition(";")[0] for line in told(report)] == [
        "three/kustomization.yaml:2:56 the base github.com/acme/build-api is at 2a3b4c5d6e, not at 9f8e7d6c5b"
    ]


def test_pins_of_a_target_that_failed_are_held_against_images_that_rendered(tmp_path: Path) -> None:
    report = linted(
        tmp_path,
        {
            ".agentslint.toml": GROUP,
            "build/kustomization.yaml": kustomization(base(OLD), image(OLD)),
            "web/pod.yaml": pod(f"quay.io/acme/web:{NEW}"),
            "web/other.yaml": pod(f"quay.io/acme/api:{NEW}"),
            "web/third.yaml": pod(f"quay.io/acme/job:{NEW}"),
        },
    )
    assert [line.partition(";")[0] for line in told(report)] == [
        "build/kustomization.yaml:2:60 the base github.com/acme/build-service is at 2a3b4c5d6e, not at 9f8e7d6c5b",
        "build/kustomization.yaml:5:11 build-service is at 2a3b4c5d6e, not at 9f8e7d6c5b",
    ]


def test_a_file_that_is_fetched_is_of_no_repository(tmp_path: Path) -> None:
    file = "- https://github.com/acme/build-service/releases/download/v1.4.0/install.yaml\n"
    files = {".agentslint.toml": GROUP, "kustomization.yaml": kustomization(file, image(NEW))}
    assert told(linted(tmp_path, files)) == []


def test_of_a_source_and_its_images_only_the_commits_are_compared(tmp_path: Path) -> None:
    with_digest = image(NEW, "web") + f"  newName: quay.io/acme/build-service\n  digest: sha256:{'4b5e57f6' * 8}\n"
    files = {"kustomization.yaml": kustomization(base(NEW), with_digest + image(NEW))}
    assert told(linted(tmp_path, files)) == []


def test_what_a_configured_group_has_is_not_learnt_again(tmp_path: Path) -> None:
    group = '[[groups]]\nname = "bases"\nremotes = ["github.com/acme/*"]\n'
    files = {".agentslint.toml": group, "kustomization.yaml": kustomization(base(OLD), image(NEW))}
    assert told(linted(tmp_path, files)) == []


def test_nothing_is_learnt_where_learning_is_off(tmp_path: Path) -> None:
    off = "[rules.image-lockstep]\nlearn = false\n"
    files = {".agentslint.toml": off, "kustomization.yaml": kustomization(base(OLD), image(NEW))}
    assert told(linted(tmp_path, files)) == []


def test_who_may_fetch_is_no_part_of_what_is_said(tmp_path: Path) -> None:
    secret = f"- https://robot:hunter2@github.com/acme/build-service//config?ref={OLD}\n"
    report = linted(tmp_path, {"kustomization.yaml": kustomization(secret, image(NEW))})
    assert len(told(report)) == 1
    assert "hunter2" not in repr(report.active)


@pytest.mark.parametrize("tag", ["newer", "older"])
def test_a_base_that_renders_is_compared_with_what_it_renders(tmp_path: Path, tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    repository, commits = remote(tmp_path / "srv" / "acme" / "build-service")
    resources = f"- file://{repository}//config?ref={commits['newer']}\n"
    files = {"kustomization.yaml": kustomization(resources, image(commits[tag], "controller", "quay.io/acme/build-service"))}
    report = linted(tmp_path / "gitops", files, offline=False)

    assert report.rendered == 1
    found = told(report)
    assert len(found) == (tag == "older")
    assert all(f"is at {commits['newer'][:10]}, not at {commits['older'][:10]}" in message for message in found)


def test_a_pin_that_takes_no_image_counts_only_where_nothing_renders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    repository, commits = remote(tmp_path / "srv" / "acme" / "build-service")
    resources = f"- file://{repository}//config?ref={commits['newer']}\n"
    files = {"kustomization.yaml": kustomization(resources, image(commits["older"]))}

    assert told(linted(tmp_path / "gitops", files, offline=False)) == []
    monkeypatch.delenv("GIT_ALLOW_PROTOCOL")
    assert len(told(linted(tmp_path / "gitops", files, offline=True))) == 1


APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: agents
spec:
  source:
    repoURL: {url}
    path: config
"""


def test_a_revision_is_found_where_an_overlay_sets_it(tmp_path: Path) -> None:
    patch = "- target: {kind: Application}\n  patch: |-\n    - op: add\n      path: /spec/source/targetRevision\n      value: "
    report = linted(
        tmp_path,
        {
            "base/kustomization.yaml": kustomization("- app.yaml\n- pod.yaml\n"),
            "base/app.yaml": APPLICATION.format(url="https://github.com/acme/agents"),
            "base/pod.yaml": pod(f"ghcr.io/acme/agents:{NEW}"),
            "app/kustomization.yaml": kustomization("- ../base\n") + f"patches:\n{patch}{OLD}\n",
        },
    )
    (message,) = told(report)
    assert message.startswith("app/kustomization.yaml:8:14 the source github.com/acme/agents of Application/agents is at 2a3b4c5d6e, ")


def test_an_application_without_a_revision_follows_the_default_branch(tmp_path: Path) -> None:
    files = {
        ".agentslint.toml": GROUP,
        "app.yaml": APPLICATION.format(url="git@github.com:acme/agents"),
        "pod.yaml": pod(f"quay.io/acme/a:{NEW}"),
    }
    (message,) = told(linted(tmp_path, files))
    assert message.startswith("app.yaml:6:3 the source github.com/acme/agents of Application/agents follows the default branch; ")


NO_PROJECT = "the template names no project"
NO_MEMBER: dict[str, tuple[list[str], list[str]]] = {
    "{source: text, sources: {a: b}}": (
        ["spec.source is text, where Argo CD expects a mapping"],
        [
            "spec.template.spec.source must be a mapping; it is text",
            "spec.template.spec.sources must be a list; it is a mapping",
            NO_PROJECT,
        ],
    ),
    "{sources: [1, null, {repoURL: 5}, {repoURL: [github.com/acme/a]}, {chart: a}]}": (
        ["spec.sources.0 is a number, where Argo CD expects a mapping"],
        [
            "spec.template.spec.sources[0] must be a mapping; it is a number",
            "spec.template.spec.sources[2].repoURL must be text; it is a number; put it in quotes",
            "spec.template.spec.sources[3].repoURL must be text; it is a list",
            NO_PROJECT,
        ],
    ),
    "{sources: [null, {repoURL: 5, path: a}, {repoURL: 'https://charts.example.com', chart: a}]}": (
        [
            "repoURL is a number, where Argo CD expects text",
            "the source names no repoURL",
            "the source names no version of chart a (targetRevision)",
        ],
        ["spec.template.spec.sources[1].repoURL must be text; it is a number; put it in quotes", NO_PROJECT],
    ),
    "{source: {repoURL: 'https://github.com/acme/{{name}}', targetRevision: main}}": (
        ["the source names neither a path nor a chart"],
        [NO_PROJECT],
    ),
    "{source: {repoURL: 'https://github.com/acme/a', path: a, targetRevision: '{{revision}}'}}": ([], [NO_PROJECT]),
    "[]": (
        ["spec is a list, where Argo CD expects a mapping"],
        ["spec.template.spec must be a mapping; it is a list", NO_PROJECT],
    ),
}
"""What is said of each spec in an Application, and of the same one in the template of an ApplicationSet."""


@pytest.mark.parametrize("spec", NO_MEMBER)
@pytest.mark.parametrize("kind", ["Application", "ApplicationSet"])
def test_what_is_no_source_or_is_filled_in_later_is_no_member(tmp_path: Path, kind: str, spec: str) -> None:
    refused = NO_MEMBER[spec][kind == "ApplicationSet"]
    spec = spec if kind == "Application" else f"{{template: {{spec: {spec}}}}}"
    manifest = f"apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: agents}}\nspec: {spec}\n"
    report = linted(tmp_path, {".agentslint.toml": GROUP, "app.yaml": manifest, "pod.yaml": pod(f"quay.io/acme/a:{NEW}")})
    messages = sorted(failure.message.removeprefix(f"{kind}/agents: ") for failure in report.failures)
    assert (messages, told(report)) == (refused, [])


def pod(image: str) -> str:
    return f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: {image}\n"


def remote(folder: Path) -> tuple[Path, dict[str, str]]:
    """A git repository with a base in `config`, and its two commits."""
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "kustomization.yaml").write_text("resources: [pod.yaml]\n")
    commits = {}
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for name in ("older", "newer"):
        (folder / "config" / "pod.yaml").write_text(pod("controller:latest") + f"# {name}\n")
        _git(folder, "add", ".")
        _git(folder, "commit", "--quiet", "--message", name)
        commits[name] = _git(folder, "rev-parse", "HEAD").strip()
    return folder, commits


def _git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True).stdout
