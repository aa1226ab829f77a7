"""ConfigMaps and Secrets that Flux delivers are read as it delivers them: the cases of `flux/delivered`, whose outputs are Flux's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.test_flux_objects import CONFIG
from tests.suppress.command_in_process import Done, Run, Tree

CASES = Path(__file__).with_name("flux") / "delivered"
IMAGE = "registry.example.com/shop/web"
OWN = "judged with values as they are written, though it delivers them itself"
SOURCE = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: 'https://git.example.com/shop/fleet', ref: {branch: main}}
"""
CHART = {
    ".agentslint.toml": CONFIG,
    "clusters/source.yaml": SOURCE,
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "charts/web/values.yaml": "image: {tag: 1.4.0}\n",
    "charts/web/templates/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: '{{ .Release.Name }}'}\nspec:\n  template:\n    spec:\n      containers:\n"
        f"      - name: web\n        image: '{IMAGE}:{{{{ .Values.image.tag }}}}'\n"
    ),
}
FOLDER = {
    ".agentslint.toml": CONFIG,
    "clusters/source.yaml": SOURCE,
    "apps/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n"
        f"      - name: web\n        image: {IMAGE}:${{TAG}}\n"
    ),
}


def kustomization(name: str, path: str, spec: str = "") -> str:
    """A Kustomization whose own part of the spec begins on line 8."""
    return (
        f"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec:\n"
        f"  path: {path}\n  prune: true\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n{spec}"
    )


def release(kind: str = "ConfigMap", name: str = "values") -> str:
    return (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop}\nspec:\n  chart:\n    spec:\n"
        "      chart: ./charts/web\n      sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}\n"
        f"  valuesFrom: [{{kind: {kind}, name: {name}}}]\n"
    )


def data(text: str, *, name: str = "values", namespace: str = "shop", kind: str = "ConfigMap", key: str = "data") -> str:
    """A ConfigMap or Secret whose data begin on line 5."""
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\n{key}:\n{text}"


def taking(name: str) -> str:
    return f"  postBuild: {{substituteFrom: [{{kind: ConfigMap, name: {name}}}]}}\n"


def setting(**variables: str) -> str:
    return f"  postBuild: {{substitute: {json.dumps(variables)}}}\n"


def images(done: Done) -> list[Any]:
    rows = json.loads(done.out)["images"]
    return sorted([row["resource"], row["namespace"], row["image"]] for row in rows)


def places(done: Done) -> list[tuple[str, str, int, str]]:
    rows = json.loads(done.out)["images"]
    return sorted((row["image"].rpartition(":")[2], row["file"], row["line"], row["certainty"]) for row in rows)


def said(done: Done) -> list[str]:
    return list(json.loads(done.out)["notes"])


def listed(run: Run, tree: Tree, files: dict[str, str]) -> Done:
    return run("images", "-f", "json", ".", cwd=tree.write(files))


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_a_release_gets_the_values_that_flux_applies(case: str, run: Run, tmp_path: Path) -> None:
    """The same images come out where Flux's own output is written into the repository."""
    folder = CASES / case
    own = {path.relative_to(folder / "repo").as_posix(): path.read_text() for path in (folder / "repo").rglob("*") if path.is_file()}
    read = listed(run, Tree(tmp_path / "read"), {**CHART, **own, "clusters/object.yaml": (folder / "object.yaml").read_text()})
    applied = listed(run, Tree(tmp_path / "applied"), {**CHART, "clusters/applied.yaml": (folder / "expected.yaml").read_text()})
    assert images(read) == images(applied)
    assert bool(images(read)) == (case != "patched-away")


