"""To accept one member of a release group hides no other one."""

from __future__ import annotations

import pytest

from tests.suppress.command_in_process import Run, Tree

NEW = "fe05bcdcdc4928012781a5f1a2a77cbb5398e106"
OLD = "ad782ecdac770fc6eb9a62e44f90873fb97fb26b"
OLDER = "b802f384302cb24fbab0a44997e820bf2e8507bb"
DIGESTS = [f"sha256:{character * 64}" for character in "123"]
GROUP = '[[groups]]\nname = "shop"\nimages = ["ghcr.io/acme/*"]\n'
ORDER = '[[groups.order]]\ntargets = ["stage"]\n[[groups.order]]\ntargets = ["prod"]\n'
IGNORE = '[[ignore]]\nrule = "image-lockstep"\nimage = "ghcr.io/acme/export*"\nreason = "frozen"\n'


def pod(name: str, version: str, above: str = "") -> str:
    kept = f"  {above}\n" if above else ""
    head = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n"
    return f"{head}{kept}  - name: {name}\n    image: ghcr.io/acme/{name}{version}\n"


def pods(*described: str) -> str:
    return "---\n".join(described)


DIFFERING = {
    "another commit": (f":{OLD}", f":{OLDER}"),
    "the same old commit": (f":{OLD}", f":{OLD}"),
    "no commit at all": (":stable", ":v1.2.0"),
    "no digest": (f":{NEW}", f":{NEW}"),
}


@pytest.mark.parametrize("how", ["comment", "entry", "baseline"])
@pytest.mark.parametrize("kind", DIFFERING)
def test_an_accepted_member_hides_no_other(run: Run, tree: Tree, kind: str, how: str) -> None:
    one, two = DIFFERING[kind]
    digest = [f"@{each}" for each in DIGESTS] if kind == "no digest" else ["", "", ""]
    above = "# agentslint: ignore[image-lockstep] frozen" if how == "comment" else ""
    right = [pod(name, f":{NEW}{digest[number]}") for number, name in enumerate(("web", "api", "mail"))]
    before = {"app/export.yaml": pod("export", one, above), "app/others.yaml": pods(*right), ".agentslint.toml": GROUP}
    after = {"app/import.yaml": pod("import", two), "app/kustomization.yaml": "resources: [export.yaml, import.yaml, others.yaml]\n"}
    tree.write({**before, "app/kustomization.yaml": "resources: [export.yaml, others.yaml]\n"})
    if how == "entry":
        tree.write({".agentslint.toml": GROUP + IGNORE})
    if how == "baseline":
        run("lint", ".", "--select", "image-lockstep", "--baseline-write", cwd=tree.root)
    tree.write(after)
    done = run("lint", ".", "--select", "image-lockstep", "-f", "json", cwd=tree.root)
    assert done.suppressed() == [("image-lockstep", "app/export.yaml", tree.line("app/export.yaml", "image: "))]
    assert done.places() == [("image-lockstep", "app/import.yaml", 7)]
    assert done.status == 1


def test_members_outside_of_every_stage_are_told_each(run: Run, tree: Tree) -> None:
    for stage in ("stage", "prod"):
        tree.write({f"{stage}/kustomization.yaml": "resources: [web.yaml]\n", f"{stage}/web.yaml": pod("web", f":{NEW}")})
    outside = pods(pod("export", f":{OLD}"), pod("import", f":{OLDER}"))
    tree.write({"jobs/kustomization.yaml": "resources: [jobs.yaml]\n", "jobs/jobs.yaml": outside})
    tree.write({".agentslint.toml": GROUP + ORDER + IGNORE})
    done = run("lint", ".", "--select", "image-lockstep", "-f", "json", cwd=tree.root)
    assert (done.suppressed(), done.places()) == ([("image-lockstep", "jobs/jobs.yaml", 7)], [("image-lockstep", "jobs/jobs.yaml", 15)])


@pytest.mark.parametrize(("names", "lines"), [(("api", "web"), [7]), (("api", "mail", "web"), [7, 23])])
def test_two_images_of_one_digest_are_one_finding(run: Run, tree: Tree, names: tuple[str, ...], lines: list[int]) -> None:
    same = f":{NEW}@{DIGESTS[0]}"
    files = {f"{name}.yaml": pod(name, same) for name in names}
    tree.write({"app.yaml": pods(*files.values()), "kustomization.yaml": "resources: [app.yaml]\n", ".agentslint.toml": GROUP})
    done = run("lint", ".", "--select", "image-lockstep", "-f", "json", cwd=tree.root)
    assert [line for _, _, line in done.places()] == lines
