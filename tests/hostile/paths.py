"""Paths that no file has: one target breaks, the others are judged."""

from __future__ import annotations

from tests.hostile.attack import FOUND, NOT_GREEN, UNCHECKED, Build, Manner, attack, family
from tests.hostile.scene import Scene, pod

FIELDS = {
    "resources": "resources: [{}]",
    "bases": "bases: [{}]",
    "components": "components: [{}]",
    "crds": "crds: [{}]",
    "configurations": "configurations: [{}]",
    "generators": "generators: [{}]",
    "transformers": "transformers: [{}]",
    "validators": "validators: [{}]",
    "openapi": "openapi: {{path: {}}}",
    "patches": "patches: [{{path: {}}}]",
    "patches_strategic_merge": "patchesStrategicMerge: [{}]",
    "patches_json": "patchesJson6902: [{{target: {{kind: Pod, name: web, version: v1}}, path: {}}}]",
    "replacements": "replacements: [{{path: {}}}]",
    "config_map_files": "configMapGenerator: [{{name: a, files: [{}]}}]",
    "config_map_envs": "configMapGenerator: [{{name: a, envs: [{}]}}]",
    "config_map_env": "configMapGenerator: [{{name: a, env: {}}}]",
    "secret_files": "secretGenerator: [{{name: a, files: [{}]}}]",
    "secret_envs": "secretGenerator: [{{name: a, envs: [{}]}}]",
    "chart_name": "helmCharts: [{{name: {}}}]",
    "chart_version": "helmCharts: [{{name: a, version: {}, repo: 'http://127.0.0.1:9/'}}]",
    "chart_repository": "helmCharts: [{{name: a, repo: {}}}]",
    "chart_release": "helmCharts: [{{name: a, releaseName: {}}}]",
    "values_file": "helmCharts: [{{name: a, valuesFile: {}}}]",
    "more_values_files": "helmCharts: [{{name: a, additionalValuesFiles: [{}]}}]",
    "chart_home": "helmGlobals: {{chartHome: {}}}\nhelmCharts: [{{name: a}}]",
    "configuration_home": "helmGlobals: {{configHome: {}}}\nhelmCharts: [{{name: a}}]",
    "old_chart_values": "helmChartInflationGenerator: [{{chartName: a, values: {}}}]",
    "old_chart_home": "helmChartInflationGenerator: [{{chartName: a, chartHome: {}}}]",
}
"""Every field of a kustomization that holds a path, with a place for it."""


def _field(template: str, path: str) -> Build:
    def build(scene: Scene) -> None:
        """A path that no file can have: the run goes on, and another target is judged."""
        scene.write(
            {
                "app/kustomization.yaml": template.format(path) + "\n",
                "other/kustomization.yaml": "resources: [web.yaml]\n",
                "other/web.yaml": pod(),
            }
        )

    return build


NUL = '"a\\0b"'
family([(f"nul_in_{name}", _field(template, NUL)) for name, template in FIELDS.items()], Manner.ROOT, ends=UNCHECKED)
family(
    [(f"nul_in_{name}_by_name", _field(FIELDS[name], NUL)) for name in ("resources", "patches", "values_file")], Manner.DIFF, Manner.FILE
)

ODD = {
    "very_long": '"' + "a" * 5000 + '"',
    "many_folders": '"' + "a/" * 3000 + '"',
    "far_up": '"' + "../" * 100 + 'etc/passwd"',
    "absolute": "/etc/passwd",
    "half_a_character": '"\\uD83D"',
    "line_end": '"a\\nb"',
    "terminal": '"\\e]0;owned\\a\\e[2J"',
    "an_option": '"--enable-alpha-plugins"',
    "home": '"~/.kube/config"',
    "variable": '"$HOME/.kube/config"',
    "command": '"$(touch marker)`touch marker`"',
    "workflow_command": '"\\n::error::owned"',
    "colon": '"a:b"',
    "blank": '" "',
    "right_to_left": '"\\u202Egnp.exe"',
}


def _odd(name: str, path: str) -> list[tuple[str, Build]]:
    return [
        (f"{name}_in_{field}", _field(FIELDS[field], path))
        for field in ("resources", "patches", "config_map_files", "values_file", "chart_home")
    ]


family([member for name, path in ODD.items() for member in _odd(name, path)], Manner.ROOT, ends=UNCHECKED)


@attack(Manner.ROOT, ends=UNCHECKED, says=("other",))
def others_are_judged(scene: Scene) -> None:
    """The finding of another target is told beside a NUL."""
    _field(FIELDS["resources"], NUL)(scene)


@attack(Manner.ROOT)
def names_of_files(scene: Scene) -> None:
    """Names of files hold line ends, escapes for terminals, commands to runners, and bytes that are no text."""
    for number, name in enumerate(("a\nb", "::error::owned", "\x1b[2Jc", "-o", "d%0Ae", "f\u202eg", "h\udcff", "i\\j", "k\r::add-mask::l")):
        scene.write({f"plain/{name}.yaml": pod(name=f"web-{number}")})


@attack(Manner.ROOT, hides=("\n::error::owned", "\x1b[2J"))
def texts_for_the_runner(scene: Scene) -> None:
    """Texts of manifests would be read as commands by a terminal or a runner."""
    scene.write(
        {"plain/web.yaml": pod('"a\\n::error::owned\\e[2J:latest"'), "plain/bad.yaml": "apiVersion: v1\nkind: Pod\n\n::error::owned\n"}
    )


@attack(Manner.LINE, ends=UNCHECKED)
def empty_argument(scene: Scene) -> None:
    """Not an attack: an empty path is refused."""
    scene.line = ["lint", ""]


@attack(Manner.LINE, ends=UNCHECKED)
def very_long_argument(scene: Scene) -> None:
    """A path that is too long for the system is a complaint of one line."""
    scene.line = ["lint", "a" * 5000]


@attack(Manner.ROOT, ends=NOT_GREEN)
def deep_folders(scene: Scene) -> None:
    """A file lies a hundred folders deep."""
    scene.write({"/".join(["d"] * 100) + "/web.yaml": pod()})


@attack(Manner.ROOT, ends=FOUND)
def many_kustomizations(scene: Scene) -> None:
    """Not an attack: a row of bases, each over the next."""
    for number in range(20):
        scene.write({f"chain/{number}/kustomization.yaml": f"resources: [../{number + 1}]\n"})
    scene.write({"chain/20/kustomization.yaml": "resources: [web.yaml]\n", "chain/20/web.yaml": pod()})


@attack(Manner.FOLDER, ends=NOT_GREEN)
def circle_of_bases(scene: Scene) -> None:
    """Two kustomizations are each other's base."""
    scene.write({"app/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../app]\n"})
