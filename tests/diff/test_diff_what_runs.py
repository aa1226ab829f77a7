"""What will run differently: a promotion of each kind, told per workload."""

from __future__ import annotations

from pathlib import Path

import pytest
from diff_run import as_json, diff
from story import Story, agents, crd, digest, plain, web

A, B = "a1b2c3d4e5f6071829304152637485960718293a", "b2c3d4e5f60718293041526374859607182930ab"
GROUP = '[[groups]]\nname = "agents"\nimages = ["ghcr.io/acme/agents/*"]\nsource = "../source"\n'


def image(name: str, sha: str) -> str:
    return f"ghcr.io/acme/agents/{name}:{sha[:8]}@{digest(sha, name)}"


@pytest.fixture
def deployed(story: Story, source: Story) -> Story:
    """Everything runs at the first commit of the code."""
    first = source.commits[0]
    story.commit("all at the first commit", {".agentslint.toml": GROUP, **agents(controllers=first, control_plane=first)})
    return story


def test_a_promotion_of_one(deployed: Story, source: Story) -> None:
    first, _, last = source.commits
    deployed.write(agents(controllers=last, control_plane=first))
    done = diff(deployed, "--base", "HEAD")
    assert done.status == 0
    assert done.out.splitlines() == [
        "apps/agents",
        "  Deployment/controllers (container main)",
        f"    - {image('controllers', first)}",
        f"    + {image('controllers', last)}",
        f"      {first[:8]}..{last[:8]}, 2 commits ahead",
        "  Deployment/controllers claims IMAGE_DIGEST",
        f"    - {digest(first, 'controllers')}",
        f"    + {digest(last, 'controllers')}",
        "",
        "policy: no findings (api-lockstep, change-without-effect, crd-compat, digest-changed-alone, partial-rollback)",
        f"1 of 1 target differs from HEAD ({deployed.commits[0][:10]}): 1 image, 1 claim, 1 manifest",
    ]


def test_a_rollback_is_behind(deployed: Story, source: Story) -> None:
    first, second, _ = source.commits
    deployed.commit("all at the second", agents(controllers=second, control_plane=second))
    deployed.write(agents(controllers=second, control_plane=first))
    (row,) = as_json(deployed, "--base", "HEAD").targets["apps/agents"]["images"]
    assert (row["resource"], row["commits"]["relation"], row["commits"]["behind"]) == ("Deployment/control-plane", "behind", 1)


def test_a_squashed_commit_is_not_known_and_said_so(deployed: Story, source: Story) -> None:
    deployed.write(agents(controllers=B, control_plane=source.commits[0]))
    (row,) = as_json(deployed, "--base", "HEAD").targets["apps/agents"]["images"]
    assert row["commits"]["relation"] is None
    assert row["commits"]["unknown"] == (
        f"the commit {B[:8]} is not in ../source: it is another repository's, or was squashed away when its branch was merged"
    )


def test_without_a_source_the_range_is_told_without_its_length(story: Story) -> None:
    story.commit("all at A", agents(controllers=A, control_plane=A))
    story.write(agents(controllers=B, control_plane=A))
    out = diff(story, "--base", "HEAD").out
    assert f"{A[:8]}..{B[:8]}\n" in out
    assert "not known" not in out


def test_pins_and_tags(story: Story) -> None:
    pinned = "ghcr.io/acme/web:1@sha256:"
    befores = {"pin": pinned[:-8], "unpin": pinned + "1" * 64, "moved": pinned + "1" * 64, "renamed": pinned + "1" * 64}
    afters = {
        "pin": pinned + "1" * 64,
        "unpin": pinned[:-8],
        "moved": pinned + "2" * 64,
        "renamed": f"ghcr.io/acme/web:2@sha256:{'1' * 64}",
    }
    story.commit("before", {path: text for name, said in befores.items() for path, text in plain(f"apps/{name}", said).items()})
    story.write({path: text for name, said in afters.items() for path, text in plain(f"apps/{name}", said).items()})
    targets = as_json(story, "--base", "HEAD", "apps").targets
    assert {name.removeprefix("apps/"): row["images"][0]["note"] for name, row in targets.items()} == {
        "pin": "now pinned by digest",
        "unpin": "no longer pinned by digest",
        "moved": "new digest under the same tag",
        "renamed": "new tag with the same digest",
    }


