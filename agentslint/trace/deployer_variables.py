"""Locates a field by the text that a deployer fills in: `v-$ARGOCD_APP_NAME`, `${TAG:-stable}-alpine`, a parameter `{a,b}`.

Such a text is not in the field as it is written, so no render with other values proves it. It is the place where one setting of the
same part of an image prints the field, whatever stands for its variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from agentslint.authorship.authored_scalar import AuthoredScalar
from agentslint.authorship.deployer_scalars import is_of_application
from agentslint.authorship.image_settings import Setting
from agentslint.images.reference import read_reference
from agentslint.model import Field
from agentslint.model.application import Application

_VARIABLE = re.compile(r"(\$\$)|\$\{[^{}]*\}|\$\w+|\{\{.*?\}\}")
_LIST = re.compile(r"\{(?!\{)(.*)\}")


def setting_with_variables(field: Field, of_deployer: Iterable[Setting], application: Application) -> AuthoredScalar | None:
    """Return the one setting of an application that prints a part of the field when its variables are filled in.

    `of_deployer` are those of all objects of deployers in the files that it reads.
    """
    whole = field.value if isinstance(field.value, str) else ""
    own = (each for each in of_deployer if is_of_application(each.scalar.path, each.scalar.key_path, application))
    found = [each.scalar for each in own if _prints(each, whole)]
    return found[0] if len(found) == 1 else None


def _prints(setting: Setting, whole: str) -> bool:
    """Whether a text that is filled in may print the part of an image that it sets; where the image is none, any part of its text."""
    pattern = _pattern(setting.scalar.text)
    if pattern is None:
        return False
    image, _ = read_reference(whole)
    if image is None:
        return bool(pattern.replace(".*", "")) and re.search(pattern, whole) is not None
    parts = {"tag": image.tag, "digest": image.digest, "repository": image.repository, "registry": image.registry, "image": whole}
    part = parts.get(setting.part)
    return bool(part) and re.fullmatch(pattern, part or "") is not None


def _pattern(text: str) -> str | None:
    """A regular expression for a text with variables, or for a list as a template prints it; None for a text without."""
    if listed := _LIST.fullmatch(text):
        return re.escape("[" + " ".join(listed[1].split(",")) + "]")
    if not _VARIABLE.search(text):
        return None
    parts, last = [], 0
    for variable in _VARIABLE.finditer(text):
        parts += [re.escape(text[last : variable.start()]), r"\$" if variable[1] else ".*"]
        last = variable.end()
    return "".join((*parts, re.escape(text[last:])))