DECIDED = {
    "a block": ("  values.yaml: |\n    image:\n      tag: cm\n", ("cm", "release/values.yaml", 7, "exact")),
    "flow style in a block": ("  values.yaml: |\n    image: {tag: flow}\n", ("flow", "release/values.yaml", 6, "exact")),
    "folded": ("  values.yaml: >\n    image: {tag:\n    folded}\n", ("folded", "release/values.yaml", 7, "exact")),
    "double quotes": ('  values.yaml: "image:\\n  tag: double\\n"\n', ("double", "release/values.yaml", 5, "exact")),
    "single quotes": ("  values.yaml: 'image: {tag: ''single''}'\n", ("single", "release/values.yaml", 5, "exact")),
    "quotes over lines": ('  values.yaml: "image: {\\\n    tag: lines}"\n', ("lines", "release/values.yaml", 6, "exact")),
    "an escape in it": ('  values.yaml: "image: {tag: a\\x62c}"\n', ("abc", "release/values.yaml", 5, "matched")),
}


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
@pytest.mark.parametrize("name", DECIDED)
def test_a_value_is_traced_to_the_line_of_the_text_that_holds_it(name: str, kind: str, run: Run, tree: Tree) -> None:
    text, place = DECIDED[name]
    own = data(text, kind=kind, key="data" if kind == "ConfigMap" else "stringData")
    done = listed(run, tree, {**CHART, "release/release.yaml": release(kind), "release/values.yaml": own})
    assert places(done) == [place]


def test_a_part_of_a_text_in_base64_is_never_exact(run: Run, tree: Tree) -> None:
    own = data("  other: eA==\n  values.yaml: aW1hZ2U6IHt0YWc6IGI2NH0K\n", kind="Secret")
    done = listed(run, tree, {**CHART, "release/release.yaml": release("Secret"), "release/values.yaml": own})
    assert places(done) == [("b64", "release/values.yaml", 6, "matched")]


def test_a_whole_text_in_base64_is_proven(run: Run, tree: Tree) -> None:
    own = data("  TAG: 'djEuMi4z'\n", name="vars", namespace="flux-system", kind="Secret")
    taken = taking("vars").replace("ConfigMap", "Secret")
    done = listed(run, tree, {**FOLDER, "clusters/apps.yaml": kustomization("apps", "./apps", taken), "clusters/vars.yaml": own})
    assert places(done) == [("v1.2.3", "clusters/vars.yaml", 5, "exact")]


OVERLAYS = {
    "operations": (
        "  patches:\n  - target: {kind: ConfigMap}\n    patch: |\n      - {op: replace, path: /data/TAG, value: patched}\n",
        ("patched", "clusters/vars.yaml", 11, "exact"),
    ),
    "a merge": (
        "  patches:\n  - patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: {name: vars, namespace: flux-system}\n"
        "      data: {TAG: merged}\n",
        ("merged", "clusters/vars.yaml", 13, "exact"),
    ),
    "a variable": (setting(STAGE="prod"), ("prod-1", "clusters/vars.yaml", 8, "exact")),
}


@pytest.mark.parametrize("name", OVERLAYS)
def test_variables_are_those_that_their_own_kustomization_delivers(name: str, run: Run, tree: Tree) -> None:
    spec, place = OVERLAYS[name]
    written = "${STAGE}-1" if name == "a variable" else "own"
    done = listed(
        run,
        tree,
        {
            **FOLDER,
            "clusters/apps.yaml": kustomization("apps", "./apps", taking("vars")),
            "clusters/vars.yaml": kustomization("vars", "./vars", spec),
            "vars/vars.yaml": data(f'  TAG: "{written}"\n', name="vars", namespace="flux-system"),
        },
    )
    assert places(done) == [place]


def test_a_text_in_a_patch_is_traced_to_its_line(run: Run, tree: Tree) -> None:
    spec = (
        "  patches:\n  - target: {kind: ConfigMap}\n    patch: |\n      - op: replace\n        path: /data/values.yaml\n"
        '        value: "image: {tag: patched}"\n'
    )
    done = listed(
        run,
        tree,
        {
            **CHART,
            "clusters/release.yaml": kustomization("release", "./release", spec),
            "release/release.yaml": release(),
            "release/values.yaml": data("  values.yaml: 'image: {tag: own}'\n"),
        },
    )
    assert places(done) == [("patched", "clusters/release.yaml", 13, "exact")]


def test_a_patch_with_an_escape_in_the_image_is_its_place(run: Run, tree: Tree) -> None:
    patch = (
        '"apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: web}\\nspec: {template: {spec: {containers: ['
        f'{{name: web, image: \\"{IMAGE}:\\\n    quoted\\"}}]}}}}}}\\n"'
    )
    spec = f"  patches:\n  - patch: {patch}\n"
    done = listed(run, tree, {**FOLDER, "clusters/apps.yaml": kustomization("apps", "./apps", spec)})
    assert places(done) == [("quoted", "clusters/apps.yaml", 9, "matched")]