def test_apis_and_other_manifests(story: Story) -> None:
    settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: %s}\n"
    more = "  - crd.yaml\n  - settings.yaml\n"
    files = {**plain("apps/web", "ghcr.io/acme/web:1", more=more), "apps/web/crd.yaml": crd(image="string", tag="string")}
    story.commit("before", {**files, "apps/web/settings.yaml": settings % "info"})
    story.write({"apps/web/crd.yaml": crd(image="string", limit="integer"), "apps/web/settings.yaml": settings % "debug"})
    done = diff(story, "--base", "HEAD", "apps")
    assert done.out.splitlines()[:5] == [
        "apps/web",
        "  policy: 1 error",
        "  runs.agents.example.com: v1 spec.tag was removed (breaks)",
        "  runs.agents.example.com: v1 spec.limit was added",
        "  differs: ConfigMap/settings",
    ]


def test_a_target_appears_one_disappears_one_moves_and_one_stays(story: Story) -> None:
    moved = {path: f"{text}# {'a long remark about this application ' * 9}\n" for path, text in plain("apps/x", "a/x:1", "x").items()}
    story.commit("before", {**plain("apps/old", "a/old:1", "old"), **plain("apps/stays", "a/b:1"), **moved})
    story.write(dict.fromkeys([*plain("apps/old", ""), *moved])).write(plain("apps/new", "a/new:1", "new"))
    story.write({path.replace("apps/x", "apps/y"): text for path, text in moved.items()})
    rows = as_json(story, "--base", "HEAD", "apps").targets
    assert {name: (row["what"], row["was"]) for name, row in rows.items()} == {
        "apps/new": ("appears", None),
        "apps/old": ("disappears", None),
        "apps/y": ("same", "apps/x"),
    }


def test_a_job_that_is_named_after_its_commit_is_one_that_changes(story: Story) -> None:
    job = web("ghcr.io/acme/migrate:%s", "migrate-%s").replace("apps/v1", "batch/v1").replace("Deployment", "Job")
    story.commit("before", {**plain("apps/web", "a/b:1"), "apps/web/web.yaml": job % (A[:7], A[:7])})
    story.write({"apps/web/web.yaml": job % (B[:7], B[:7])})
    (row,) = as_json(story, "--base", "HEAD", "apps").targets["apps/web"]["images"]
    assert (row["before"], row["after"]) == (f"ghcr.io/acme/migrate:{A[:7]}", f"ghcr.io/acme/migrate:{B[:7]}")


def test_a_generated_map_with_another_hash_is_one_that_differs(story: Story) -> None:
    more = "configMapGenerator:\n  - name: settings\n    literals: [level=%s]\n"
    story.commit("before", plain("apps/web", "a/b:1", more=more % "info"))
    story.write(plain("apps/web", "a/b:1", more=more % "debug"))
    rows = as_json(story, "--base", "HEAD", "apps").targets["apps/web"]["manifests"]
    assert [(row["resource"].rpartition("-")[0], row["what"]) for row in rows] == [("ConfigMap/settings", "differs")]


def test_a_comment_is_a_change_that_changes_nothing(story: Story) -> None:
    story.commit("before", plain("apps/web", "a/b:1"))
    story.write({"apps/web/web.yaml": web("a/b:1") + "# a remark\n"})
    done = diff(story, "--base", "HEAD", "apps")
    assert done.out.splitlines() == [
        "apps/web: renders the same",
        "",
        "policy: no findings (change-without-effect, crd-compat, digest-changed-alone, partial-rollback)",
        f"0 of 1 target differ from HEAD ({story.commits[0][:10]})",
    ]


