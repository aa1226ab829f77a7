"""The environment variables and arguments that name the watched namespaces to a controller."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from agentslint.rule import Field, any_names

from .switches import names_in

if TYPE_CHECKING:
    from agentslint.rule import PodSpec, RenderedTarget, Variable

_WATCH = re.compile(r"(?:.+_)?WATCH(?:ED)?_?NAMESPACES?")
_OF_CONTROLLER = re.compile(r"(?:.+_)?(?:CONTROLLERS?|OPERATOR|MANAGER|RECONCILER)_NAMESPACES")
_FLAG = re.compile(r"--?(?:watch(?:ed)?-?namespaces?|watch-single-namespace|namespaces)")
_COMPOSED = "$("
"""The kubelet puts another variable there."""


class Carrier(Struct, frozen=True):
    """A variable or an argument with namespaces. An empty one `says_all` if, as usual, that stands for all of them."""

    owner: str
    name: str
    text: str
    field: Field
    says_all: bool

    @property
    def names(self) -> frozenset[str] | None:
        """The namespaces; None where the text is no list of them."""
        found, unclear = names_in(self.text)
        return None if unclear else frozenset(each.name for each in found)

    @property
    def is_of_all(self) -> bool:
        """Whether it names all namespaces of the cluster."""
        return self.says_all if not self.text.strip() else "*" in (self.names or ())


def carriers(target: RenderedTarget, pods: Sequence[PodSpec], configured: Sequence[str]) -> Iterator[Carrier]:
    """Yield the variables and arguments of some pods that carry namespaces: those `configured` (globs), else by their names."""
    manifests = [pod.manifest for pod in pods]
    for variable in target.variables:
        if variable.manifest in manifests and _is_written(variable) and _COMPOSED not in variable.literal:
            is_watch = _WATCH.fullmatch(variable.name) is not None
            is_known = is_watch or _OF_CONTROLLER.fullmatch(variable.name)
            if any_names(configured, variable.name) if configured else is_known:
                yield Carrier(variable.owner, variable.name, variable.literal, variable.field, says_all=bool(configured) or is_watch)
    for pod in pods if not configured else ():
        yield from _arguments(pod)


def _is_written(variable: Variable) -> bool:
    return "valueFrom" not in variable.entry


def _arguments(pod: PodSpec) -> Iterator[Carrier]:
    for number, container in enumerate(_items(pod.spec.get("containers"))):
        for key in ("command", "args"):
            words = _items(container.get(key) if isinstance(container, dict) else None)
            for at, word in enumerate(words):
                flag, equals, text = word.partition("=") if isinstance(word, str) else ("", "", "")
                if not _FLAG.fullmatch(flag):
                    continue
                place = at if equals else at + 1
                value = text if equals else words[place] if place < len(words) else None
                if isinstance(value, str) and _COMPOSED not in value and not value.startswith("-"):
                    field = Field(
                        pod.manifest,
                        (*pod.pointer, "containers", number, key, place),
                        (len(word) - len(text), len(word)) if equals else None,
                    )
                    yield Carrier(f"{pod.manifest.resource} (container {container.get('name')})", flag, value, field, says_all=True)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
