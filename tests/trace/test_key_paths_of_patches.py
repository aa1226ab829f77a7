"""Items of `patches` keep their key paths when another one is put before them."""

from __future__ import annotations

import pytest

from agentslint.authorship.documents import follow_names
from agentslint.places import by_name

FILE = {"path": "web.yaml"}
INLINE = {"target": {"kind": "Deployment", "name": "web"}, "patch": "- op: replace"}
BY_LABEL = {"target": {"labelSelector": "app=web"}, "patch": "- op: add"}


@pytest.mark.parametrize(("item", "name"), [(FILE, "[web.yaml]"), (INLINE, "[Deployment/web]"), (BY_LABEL, "[*/*]")])
def test_a_patch_is_known_by_its_file_or_by_what_it_is_for(item: dict[str, object], name: str) -> None:
    for patches in ([item], [{"path": "another.yaml"}, item]):
        body = {"patches": patches}
        pointer = ("patches", len(patches) - 1)
        assert by_name(body, pointer) == ("patches", name)
        assert follow_names(body, ("patches", name)) == pointer
