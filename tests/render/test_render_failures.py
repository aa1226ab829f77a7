"""Each way in which a render fails: what is said, and the place where it is mended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from broken import config_map, kustomization, with_template
from broken_charts import CHARTS, VALUES
from broken_kustomizations import DEPLOYMENT, FIELDS, RESOURCES, YAML
from broken_patches import GENERATORS, NAMED_FILES, OBJECTS, OPERATIONS, PATCHES
from render_tree import MakeRenderer, pointed_at, the_target, write

from agentslint.model import Certainty, Location, RenderFailure
from agentslint.render import KustomizeRenderer, RenderOptions

ALL = {**RESOURCES, **YAML, **FIELDS, **VALUES, **CHARTS, **OPERATIONS, **PATCHES, **GENERATORS, **NAMED_FILES, **OBJECTS}


@pytest.mark.parametrize("name", ALL)
def test_a_failure_has_its_cause_and_the_place_where_it_is_mended(name: str, tmp_path: Path, renderer: KustomizeRenderer) -> None:
    case = ALL[name]
    root = write(tmp_path / "repo", case.files)

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.message.startswith(case.message)
    assert place(root, failure.location) == case.place
    assert tuple(place(root, location) for location in failure.related) == case.related
    assert_readable(failure, root)


@pytest.mark.sample(10)
@pytest.mark.parametrize("name", {**VALUES, **CHARTS})
def test_helm_3_leads_to_the_same_cause_and_place(name: str, tmp_path: Path, make_renderer: MakeRenderer, helm_3: Path) -> None:
    case = ALL[name]
    root = write(tmp_path / "repo", case.files)

    failure = make_renderer(helm=helm_3, version="v3.22.0").render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.message.startswith(case.message)
    assert place(root, failure.location) == case.place


@pytest.mark.parametrize(("times", "certainty"), [(1, Certainty.EXACT), (2, Certainty.MATCHED)])
def test_a_place_is_exact_if_it_is_the_only_one(times: int, certainty: Certainty, tmp_path: Path, renderer: KustomizeRenderer) -> None:
    entry = "- target: {kind: Deployment}\n  patch: '- {op: remove, path: /spec/gone}'\n"
    root = write(tmp_path, kustomization("resources: [web.yaml]\npatches:\n" + entry * times, web=DEPLOYMENT))

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert (failure.location.region.start_line, failure.certainty) == (4, certainty)


def place(root: Path, location: Location) -> str:
    return f"{location.path}:{location.region.start_line} {pointed_at(root, location)}"


def assert_readable(failure: RenderFailure, root: Path) -> None:
    """One sentence, nothing of this machine, no wrapping; and nothing of this machine in what --verbose shows either."""
    for text in (failure.message, failure.details):
        assert str(root) not in text
        assert "/tmp/agentslint-" not in text
    assert "\n" not in failure.message
    assert not re.search(r"/(?:tmp|home|root|Users)/|accumulat|unable to run|is '.*' installed|Error:|exit status", failure.message)
    assert "hunter2" not in failure.message + failure.details


def test_a_remote_base_that_cannot_be_reached_points_at_its_entry(tmp_path: Path, renderer: KustomizeRenderer) -> None:
    url = "http://user:hunter2@127.0.0.1:9/acme/base.git?ref=v1"
    root = write(tmp_path, kustomization(f"resources:\n  - map.yaml\n  - {url}\n", map=config_map("a")))

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.message.startswith("base http://127.0.0.1:9/acme/base.git at v1 could not be fetched: Failed to connect")
    assert place(root, failure.location) == f"app/kustomization.yaml:3 {url}"
    assert_readable(failure, root)


def test_a_remote_base_is_not_fetched_without_network(tmp_path: Path, make_renderer: MakeRenderer) -> None:
    url = "https://github.com/acme/base//app?ref=v1"
    root = write(tmp_path, kustomization(f"resources:\n  - {url}\n"))

    failure = make_renderer(offline=True).render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.reason == "offline"
    assert failure.message == f"{url} would be fetched and the network is off (--offline)"
    assert place(root, failure.location) == f"app/kustomization.yaml:2 - {url}"


def test_everything_that_would_be_fetched_is_named_without_network(tmp_path: Path, make_renderer: MakeRenderer) -> None:
    patch = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\npath: https://user:hunter2@example.com/p.yaml\n"
    text = "resources: [github.com/acme/base]\ntransformers: [p.yaml]\n"
    root = write(tmp_path, {"app/kustomization.yaml": text, "app/p.yaml": patch})

    failure = make_renderer(offline=True).render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.message == "github.com/acme/base would be fetched and the network is off (--offline)"
    assert failure.details == "app/p.yaml:4: https://example.com/p.yaml would be fetched, too"
    assert [(place.path, place.region.start_line) for place in failure.related] == [("app/p.yaml", 4)]


def test_a_kustomization_that_only_kustomize_can_read_is_not_rendered_without_network(tmp_path: Path, make_renderer: MakeRenderer) -> None:
    deep = "{a: " * 220 + "1" + "}" * 220
    text = f"resources: ['https://example.com/a.yaml']\nhelmCharts:\n- name: web\n  valuesInline: {deep}\n"
    root = write(tmp_path, {"app/kustomization.yaml": text})

    failure = make_renderer(offline=True).render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert failure.reason == "offline"
    assert failure.message.startswith("app/kustomization.yaml cannot be read (nested deeper than 200 levels): it may name URLs")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_kustomization_in_utf_16_is_refused_by_name(tmp_path: Path, renderer: KustomizeRenderer, encoding: str) -> None:
    root = write(tmp_path, {"app/kustomization.yaml": "", "app/map.yaml": config_map("a")})
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    (root / "app/kustomization.yaml").write_bytes(f"{mark}resources: [map.yaml]\n".encode(encoding))
    failure = renderer.render(the_target(root), RenderOptions())
    assert isinstance(failure, RenderFailure)
    assert failure.message == "app/kustomization.yaml is UTF-16, which kustomize reads and agentslint does not: save it as UTF-8"


def test_a_chart_without_its_template_name_is_found_by_its_folder(tmp_path: Path, renderer: KustomizeRenderer) -> None:
    files = {
        **with_template("check.yaml", 'a: {{ fail "no" }}\n'),
        "charts/web/Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n",
    }
    root = write(tmp_path, files)

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert place(root, failure.location) == 'charts/web/templates/check.yaml:1 a: {{ fail "no" }}'


def test_the_whole_of_what_the_renderer_said_is_kept_for_verbose(tmp_path: Path, renderer: KustomizeRenderer) -> None:
    root = write(tmp_path, kustomization("resources:\n  - gone.yaml\n"))

    failure = renderer.render(the_target(root), RenderOptions())

    assert isinstance(failure, RenderFailure)
    assert "accumulating resources from 'gone.yaml'" in failure.details
