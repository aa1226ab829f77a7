"""The images that an `images:` entry merges are shown where somebody wrote them."""

from __future__ import annotations

from pathlib import Path

from agentslint.engine.open_session import open_session
from agentslint.engine.pipeline import lint
from agentslint.engine.run_options import RunOptions

FILES = {
    "app/kustomization.yaml": "resources: [pod.yaml]\nimages: [{name: quay.io/mon, newTag: agent-0.2.0}]\n",
    "app/pod.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: mon}\nspec:\n  containers:\n"
        "    - {name: agent, image: 'quay.io/mon:agent-0.1.0'}\n    - {name: client, image: 'quay.io/mon:client-0.1.0'}\n"
    ),
}


def test_each_of_two_merged_images_is_shown_at_its_line(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    with open_session(RunOptions((str(tmp_path),), select=("merged-images",), root=str(tmp_path))) as (session, _):
        (result,) = lint(session).active

    assert [(place.path, place.region.start_line) for place in result.related] == [("app/pod.yaml", 6), ("app/pod.yaml", 7)]
