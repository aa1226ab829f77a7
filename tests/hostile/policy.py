"""A pull request that loosens the policy which judges it, and configurations that run programs of the tree."""

from __future__ import annotations

from tests.hostile.attack import FOUND, UNCHECKED, Build, Manner, attack, family
from tests.hostile.scene import FLOATING, Scene, pod

STRICT = 'select = ["require-digest"]\n'
LOOSENED = {
    "rule_turned_off": 'ignore-rules = ["require-digest"]\n',
    "other_rules": 'select = ["render-error"]\n',
    "everything_excluded": 'exclude = ["*"]\n',
    "finding_ignored": "[[ignore]]\nrule = '*'\nreason = 'mine'\n",
    "never_failing": STRICT + 'fail-on = "never"\n',
    "lower_level": STRICT + '[rules.require-digest]\nlevel = "note"\n',
    "no_environment": STRICT + '[[environments]]\nname = "a"\npaths = ["none"]\n[rules.require-digest]\nenvironments = ["a"]\n',
    "image_allowed": STRICT + '[rules.require-digest]\nallow = [{ match = "*", reason = "mine" }]\n',
    "baseline_of_the_change": STRICT + 'baseline = "new.json"\n',
    "broken": "select = [",
}


def _loosened(text: str) -> Build:
    def build(scene: Scene) -> None:
        """The change that brings a finding loosens the configuration, too: the policy of the base judges it."""
        scene.write({".agentslint.toml": STRICT})
        scene.commit("A policy")
        scene.write({".agentslint.toml": text, "app/web.yaml": pod(FLOATING)})
        scene.commit("A change")
        scene.line = ["lint", "app", "--policy-from", "HEAD~1"]

    return build


family([(name, _loosened(text)) for name, text in LOOSENED.items()], Manner.LINE, ends=FOUND)


def _on_top(scene: Scene, files: dict[str, str]) -> None:
    scene.write({".agentslint.toml": STRICT})
    scene.commit("A policy")
    scene.write({"app/web.yaml": pod(FLOATING), **files})
    scene.commit("A change")
    scene.line = ["lint", "app", "--policy-from", "HEAD~1"]


@attack(Manner.LINE, ends=FOUND)
def nearer_configuration(scene: Scene) -> None:
    """The change puts a configuration nearer to what is linted."""
    _on_top(scene, {"app/.agentslint.toml": 'select = ["render-error"]\n'})


@attack(Manner.LINE, ends=FOUND)
def project_file(scene: Scene) -> None:
    """The change puts a project file nearer to what is linted."""
    _on_top(scene, {"app/pyproject.toml": '[tool.agentslint]\nselect = ["render-error"]\n'})


@attack(Manner.LINE, ends=FOUND)
def comment_of_the_change(scene: Scene) -> None:
    """The change suppresses its own finding by a comment."""
    commented = pod(FLOATING).replace("      image:", "      # agentslint: ignore[require-digest] mine\n      image:")
    _on_top(scene, {"app/web.yaml": commented})


@attack(Manner.LINE, ends=FOUND)
def removed_configuration(scene: Scene) -> None:
    """The change removes the configuration."""
    _on_top(scene, {})
    (scene.root / ".agentslint.toml").unlink()
    scene.commit("Without")


@attack(Manner.LINE, ends=UNCHECKED)
def missing_revision(scene: Scene) -> None:
    """The revision of the policy was not fetched: nothing is judged by the policy of the change."""
    _on_top(scene, {})
    scene.line = ["lint", "app", "--policy-from", "1f" * 20]


@attack(Manner.LINE, ends=UNCHECKED)
def option_for_the_policy(scene: Scene) -> None:
    """The revision of the policy is written like an option."""
    _on_top(scene, {})
    scene.line = ["lint", "app", f"--policy-from=--output={scene.outside}/written"]


PROGRAMS = {
    "plugin": 'plugins = ["evil.py"]\n',
    "kustomize": '[render]\nkustomize = "./evil"\n',
    "helm": '[render]\nhelm = "./evil"\n',
    "alpha_plugins": '[render]\nbuild-options = ["--enable-alpha-plugins", "--enable-exec"]\n',
    "alpha_plugins_for_some": '[[render.for]]\ntargets = ["*"]\nbuild-options = ["--enable-alpha-plugins=true", "--enable-exec=true"]\n',
}


def _program(text: str) -> Build:
    def build(scene: Scene) -> None:
        """The tree's configuration names a program of the tree: with --untrusted it is refused."""
        function = (
            "apiVersion: a/v1\nkind: A\nmetadata:\n  name: a\n  annotations:\n    config.kubernetes.io/function: |\n"
            "      exec: {path: ./evil}\n"
        )
        scene.write({".agentslint.toml": text, "app/function.yaml": function})
        scene.write({"evil.py": f"open({str(scene.marker)!r}, 'w').write('ran')\n"})
        for path in ("evil", "app/evil"):
            scene.write({path: scene.evil.read_bytes()})
            (scene.root / path).chmod(0o755)
        if "alpha" in text:
            scene.write({"app/kustomization.yaml": "resources: [web.yaml]\ntransformers: [function.yaml]\n"})
        scene.line = ["lint", "app", "--untrusted"]

    return build


family([(f"untrusted_{name}", _program(text)) for name, text in PROGRAMS.items()], Manner.LINE, ends=UNCHECKED, says=(".agentslint.toml:",))
