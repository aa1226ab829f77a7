"""Repositories whose settings run programs, or move the root so that policy matches nothing."""

from __future__ import annotations

import shutil

from tests.hostile.attack import FOUND, LINTED, UNCHECKED, Manner, attack
from tests.hostile.scene import SECRET, Scene, pod

POLICY = '[[environments]]\nname = "production"\npaths = ["app"]\n[rules.require-digest]\nenvironments = ["production"]\nlevel = "error"\n'


def bare_repository(scene: Scene, folder: str, settings: str = "") -> None:
    """Turn a folder into what git takes for a bare repository; git tracks all of it as plain files."""
    settings = f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = {scene.root / folder}\n{settings}"
    scene.write(
        {f"{folder}/HEAD": "ref: refs/heads/main\n", f"{folder}/objects/k": "", f"{folder}/refs/k": "", f"{folder}/config": settings}
    )


def monitor(scene: Scene) -> str:
    """Settings that let git run a program when it reads the index."""
    return f"[core]\n\tfsmonitor = {scene.evil}\n"


@attack(*LINTED, Manner.HERE, Manner.OFFLINE, Manner.BASE)
def bare_with_a_monitor(scene: Scene) -> None:
    """A bare repository inside of the linted folder runs a program."""
    bare_repository(scene, "app", monitor(scene))
    scene.commit()


@attack(Manner.FOLDER, Manner.FILE, Manner.HERE, ends=FOUND, says=("require-digest",))
def bare_moves_the_root(scene: Scene) -> None:
    """A bare repository inside of the linted folder moves the root, so that no environment matches."""
    scene.write({".agentslint.toml": f'select = ["require-digest"]\n{POLICY}', "app/web.yaml": pod("ghcr.io/acme/web:v1.4.2")})
    bare_repository(scene, "app")
    scene.commit()


@attack(Manner.FOLDER, Manner.ROOT, Manner.DIFF)
def bare_in_a_deep_folder(scene: Scene) -> None:
    """A bare repository deep below runs a program when its folder is asked about."""
    scene.write({"app/kustomization.yaml": "resources: [web.yaml, deep/below]\n", "app/deep/below/kustomization.yaml": "namePrefix: a\n"})
    bare_repository(scene, "app/deep/below", monitor(scene))
    scene.commit()


@attack(*LINTED, Manner.ROOT, Manner.BASE)
def monitor_of_the_repository(scene: Scene) -> None:
    """The repository's own settings name a file system monitor."""
    scene.git("config", "core.fsmonitor", str(scene.evil))


@attack(*LINTED)
def hooks(scene: Scene) -> None:
    """Every hook of the repository is a program."""
    for name in ("post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc"):
        shutil.copy(scene.evil, scene.root / ".git/hooks" / name)


@attack(*LINTED)
def hooks_of_the_tree(scene: Scene) -> None:
    """The settings look for hooks in the tree."""
    scene.write({"hooks/post-index-change": scene.evil.read_bytes()})
    (scene.root / "hooks/post-index-change").chmod(0o755)
    scene.git("config", "core.hooksPath", "hooks")


@attack(Manner.LINE, ends=UNCHECKED, says=("is on this machine and is not read",))
def base_of_this_machine(scene: Scene) -> None:
    """A base is a private repository of this machine; an image in it is a token."""
    private = scene.victim("private/web.yaml", pod(f"nginx:{SECRET}")).parent
    scene.victim("private/kustomization.yaml", "resources: [web.yaml]\n")
    scene.git("init", "--quiet", "--initial-branch=main", cwd=private)
    scene.git("add", "--all", cwd=private)
    scene.git("commit", "--quiet", "--message=private", cwd=private)
    scene.kustomization(f"resources: ['file://{private}//.?ref=main']\n")
    scene.line = ["lint", "app", "--untrusted"]


def _filter(scene: Scene, *settings: str) -> None:
    """Store the target's files by a filter whose programs are those of the local settings."""
    scene.write({".gitattributes": "*.yaml filter=evil diff=evil\n", "app/web.yaml": pod()})
    for setting in settings:
        scene.git("config", setting, str(scene.program("filter", "cat")))


