"""Long messages that keep a regular expression busy: a run ends soon, and at once when it is asked to."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.attack import UNCHECKED, Build, Manner, attack, family
from tests.hostile.scene import Scene

SIZE = 900_000
REPEATED = (
    "with config: ", 'patch from [patch: "', "map[a:", "error: ", "Error: ",
    "accumulating resources: ", "at <", "template: a.yaml:1:", "line 1: ",
    ": ", "'", '"', "[", "{", " ", "\\n", "a.yaml:1:1: ", "https://a@",
    "'https://a:b@", "?token=", "&v1.Pod{", "recursed merging ", "trouble with ",
)  # fmt: skip
"""Beginnings of the words that renderers say; an expression that looks for their end may look again from each of them."""


def _fails_with(text: str) -> Build:
    def build(scene: Scene) -> None:
        """A chart fails with a message of 900 kB that repeats one beginning."""
        text_of_the_message = text * (SIZE // len(text))
        scene.chart(template='{{ fail (.Files.Get "m.txt") }}\n')
        scene.write({"app/charts/web/m.txt": text_of_the_message})

    return build


def _name(text: str) -> str:
    words = "_".join("".join(char if char.isalnum() else " " for char in text).split())
    return words or "_".join(f"u{ord(char):04x}" for char in text)


family([(f"{_name(text)}_{number}", _fails_with(text)) for number, text in enumerate(REPEATED)], ends=UNCHECKED, limit=20)


def _kustomization(text: Callable[[int], str]) -> Build:
    def build(scene: Scene) -> None:
        """A kustomization of 200 kB fails with a message that holds most of it."""
        scene.write({"app/kustomization.yaml": text(200_000)})

    return build


KUSTOMIZATIONS: dict[str, Callable[[int], str]] = {
    "long_name_of_a_resource": lambda size: f"resources: ['{'with config: ' * (size // 13)}']\n",
    "long_patch": lambda size: f"resources: [web.yaml]\npatches:\n- patch: '{'patch from [patch: ' * (size // 19)}'\n",
    "long_unknown_field": lambda size: f"resources: [web.yaml]\n{'a' * size}: 1\n",
    "many_unknown_fields": lambda size: "resources: [web.yaml]\n" + "".join(f"f{number}: 1\n" for number in range(size // 10)),
    "long_plugin": lambda size: (
        f"transformers:\n- |-\n  apiVersion: builtin\n  kind: None\n  metadata: {{name: '{'map[' * (size // 4)}'}}\n"
    ),
    "long_text_of_a_validator": lambda size: f"validators: ['{{{{a: {'[' * size}']\n",
    "deep_flow": lambda size: "resources: " + "[" * size + "\n",
    "deep_block": lambda size: "".join(f"{' ' * depth}a:\n" for depth in range(600)),
    "many_anchors": lambda size: "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
}
family([(name, _kustomization(text)) for name, text in KUSTOMIZATIONS.items()], Manner.ROOT, ends=UNCHECKED, limit=30)


@attack(Manner.FOLDER, ends=UNCHECKED, limit=30)
def many_lines(scene: Scene) -> None:
    """A chart fails with 200,000 lines."""
    scene.chart(template='{{ fail (.Files.Get "m.txt") }}\n')
    scene.write({"app/charts/web/m.txt": "Error: a\n" * 200_000})


@attack(Manner.ROOT, ends=UNCHECKED, limit=30)
def bomb_of_a_values_file(scene: Scene) -> None:
    """A values file is small and unfolds to billions of items."""
    lines = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    scene.chart(values=lines)
