"""Files of every kind at the base: links, what git ignores, submodules, sparse checkouts, names and line ends that are odd."""

from __future__ import annotations

from pathlib import Path

from change_run import compared, moves, outline
from story import Story, plain, web

ONE, TWO = "ghcr.io/acme/web:one", "ghcr.io/acme/web:two"


def test_a_link_that_leads_elsewhere_now(story: Story) -> None:
    story.write({**plain("versions/one", ONE), **plain("versions/two", TWO)})
    story.write({"apps/web/kustomization.yaml": "resources: [../../current]\n"})
    (story.root / "current").symlink_to("versions/one")
    story.commit("a link to a folder")
    (story.root / "current").unlink()
    (story.root / "current").symlink_to("versions/two")
    with compared(story, "HEAD", "apps") as (_, change):
        assert moves(change) == {"apps/web web": ("one", "two")}


def test_a_link_to_a_file_becomes_that_file(story: Story) -> None:
    story.write({"apps/web/kustomization.yaml": "resources: [web.yaml]\n", "shared.yaml": web(ONE)})
    (story.root / "apps/web/web.yaml").symlink_to("../../shared.yaml")
    options = {".agentslint.toml": '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\n'}
    story.commit("a link to a file", options)
    (story.root / "apps/web/web.yaml").unlink()
    story.write({"apps/web/web.yaml": web(TWO)})
    with compared(story, "HEAD", "apps") as (_, change):
        assert moves(change) == {"apps/web web": ("one", "two")}


def test_an_absolute_link_leads_into_the_base(story: Story) -> None:
    story.write({"apps/web/kustomization.yaml": "resources: [inside.yaml]\n", "shared.yaml": web(ONE, "inside")})
    (story.root / "apps/web/inside.yaml").symlink_to(story.root / "shared.yaml")
    options = {".agentslint.toml": '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\n'}
    story.commit("links", options)
    story.write({"shared.yaml": web(TWO, "inside")})
    with compared(story, "HEAD", "apps") as (_, change):
        assert outline(change) == {"apps/web": "differs"}
        assert moves(change) == {"apps/web inside": ("one", "two")}