@attack(*LINTED, Manner.OFFLINE, Manner.BASE)
def clean_filter(scene: Scene) -> None:
    """A clean filter of the repository runs when the work tree is compared."""
    _filter(scene, "filter.evil.clean")


@attack(*LINTED, Manner.BASE)
def smudge_filter(scene: Scene) -> None:
    """A smudge filter of the repository runs when a base is laid out."""
    _filter(scene, "filter.evil.smudge")


@attack(*LINTED, Manner.BASE)
def process_filter(scene: Scene) -> None:
    """A long-running filter of the repository is started."""
    _filter(scene, "filter.evil.process")


@attack(Manner.DIFF, Manner.BASE)
def required_filter(scene: Scene) -> None:
    """A required filter of the repository must run for git to go on."""
    _filter(scene, "filter.evil.clean", "filter.evil.smudge")
    scene.git("config", "filter.evil.required", "true")


@attack(Manner.LINE)
def filter_without_network(scene: Scene) -> None:
    """A clean filter runs in `diff --offline`."""
    _filter(scene, "filter.evil.clean", "filter.evil.smudge")
    scene.line = ["diff", "--base", "HEAD", "--offline", "app"]


@attack(*LINTED)
def text_converter(scene: Scene) -> None:
    """A text converter and an external diff of the repository run when files are compared."""
    _filter(scene, "diff.evil.textconv", "diff.evil.command", "diff.external")


@attack(*LINTED)
def settings_from_the_tree(scene: Scene) -> None:
    """The repository's settings include a file of the tree."""
    scene.write({"settings": monitor(scene)})
    scene.git("config", "include.path", "../settings")


@attack(*LINTED)
def settings_of_the_work_tree(scene: Scene) -> None:
    """A monitor stands in the settings of the work tree alone."""
    scene.git("config", "extensions.worktreeConfig", "true")
    (scene.root / ".git/config.worktree").write_text(monitor(scene))


@attack(*LINTED)
def programs_for_everything(scene: Scene) -> None:
    """Pager, editor, signature, credentials, remote shell and askpass are programs."""
    settings = (
        "core.pager",
        "core.editor",
        "gpg.program",
        "credential.helper",
        "core.sshCommand",
        "core.askPass",
        "core.alternateRefsCommand",
    )
    for setting in (*settings, "uploadpack.packObjectsHook", "sequence.editor", "core.gitProxy", "gpg.ssh.program"):
        scene.git("config", setting, str(scene.evil))
    scene.git("config", "log.showSignature", "true")


