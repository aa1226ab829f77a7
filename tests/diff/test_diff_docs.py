"""The page about changes shows what a real run prints."""

from __future__ import annotations

from pathlib import Path

from diff_run import diff
from story import Story, agents, crd, plain

PAGE = Path(__file__).parents[2] / "docs" / "promotion.md"
GROUP = '[[groups]]\nname = "agents"\nimages = ["ghcr.io/acme/agents/*"]\nsource = "../source"\n'
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: %s}\n"
MORE = "resources: [crd.yaml, settings.yaml]\n"


def test_the_page_shows_a_real_difference(story: Story, source: Story) -> None:
    first, _, last = source.commits
    web = {path: text for number in range(99) for path, text in plain(f"apps/web-{number}", "ghcr.io/acme/web:1").items()}
    app = agents(controllers=first, control_plane=first, more=MORE)
    beside = {"apps/agents/crd.yaml": crd(image="string", tag="string"), "apps/agents/settings.yaml": SETTINGS % "info"}
    story.commit("all at the first commit", {".agentslint.toml": GROUP, **web, **app, **beside})
    story.git("checkout", "--quiet", "-b", "work")
    story.write(agents(controllers=last, control_plane=first, more=MORE))
    story.write({"apps/agents/crd.yaml": crd(image="string"), "apps/agents/settings.yaml": SETTINGS % "debug"})

    out = diff(story, "--base", "main").out

    assert f"$ agentslint diff --base main\n{out}```" in PAGE.read_text(encoding="utf-8"), out
