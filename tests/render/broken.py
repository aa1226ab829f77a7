"""A repository that does not render, with what is said of it and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from render_tree import HELM_APP

ENTRY = "app/kustomization.yaml:5 - name: web"


@dataclass(frozen=True)
class Broken:
    """A repository whose `app` does not render: the message, and `path:line text` of the place and of a related one."""

    files: Mapping[str, str | bytes]
    message: str
    place: str
    related: tuple[str, ...] = field(default=())


def config_map(name: str) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"


def kustomization(text: str, **files: str | bytes) -> dict[str, str | bytes]:
    """`app/kustomization.yaml`, and other files of `app` by stem."""
    return {"app/kustomization.yaml": text, **{f"app/{stem}.yaml": content for stem, content in files.items()}}


def with_template(name: str, text: str) -> dict[str, str | bytes]:
    return {**HELM_APP, f"charts/web/templates/{name}": text}


def with_app(text: str) -> dict[str, str | bytes]:
    return {**HELM_APP, "app/kustomization.yaml": HELM_APP["app/kustomization.yaml"] + text}