@attack(*LINTED, Manner.BASE)
def lazy_fetch(scene: Scene) -> None:
    """Objects of a partial clone are missing, and its remote is a program."""
    blob = scene.git("rev-parse", "HEAD:app/web.yaml")
    (scene.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for name, text in (
        ("url", f"ext::{scene.evil}"),
        ("promisor", "true"),
        ("partialclonefilter", "blob:none"),
        ("uploadpack", str(scene.evil)),
    ):
        scene.git("config", f"remote.origin.{name}", text)
    scene.git("config", "extensions.partialClone", "origin")
    scene.write({"app/web.yaml": pod()})


@attack(Manner.LINE, silent=True)
def lazy_fetch_without_network(scene: Scene) -> None:
    """Objects of a partial clone are fetched in `diff --offline`."""
    blob = scene.git("rev-parse", "HEAD:app/web.yaml")
    (scene.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    scene.git("config", "remote.origin.url", f"http://{scene.environ['HOSTILE_DOOR']}/repo.git")
    scene.git("config", "remote.origin.promisor", "true")
    scene.git("config", "remote.origin.partialclonefilter", "blob:none")
    scene.write({"app/web.yaml": pod()})
    scene.line = ["diff", "--base", "HEAD", "--offline", "app"]


@attack(Manner.FOLDER, Manner.ROOT, Manner.DIFF)
def git_file(scene: Scene) -> None:
    """A file named .git in the linted folder leads to a repository of the tree."""
    bare_repository(scene, "app/store", monitor(scene))
    scene.write({"app/.git": "gitdir: store\n"})


@attack(Manner.FOLDER, Manner.ROOT, Manner.DIFF)
def nested_repository(scene: Scene) -> None:
    """A repository inside of the repository has a monitor of its own."""
    scene.write({"app/nested/web.yaml": pod()})
    scene.git("init", "--quiet", cwd=scene.root / "app/nested")
    scene.git("config", "core.fsmonitor", str(scene.evil), cwd=scene.root / "app/nested")


@attack(Manner.ROOT)
def submodule(scene: Scene) -> None:
    """A submodule has a monitor of its own."""
    scene.write({".gitmodules": '[submodule "s"]\n\tpath = s\n\turl = ./s\n', "s/web.yaml": pod()})
    scene.git("init", "--quiet", cwd=scene.root / "s")
    scene.git("config", "core.fsmonitor", str(scene.evil), cwd=scene.root / "s")


def _broken(scene: Scene) -> None:
    """Ignore a file, then break the repository: a walk without git would lint the file."""
    scene.write({".gitignore": "app/ignored.yaml\n", "app/ignored.yaml": pod()})


@attack(Manner.FOLDER, Manner.FILE, Manner.ROOT, Manner.DIFF, ends=UNCHECKED)
def broken_settings(scene: Scene) -> None:
    """git cannot read its settings: nothing is linted as if there were no git."""
    _broken(scene)
    (scene.root / ".git/config").write_text("[core\n")


@attack(Manner.FOLDER, Manner.ROOT, ends=UNCHECKED)
def broken_head(scene: Scene) -> None:
    """The repository has no HEAD: nothing is linted as if there were no git."""
    _broken(scene)
    (scene.root / ".git/HEAD").unlink()


@attack(Manner.FOLDER, Manner.ROOT, ends=UNCHECKED)
def unknown_format(scene: Scene) -> None:
    """The repository's format is one of the future."""
    _broken(scene)
    scene.git("config", "core.repositoryformatversion", "99")


@attack(Manner.FOLDER, Manner.ROOT, ends=UNCHECKED)
def git_file_to_nowhere(scene: Scene) -> None:
    """A file named .git leads nowhere."""
    scene.forget_git()
    scene.write({".git": "gitdir: /nowhere\n"})


@attack(Manner.FOLDER, ends=UNCHECKED)
def no_git_program(scene: Scene) -> None:
    """There is a .git, and no git to read it."""
    _broken(scene)
    scene.environ["PATH"] = str(scene.folder)


@attack(Manner.LINE, ends=UNCHECKED)
def option_for_a_revision(scene: Scene) -> None:
    """A revision is written like an option of git that writes a file."""
    scene.write({"app/web.yaml": pod()})
    scene.line = ["diff", f"--base=--output={scene.outside}/written", "app"]


@attack(Manner.LINE, ends=UNCHECKED)
def option_for_both_revisions(scene: Scene) -> None:
    """Three dots hide an option of git."""
    scene.write({"app/web.yaml": pod()})
    scene.line = ["diff", f"--base=--output={scene.outside}/written...", "app"]


@attack(Manner.BASE)
def configured_source(scene: Scene) -> None:
    """The source of a release group is a bare repository of the tree that has a monitor and hooks."""
    bare_repository(scene, "source", monitor(scene))
    group = '[[groups]]\nname = "g"\nimages = ["*"]\nsource = "source"\norder = [{ workloads = ["*/a"] }, { workloads = ["*/web"] }]\n'
    scene.write({".agentslint.toml": group, "app/web.yaml": pod(f"ghcr.io/acme/web:sha-{'1f' * 20}")})


@attack(Manner.DIFF, Manner.BASE, hides=("1 changed",))
def stored_by_a_filter(scene: Scene) -> None:
    """A base file is stored by a filter that may not run: it is not checked, and never said to have changed."""
    _filter(scene, "filter.evil.smudge", "filter.evil.clean")


@attack(Manner.ROOT, Manner.DIFF)
def odd_names(scene: Scene) -> None:
    """Names of tracked files hold line ends, quotes and options."""
    scene.write({"app/a\nb.yaml": pod(), 'app/"q".yaml': pod(), "--output=x": pod(), "app/:(top)": pod()})
    scene.commit()
    scene.write({"app/a\nb.yaml": pod("nginx:2")})