def test_a_chain_of_data_is_followed_in_whatever_order_it_is_written(run: Run, tree: Tree) -> None:
    """Each step takes a variable from what the next one delivers; the last one sets it."""
    steps = 6
    chain = {f"clusters/{number}.yaml": kustomization(f"k{number}", f"./k{number}", taking(f"v{number}")) for number in range(steps)}
    files = {
        f"k{number + 1}/vars.yaml": data(f'  TAG: "${{TAG}}-{number}"\n', name=f"v{number}", namespace="flux-system")
        for number in range(steps)
    }
    last = {f"clusters/{steps}.yaml": kustomization(f"k{steps}", f"./k{steps}", setting(TAG="last"))}
    deployment = {"k0/web.yaml": FOLDER["apps/web.yaml"]}
    config = {path: text for path, text in FOLDER.items() if path != "apps/web.yaml"}
    done = listed(run, tree, {**config, **chain, **files, **last, **deployment})
    assert [tag for tag, *_ in places(done)] == ["last-5-4-3-2-1-0"]


def test_data_that_come_out_of_a_later_render_are_found(run: Run, tree: Tree) -> None:
    """A Kustomization that itself comes out of one with variables delivers what another one takes."""
    files = {
        **FOLDER,
        "clusters/apps.yaml": kustomization("apps", "./apps", taking("late")),
        "clusters/root.yaml": kustomization("root", "./root", taking("early")),
        "clusters/early.yaml": data("  STAGE: prod\n", name="early", namespace="flux-system"),
        "root/late.yaml": kustomization("late", "./late", setting(TAG="${STAGE}-2")),
        "late/vars.yaml": data('  TAG: "${TAG}"\n', name="late", namespace="flux-system"),
    }
    assert [tag for tag, *_ in places(listed(run, tree, files))] == ["prod-2"]


def test_what_delivers_its_own_values_is_named_and_read_as_it_is_written(run: Run, tree: Tree) -> None:
    files = {
        **FOLDER,
        "clusters/apps.yaml": kustomization("apps", "./apps", taking("vars")),
        "apps/vars.yaml": data("  TAG: own\n", name="vars", namespace="flux-system"),
    }
    done = listed(run, tree, files)
    assert [tag for tag, *_ in places(done)] == ["own"]
    assert f"{OWN}: Kustomization/apps (clusters/apps.yaml:1)" in said(run("lint", ".", "-f", "json", cwd=tree.root))


def test_a_circle_of_data_ends_and_is_named(run: Run, tree: Tree) -> None:
    files = {
        ".agentslint.toml": CONFIG,
        "clusters/source.yaml": SOURCE,
        "clusters/one.yaml": kustomization("one", "./one", taking("two")),
        "clusters/two.yaml": kustomization("two", "./two", taking("one")),
        "one/vars.yaml": data('  TAG: "${TAG}1"\n', name="one", namespace="flux-system"),
        "two/vars.yaml": data('  TAG: "${TAG}2"\n', name="two", namespace="flux-system"),
        "one/web.yaml": FOLDER["apps/web.yaml"],
    }
    assert any(note.startswith(OWN) for note in said(run("lint", ".", "-f", "json", cwd=tree.write(files))))


def test_nothing_is_rendered_twice(run: Run, tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    from agentslint.render import KustomizeRenderer

    rendered: list[str] = []
    plain = KustomizeRenderer.render

    def counted(self: KustomizeRenderer, target: Any, options: Any) -> Any:
        rendered.append(target.name)
        return plain(self, target, options)

    monkeypatch.setattr(KustomizeRenderer, "render", counted)
    files = {
        **CHART,
        "clusters/release.yaml": kustomization("release", "./release", setting(tag="v1")),
        "clusters/values.yaml": kustomization("values", "./values", setting(tag="v1")),
        "release/release.yaml": release(),
        "values/values.yaml": data('  values.yaml: "image: {tag: ${tag}}"\n'),
    }
    assert [tag for tag, *_ in places(listed(run, tree, files))] == ["v1"]
    assert sorted(rendered) == ["flux-system/release", "flux-system/values", "shop/web"]
