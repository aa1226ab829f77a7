"""The data of ConfigMaps and Secrets of the repository, as the cluster would hand them out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from agentslint.deploy.deployer_object import DeployerObject
from agentslint.deploy.typed import mapping, text
from agentslint.model.application import Changes
from agentslint.model.manifest import DATA_KINDS


def data_of(found: DeployerObject | None, changes: Changes) -> Mapping[str, str] | None:
    """Return the data of a ConfigMap or Secret; None where there is none, or nobody here can read it."""
    if found is None:
        return None
    body = found.read(changes)
    if "sops" in body or body.get("kind") not in DATA_KINDS:
        return None
    plain = mapping(body, "data")
    if body.get("kind") == "ConfigMap":
        return {key: text(plain, key) for key in plain}
    try:
        decoded = {key: base64.b64decode(text(plain, key), validate=True).decode() for key in plain}
    except (binascii.Error, UnicodeDecodeError):
        return None
    written = mapping(body, "stringData")
    return {**decoded, **{key: text(written, key) for key in written}}
