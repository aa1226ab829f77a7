"""Random changes, held against the plain way: check the base out somewhere else and render every target of both.

Whatever renders otherwise must be among the targets that differ, and each side must be what the plain way renders, byte for byte.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from change_run import compared
from story import Story, agents, plain, web

from agentslint.change import TargetChange
from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
from agentslint.fleet.rendered_target import RenderedTarget

A, B = "a1b2c3d4e5f6071829304152637485960718293a", "b2c3d4e5f60718293041526374859607182930ab"
CONFIG = '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\n'
PATCH = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: ../patches/label.txt\ntarget: {kind: Deployment}\n"
LABEL = "- {op: add, path: /metadata/labels, value: {patched: 'yes'}}\n"
Edit = Callable[[Story, random.Random], None]


def beginning(story: Story) -> None:
    """Two applications of a chart, a base with two overlays and a component, generated maps, links, a transformer, a plain manifest."""
    story.write(
        {".agentslint.toml": CONFIG, **agents(controllers=A, control_plane=A), **agents(controllers=B, control_plane=A, folder="two")}
    )
    story.write({**plain("base", "a/base:1", "base"), **plain("solo", "a/solo:1", "solo"), "loose/pod.yaml": web("a/loose:1", "loose")})
    for name in ("test", "prod"):
        story.write({f"overlays/{name}/kustomization.yaml": f"resources: [../../base]\nnamePrefix: {name}-\ncomponents: [../../part]\n"})
    story.write({"part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {a: b}\n"})
    generator = "configMapGenerator:\n  - name: settings\n    files: [settings.txt, ../shared/common.txt]\n"
    story.write({"maps/kustomization.yaml": generator, "maps/settings.txt": "a=1\n", "shared/common.txt": "b=1\n"})
    story.write({**plain("patched", "a/patched:1", "patched", more="transformers: [t.yaml]\n"), "patched/t.yaml": PATCH})
    story.write({"patches/label.txt": LABEL, "linked/kustomization.yaml": "resources: [web.yaml, ../current]\n"})
    (story.root / "linked/web.yaml").symlink_to("../solo/web.yaml")
    (story.root / "current").symlink_to("base")
    story.commit("the beginning")


def one_of(story: Story, chance: random.Random, *suffixes: str) -> Path:
    """Choose a file."""
    files = [path for path in sorted(story.root.rglob("*")) if path.is_file() and not path.is_symlink() and ".git" not in path.parts]
    return chance.choice([path for path in files if path.name.endswith(suffixes)])


def touch(story: Story, chance: random.Random) -> None:
    path = one_of(story, chance, ".yaml", ".txt")
    path.write_text(path.read_text() + "# remark\n")


def promote(story: Story, chance: random.Random) -> None:
    path = one_of(story, chance, "web.yaml", "pod.yaml", "values.yaml", ".txt")
    path.write_text(path.read_text().replace("1", "2"))


def delete(story: Story, chance: random.Random) -> None:
    one_of(story, chance, ".yaml", ".txt").unlink()


def rename(story: Story, chance: random.Random) -> None:
    path = one_of(story, chance, "values.yaml", "web.yaml", ".txt")
    path.rename(path.with_name(f"renamed-{path.name}"))
    for kustomization in story.root.rglob("kustomization.yaml"):
        kustomization.write_text(kustomization.read_text().replace(path.name, f"renamed-{path.name}"))


def move(story: Story, chance: random.Random) -> None:
    folder = story.root / chance.choice(["solo", "maps", "overlays/prod", "two", "base"])
    if folder.is_dir():
        folder.rename(folder.with_name(f"{folder.name}-moved"))


def appear(story: Story, chance: random.Random) -> None:
    name = f"new-{chance.randrange(9)}"
    story.write(plain(name, "a/new:1", name, more=chance.choice(["", "  - ../base\n", "  - ../solo\n"])))


def relink(story: Story, chance: random.Random) -> None:
    link = story.root / chance.choice(["current", "linked/web.yaml"])
    link.unlink(missing_ok=True)
    link.symlink_to("solo" if link.name == "current" else "../base/web.yaml")


def unname(story: Story, chance: random.Random) -> None:
    """Take a line out of a kustomization."""
    path = one_of(story, chance, "kustomization.yaml")
    lines = path.read_text().splitlines()
    lines.pop(chance.randrange(len(lines)))
    path.write_text("\n".join([*lines, ""]))


EDITS: tuple[Edit, ...] = (touch, promote, promote, delete, rename, move, appear, relink, unname)


def rendered(root: Path, *names: str) -> dict[str, bytes | None]:
    """Every target of a checkout (or of some folders) and what it renders, None where it does not."""
    with open_session(RunOptions(paths=tuple(str(root / name) for name in names) or (str(root),))) as (run, _):
        found = list(run.rendered(run.discovery.targets, lambda kind: False))
    return {each.target.name: each.outcome.rendering.stream if isinstance(each.outcome, RenderedTarget) else None for each in found}


def with_built_on(root: Path, found: dict[str, bytes | None], others: dict[str, bytes | None]) -> dict[str, bytes | None]:
    """Add what is no target of its own here but a base of others, where it is one on the other side."""
    names = [name for name in others if name not in found and (root / name / "kustomization.yaml").exists()]
    return found | {name: text for name, text in (rendered(root, *names) if names else {}).items() if name in names}


def stream(side: RenderedTarget | None) -> bytes | None:
    return side.rendering.stream if side and side.rendering else None


def sides(target: TargetChange) -> tuple[tuple[str, bytes | None], tuple[str, bytes | None]]:
    return (target.was or target.name, stream(target.base)), (target.name, stream(target.head))


@pytest.mark.sample(3)
@pytest.mark.parametrize("seed", range(14))
def test_against_the_plain_way(story: Story, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    beginning(story)
    clone = story.clone(tmp_path / "clone")
    done = [chance.choice(EDITS) for _ in range(chance.randint(1, 4))]
    for number, edit in enumerate(done):
        edit(story, chance)
        if number % 2:
            story.commit("halfway")
    before, now = rendered(clone.root), rendered(story.root)
    before, now = with_built_on(clone.root, before, now), with_built_on(story.root, now, before)

    with compared(story, story.commits[0]) as (_, change):
        found = [sides(target) for target in change.targets]

    told = [edit.__name__ for edit in done]
    for (old, base), (new, head) in found:
        assert base == before.get(old, base), (told, old)
        assert head == now.get(new, head), (told, new)
    was, now_is = dict(base for base, _ in found), dict(head for _, head in found)
    for name in {*before, *now}:
        differs = before.get(name, "absent") != now.get(name, "absent")
        assert not differs or name in was or name in now_is, (told, name)
