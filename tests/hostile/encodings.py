"""Files in encodings that kustomize reads and a linter may pass over: green though unread."""

from __future__ import annotations

import codecs

from tests.hostile.attack import FOUND, NOT_GREEN, Build, Manner, attack, family
from tests.hostile.scene import QUIET, Scene, pod

TEXT = pod()
FLOW = '{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "a", "image": "nginx:latest"}]}}'
PLAIN = {
    "utf16_little": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf16_big": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "carriage_returns_alone": TEXT.replace("\n", "\r").encode(),
    "windows_line_ends": TEXT.replace("\n", "\r\n").encode(),
    "utf8_mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf8_mark_and_carriage_returns": codecs.BOM_UTF8 + TEXT.replace("\n", "\r").encode(),
    "utf16_with_carriage_returns": codecs.BOM_UTF16_LE + TEXT.replace("\n", "\r").encode("utf-16-le"),
    "utf16_flow": codecs.BOM_UTF16_LE + FLOW.encode("utf-16-le"),
    "next_line_characters": TEXT.replace("\n", "\x85").encode(),
    "line_separators": TEXT.replace("\n", "\u2028").encode(),
    "quoted_keys": TEXT.replace("apiVersion", '"apiVersion"').replace("kind", "'kind'").encode(),
    "complex_keys": TEXT.replace("apiVersion: v1", "? apiVersion\n: v1").encode(),
    "escaped_keys": TEXT.replace("apiVersion", r'"api\x56ersion"').replace("kind", r'"k\u0069nd"').encode(),
    "tagged_keys": TEXT.replace("kind:", "!!str kind:").encode(),
    "anchored_keys": TEXT.replace("kind:", "&k kind:").encode(),
    "indented_keys": "".join(f"  {line}\n" for line in TEXT.splitlines()).encode(),
    "directives": b"%YAML 1.1\n---\n" + TEXT.encode(),
    "keys_over_the_mark": b"--- # first\n" + TEXT.encode(),
    "mark_with_the_mapping": b"--- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, "
        b"image: 'nginx:latest'}]}}\n",
    "second_document": QUIET.encode() + b"---\n" + TEXT.encode(),
}  # fmt: skip


def _file(content: bytes) -> Build:
    def build(scene: Scene) -> None:
        """A manifest with a floating image, in an unusual spelling, that nobody may pass over in silence."""
        scene.write({"plain/web.yaml": content, "plain/quiet.yaml": QUIET})
        scene.target, scene.file = "plain", "plain/web.yaml"

    return build


def _resource(content: bytes) -> Build:
    def build(scene: Scene) -> None:
        """The same as a resource of a kustomization."""
        scene.write({"app/web.yaml": content})

    return build


family([(f"manifest_in_{name}", _file(content)) for name, content in PLAIN.items()], Manner.FOLDER, Manner.FILE, ends=NOT_GREEN)
family([(f"resource_in_{name}", _resource(content)) for name, content in PLAIN.items()], ends=NOT_GREEN)


def _kustomization(encoding: str, mark: bytes) -> Build:
    def build(scene: Scene) -> None:
        """A kustomization in an unusual encoding: what it refers to is read all the same, or it is a failure of its own."""
        scene.write({"app/kustomization.yaml": mark + "resources: [web.yaml]\n".encode(encoding), "app/web.yaml": TEXT})

    return build


KUSTOMIZATIONS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8": codecs.BOM_UTF8}
family(
    [(f"kustomization_in_{name.replace('-', '_')}", _kustomization(name, mark)) for name, mark in KUSTOMIZATIONS.items()],
    Manner.FOLDER, Manner.ROOT, ends=NOT_GREEN,
)  # fmt: skip


@attack(Manner.FOLDER, ends=NOT_GREEN, hides=("helm is not installed", "it is not installed"))
def chart_of_a_utf16_kustomization(scene: Scene) -> None:
    """A UTF-16 kustomization inflates a chart: helm is there, and must not be said to be missing."""
    scene.chart()
    text = (scene.root / "app/kustomization.yaml").read_text()
    scene.write({"app/kustomization.yaml": text.encode("utf-16")})


@attack(Manner.FOLDER, ends=NOT_GREEN)
def values_in_utf16(scene: Scene) -> None:
    """The values of a chart are in UTF-16."""
    scene.chart()
    scene.write({"app/values.yaml": "image: nginx:latest\n".encode("utf-16")})


@attack(Manner.FOLDER, Manner.FILE, ends=NOT_GREEN)
def latin_letters(scene: Scene) -> None:
    """A manifest holds bytes that are no UTF-8."""
    scene.write({"plain/web.yaml": b"# caf\xe9\n" + TEXT.encode()})
    scene.target, scene.file = "plain", "plain/web.yaml"


@attack(Manner.FOLDER, Manner.FILE, ends=NOT_GREEN)
def nul_in_a_manifest(scene: Scene) -> None:
    """A manifest holds a NUL."""
    scene.write({"plain/web.yaml": TEXT.encode().replace(b"main", b"ma\0in")})
    scene.target, scene.file = "plain", "plain/web.yaml"


@attack(Manner.ROOT, ends=FOUND)
def json_without_line_ends(scene: Scene) -> None:
    """Not an attack: JSON on one line is linted."""
    scene.write({"a.json": FLOW})
