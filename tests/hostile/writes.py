"""Commands that write: no link of the tree and no path of its configuration leads them out of the repository."""

from __future__ import annotations

from tests.hostile.attack import UNCHECKED, Build, Manner, attack, family
from tests.hostile.scene import Scene

KNOWN = '{"version": 1, "findings": []}\n'


def _led(scene: Scene, path: str) -> None:
    """A link leads to a folder outside, beside which stands what would be overwritten."""
    scene.victim("d/.keep", "")
    scene.victim("precious", KNOWN)
    scene.link(path, scene.outside / "d")


@attack(Manner.LINE, ends=UNCHECKED, says=("is a link out of the repository",))
def report_beside_where_a_link_leads(scene: Scene) -> None:
    """`link/../precious` is beside the folder to which the link leads, not beside the link."""
    _led(scene, "away")
    scene.line = ["lint", "app", "-f", "json", "-o", "away/../precious"]


@attack(Manner.LINE, ends=UNCHECKED, says=("is a link out of the repository",))
def report_above_where_a_link_leads(scene: Scene) -> None:
    """The same, once more up and down again."""
    _led(scene, "app/away")
    scene.line = ["lint", "app", "-f", "json", "-o", "app/./away/../../outside/precious"]


@attack(Manner.LINE, ends=UNCHECKED, says=("is a link out of the repository",))
def report_over_a_link_of_the_user(scene: Scene) -> None:
    """The user's own link leads into the repository, to a link of the tree that leads out."""
    _led(scene, "away")
    (scene.folder / "mine").symlink_to(scene.root / "away")
    scene.line = ["lint", "app", "-f", "json", "-o", str(scene.folder / "mine/new.json")]


@attack(Manner.LINE, ends=UNCHECKED, says=("is a link out of the repository",))
def baseline_beside_where_a_link_leads(scene: Scene) -> None:
    """The file of a baseline is named by way of a link."""
    _led(scene, "away")
    scene.line = ["baseline", "app", "-o", "away/../precious"]


@attack(Manner.LINE, ends=UNCHECKED, says=("is a link out of the repository",))
def rule_beside_where_a_link_leads(scene: Scene) -> None:
    """A new rule is written by way of a link."""
    _led(scene, "away")
    scene.line = ["new-rule", "my-rule", "--into", "away/../rules"]


@attack(Manner.LINE, ends=UNCHECKED, says=("is a link out of the repository",))
def folder_beside_where_a_link_leads(scene: Scene) -> None:
    """What is linted is named by way of a link."""
    _led(scene, "away")
    scene.victim("web.yaml", "kind: Pod\n")
    scene.line = ["lint", "away/../web.yaml"]


def _configured(name: str, *words: str) -> Build:
    def build(scene: Scene) -> None:
        """The tree's configuration names a baseline outside, which a command would write or read."""
        _led(scene, "away")
        scene.write({".agentslint.toml": f'# ours\nbaseline = "{name.replace("OUTSIDE", str(scene.outside))}"\n'})
        scene.link("linked.json", scene.outside / "new.json")
        scene.line = [words[0], "app", *words[1:]]

    return build


NAMED = {
    "absolute": "OUTSIDE/new.json",
    "above": "../outside/new.json",
    "by_a_link": "away/new.json",
    "beside_where_a_link_leads": "away/../new.json",
    "itself_a_link": "linked.json",
    "of_git": ".git/new.json",
}
COMMANDS = {
    "written": ("baseline",),
    "written_untrusted": ("baseline", "--untrusted"),
    "read": ("lint",),
    "read_untrusted": ("lint", "--untrusted"),
}
family(
    [(f"baseline_{how}_{name}", _configured(path, *words)) for how, words in COMMANDS.items() for name, path in NAMED.items()],
    Manner.LINE,
    ends=UNCHECKED,
    says=(".agentslint.toml:2: the baseline ",),
)