@pytest.mark.parametrize("side", ["base", "head"])
def test_a_side_that_fails_is_named_and_never_no_change(story: Story, side: str) -> None:
    broken = {"apps/web/kustomization.yaml": "resources:\n  - nowhere.yaml\n"}
    whole = plain("apps/web", "a/b:1")
    story.commit("before", {**whole, **(broken if side == "base" else {})})
    story.write({**whole, **(broken if side == "head" else {})})
    done = diff(story, "--base", "HEAD", "apps")
    assert done.status == 2
    assert done.out.startswith("apps/web: is not compared\n")
    assert done.out.count("nowhere.yaml: no such file") == 1
    assert done.out.endswith("0 of 1 target differ from HEAD (" + story.commits[0][:10] + "); 1 is not compared\n")
    assert as_json(story, "--base", "HEAD", "apps").targets["apps/web"]["what"] == "failed"


def test_two_renders_for_one_values_file_of_a_hundred_targets(story: Story) -> None:
    story.write({path: text for number in range(99) for path, text in plain(f"apps/web-{number}", "a/b:1").items()})
    story.commit("a hundred", agents(controllers=A, control_plane=A))
    story.write(agents(controllers=B, control_plane=A))
    summary = as_json(story, "--base", "HEAD").json["summary"]
    assert (summary["targets"], summary["differing"], summary["renders"]) == (100, 1, 2)


def test_alone_it_compares_with_where_the_branch_began(story: Story) -> None:
    story.commit("before", plain("apps/web", "a/b:1"))
    story.git("checkout", "--quiet", "-b", "work")
    story.commit("committed", {"apps/web/web.yaml": web("a/b:2")})
    story.git("checkout", "--quiet", "main")
    story.commit("main goes on", plain("apps/else", "a/b:1"))
    story.git("checkout", "--quiet", "work")
    story.write(plain("apps/new", "a/b:3"))
    found = as_json(story)
    assert found.json["base"] == {"name": "where HEAD left main", "commit": story.commits[0]}
    assert set(found.targets) == {"apps/new", "apps/web"}


def test_a_base_that_went_on_is_compared_with_as_it_is_and_that_is_said(story: Story) -> None:
    story.commit("before", plain("apps/web", "a/b:1"))
    story.git("checkout", "--quiet", "-b", "work")
    story.git("checkout", "--quiet", "main")
    story.commit("main goes on", {"apps/web/web.yaml": web("a/b:2")})
    story.git("checkout", "--quiet", "work")
    done = diff(story, "--base", "main")
    assert "    - a/b:2\n    + a/b:1\n" in done.out
    assert (
        "note: main has a commit that HEAD lacks, and it appears as reverted; compare with the merge base instead: --base main..."
        in done.out
    )
    assert "0 of 1 target differ" in diff(story, "--base", "main...").out


def test_nothing_to_compare_with(story: Story, tmp_path: Path) -> None:
    story.commit("before", plain("apps/web", "a/b:1"))
    story.commit("after")
    for words, said in ((("--base", "nowhere"), "the base revision 'nowhere' is not in this repository"), ((), "")):
        done = diff(story, *words)
        assert (done.status, done.out != "") == ((2, False) if said else (0, True))
        assert said in done.err
    shallow = story.clone(tmp_path / "shallow", "--depth=1")
    done = diff(shallow, "--base", story.commits[0])
    assert (done.status, done.out) == (2, "")
    assert "is not in this clone, which is shallow; get the whole history: git fetch --unshallow" in done.err
    (story.root / ".git").rename(tmp_path / "elsewhere")
    done = diff(story, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert "is in no git repository" in done.err


def test_a_secret_is_not_shown(story: Story) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: login\n  annotations: {gitCommit: %s}\n"
    secret += "stringData: {password: %s, image: a/%s:1}\n"
    fields = '[[image-fields]]\nkind = "Secret"\npath = "stringData.image"\n'
    story.commit(
        "before",
        {
            "apps/web/kustomization.yaml": "resources: [login.yaml]\n",
            "apps/web/login.yaml": secret % (A, "hunter1", "hunter1"),
            ".agentslint.toml": fields,
        },
    )
    story.write({"apps/web/login.yaml": secret % (B, "hunter2", "hunter2")})
    for format_ in ("text", "json", "markdown"):
        out = diff(story, "--base", "HEAD", "apps", "--format", format_).out
        assert "Secret/login" in out
        assert not any(text in out for text in (A, B, "hunter"))