def test_a_link_out_of_the_repository_is_read_on_neither_side(story: Story, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(web(ONE, "outside"))
    story.write({"apps/web/kustomization.yaml": "resources: [inside.yaml, outside.yaml]\n", "apps/web/inside.yaml": web(ONE, "inside")})
    (story.root / "apps/web/outside.yaml").symlink_to("../../../outside.yaml")
    options = {".agentslint.toml": '[render]\nbuild-options = ["--load-restrictor", "LoadRestrictionsNone"]\n'}
    story.commit("links", options)
    story.write({"apps/web/inside.yaml": web(TWO, "inside")})
    with compared(story, "HEAD", "apps") as (_, change):
        assert outline(change) == {"apps/web": "fails base head"}


def test_what_git_ignores_is_the_same_on_both_sides(story: Story) -> None:
    """A chart that was pulled, a file with secrets: without them the base would not render at all."""
    more = "secretGenerator:\n  - name: login\n    envs: [secret.env]\n"
    story.commit("an application", {**plain("apps/web", ONE, more=more), ".gitignore": "secret.env\n"})
    story.write({"apps/web/secret.env": "password=x\n", "apps/web/web.yaml": web(TWO)})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/web": "differs"}
        assert [pair.manifest.kind for pair in change.targets[0].manifests if pair.differs] == ["Deployment"]


def test_what_is_new_is_not_at_the_base(story: Story) -> None:
    more = "secretGenerator:\n  - name: login\n    envs: [new.env]\n"
    story.commit("an application", plain("apps/web", ONE, more=more))
    story.write({"apps/web/new.env": "password=x\n"})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/web": "fails base"}


def test_an_ignored_folder_that_somebody_names_is_no_change(story: Story) -> None:
    story.commit("nothing yet", {".gitignore": "build/\n", **plain("apps/web", ONE)})
    story.write({**plain("build/web", ONE), "apps/web/web.yaml": web(TWO)})
    with compared(story, "HEAD", "build") as (_, change):
        assert change.targets == ()


def test_a_submodule_that_moves(story: Story, tmp_path: Path) -> None:
    library = Story.begin(tmp_path / "library")
    library.commit("one", plain("web", ONE))
    story.git("submodule", "--quiet", "add", f"file://{library.root}", "lib")
    story.commit("with a library", {"apps/web/kustomization.yaml": "resources: [../../lib/web]\n"})
    library.commit("two", {"web/web.yaml": web(TWO)})
    inner = Story(story.root / "lib")
    inner.git("pull", "--quiet")
    with compared(story, "HEAD", "apps") as (_, change):
        assert moves(change) == {"apps/web web": ("one", "two")}
        assert change.files == {"lib/web/web.yaml": "modified"}


def test_a_submodule_without_the_commit_of_the_base_is_said(story: Story, tmp_path: Path) -> None:
    library = Story.begin(tmp_path / "library")
    library.commit("one", plain("web", ONE))
    story.git("submodule", "--quiet", "add", f"file://{library.root}", "lib")
    story.commit("with a library", {"apps/web/kustomization.yaml": "resources: [../../lib/web]\n", **plain("apps/else", ONE)})
    library.commit("two", {"web/web.yaml": web(TWO)})
    story.git("submodule", "--quiet", "deinit", "--force", "lib")
    story.git("rm", "--quiet", "--cached", "lib")
    (story.root / "lib").rmdir()
    library.clone(story.root / "lib", "--depth=1")
    with compared(story, "HEAD", "apps") as (_, change):
        assert outline(change) == {"apps/web": "fails base"}
        failure = change.targets[0].base_failure
        assert failure
        assert "submodule lib lacks the commit" in failure.message


def test_a_sparse_checkout_leaves_the_same_out_of_the_base(story: Story) -> None:
    overlays = {f"apps/{name}/kustomization.yaml": "resources: [../../base]\n" for name in ("web", "else")}
    story.commit("two of one base", {**plain("base", ONE), **overlays})
    story.git("sparse-checkout", "set", "--no-cone", "/apps/web/", "/base/")
    assert not (story.root / "apps/else").exists()
    story.write({"base/web.yaml": web(TWO)})
    before = story.state()
    with compared(story) as (_, change):
        assert outline(change) == {"apps/web": "differs"}
    assert story.state() == before


def test_odd_names_modes_and_line_ends(story: Story) -> None:
    more = "configMapGenerator:\n  - name: odd\n    files: ['a=näme with spaces.txt', \"b=two\\nlines.txt\"]\n"
    names = ("apps/web/näme with spaces.txt", "apps/web/two\nlines.txt")
    story.write({".gitattributes": "*.txt text eol=crlf\n"})
    story.commit("odd", {**plain("apps/web", ONE, more=more), **dict.fromkeys(names, "x\r\n")})
    story.write({"apps/web/web.yaml": web(TWO)})
    (story.root / names[0]).touch()
    (story.root / names[1]).touch()
    with compared(story) as (_, change):
        assert change.files == {"apps/web/web.yaml": "modified"}
        assert [pair.manifest.kind for pair in change.targets[0].manifests if pair.differs] == ["Deployment"]
    story.write({names[1]: "y\r\n"})
    with compared(story) as (_, change):
        assert set(change.files) == {"apps/web/web.yaml", names[1]}


def test_a_file_becomes_a_folder(story: Story) -> None:
    story.commit("a file", {"apps/web/kustomization.yaml": "resources: [part]\n", "apps/web/part": web(ONE)})
    story.write({"apps/web/part": None}).write(plain("apps/web/part", TWO))
    with compared(story, "HEAD", "apps/web") as (_, change):
        assert moves(change) == {"apps/web web": ("one", "two")}


def test_a_file_that_a_plugin_names_is_gone(story: Story) -> None:
    """Its configuration is the same as ever, and the file is none that discovery would look into."""
    transformer = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: patch}\npath: patch.txt\ntarget: {kind: Deployment}\n"
    patch = "- {op: replace, path: /spec/template/spec/containers/0/image, value: 'ghcr.io/acme/web:patched'}\n"
    files = {**plain("apps/web", ONE, more="transformers: [patch.yaml]\n"), "apps/web/patch.yaml": transformer}
    story.commit("patched", {**files, "apps/web/patch.txt": patch})
    story.write({"apps/web/patch.txt": None})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/web": "fails head"}


def test_an_attribute_for_archives_takes_nothing_from_the_base(story: Story) -> None:
    story.commit("hidden", {**plain("apps/web", ONE), ".gitattributes": "*.yaml export-ignore\n"})
    story.write({"apps/web/web.yaml": web(TWO)})
    with compared(story) as (_, change):
        assert outline(change) == {"apps/web": "differs"}


def test_only_the_mode_of_a_file_changes(story: Story) -> None:
    story.commit("one", plain("apps/web", ONE))
    (story.root / "apps/web/web.yaml").chmod(0o755)
    with compared(story) as (_, change):
        assert change.targets == ()
