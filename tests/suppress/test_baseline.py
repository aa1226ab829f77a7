"""`agentslint baseline` and `--baseline`: only what is new fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import DIGEST, chart_app, deployment, kustomization, overlays, plain

FILE = ".agentslint-baseline.json"


def lint(run: Run, tree: Tree, *words: str | Path) -> Done:
    return run("lint", *(words or (".",)), "--baseline", tree.root / FILE, "-f", "json", cwd=tree.root)


def notes(done: Done) -> str:
    """What is said, but for the rules that need a base revision."""
    return " ".join(note for note in json.loads(done.out)["notes"] if not note.startswith("skipped"))


def rows(tree: Tree) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(tree.read(FILE))["findings"]
    return found


@pytest.fixture
def known(run: Run, tree: Tree) -> Tree:
    """One application, whose finding is in the baseline."""
    tree.write(plain())
    done = run("baseline", cwd=tree.root)
    assert done.status == 0
    assert f"wrote {FILE}: 1 finding, 1 new, 0 removed" in done.out
    return tree


def test_what_is_known_does_not_fail(run: Run, known: Tree) -> None:
    done = lint(run, known)
    assert (done.status, done.places()) == (0, [])
    assert done.results[0]["suppressions"][0]["kind"] == "external"


def test_the_configuration_names_it(run: Run, known: Tree) -> None:
    known.write({".agentslint.toml": f'baseline = "{FILE}"\n'})
    assert run("lint", "app", "-f", "json", cwd=known.root).status == 0
    assert run("lint", ".", "-f", "json", cwd=known.root / "app").status == 0
    assert run("lint", ".", "--baseline", "", "-f", "json", cwd=known.root).status == 1


def test_the_configured_file_is_written_from_anywhere(run: Run, tree: Tree) -> None:
    tree.write({**plain(), ".agentslint.toml": 'baseline = "ci/known.json"\n', "ci/.keep": ""})
    assert run("baseline", "web.yaml", cwd=tree.root / "app").status == 0
    assert json.loads(tree.read("ci/known.json"))["findings"][0]["path"] == "app/web.yaml"


def test_a_new_finding_fails(run: Run, known: Tree) -> None:
    known.write({"app/web.yaml": known.read("app/web.yaml") + "---\n" + deployment("proxy", "nginx:1.27")})
    assert lint(run, known).places() == [("require-digest", "app/web.yaml", 21)]


def test_a_moved_line_keeps_it(run: Run, known: Tree) -> None:
    known.write({"app/web.yaml": "# a\n# b\n" + known.read("app/web.yaml").replace("      containers", "      # c\n      containers")})
    assert lint(run, known).places() == []


def test_an_item_that_is_inserted_before_it_keeps_it(run: Run, known: Tree) -> None:
    known.replace("app/web.yaml", "containers:\n", f"containers:\n        - name: first\n          image: proxy:1@{DIGEST}\n")
    assert lint(run, known).places() == []


@pytest.mark.parametrize("promoted", ["nginx:1.28", "nginx", "docker.io/library/nginx:1.29", f"nginx@{DIGEST[:-1]}"])
def test_a_promotion_keeps_it(run: Run, known: Tree, promoted: str) -> None:
    known.replace("app/web.yaml", "nginx:1.27", promoted)
    done = lint(run, known, ".", "--select", "require-digest")
    assert (done.places(), len(done.suppressed())) == ([], 1)


def test_another_image_in_its_place_is_new(run: Run, known: Tree) -> None:
    known.replace("app/web.yaml", "nginx:1.27", "ghcr.io/acme/nginx:1.27")
    done = lint(run, known)
    assert done.places() == [("require-digest", "app/web.yaml", 10)]
    assert "1 of the baseline are fixed" in notes(done)


def test_another_image_that_shares_its_tag_is_new(run: Run, tree: Tree) -> None:
    tree.write(chart_app("image:\n  tag: 1.28.0\nsidecar: false\n"))
    run("baseline", cwd=tree.root)
    template = tree.read("charts/web/templates/deployment.yaml")
    twin = template.replace("{{ .Release.Name }}", "{{ .Release.Name }}-twin")
    tree.write({"charts/web/templates/twin.yaml": twin})
    assert lint(run, tree).places() == [], "the same image once more is no other image"
    tree.write({"charts/web/templates/twin.yaml": twin.replace("{{ .Values.image.repository }}", "ghcr.io/acme/other")})
    assert lint(run, tree).places() == [("require-digest", "app/values.yaml", 2)]


def test_the_same_in_another_file_is_new(run: Run, known: Tree) -> None:
    known.write({"other/kustomization.yaml": kustomization("web.yaml"), "other/web.yaml": known.read("app/web.yaml")})
    assert lint(run, known).places() == [("require-digest", "other/web.yaml", 10)]


def test_another_rule_in_its_place_is_new(run: Run, known: Tree) -> None:
    known.replace("app/web.yaml", "nginx:1.27", "nginx:latest")
    assert lint(run, known).places() == [("mutable-tag", "app/web.yaml", 10)]


def test_what_is_fixed_can_be_removed(run: Run, known: Tree) -> None:
    known.replace("app/web.yaml", "nginx:1.27", f"nginx:1.27@{DIGEST}")
    done = lint(run, known)
    assert done.status == 0
    said = "1 of the baseline are fixed; `agentslint baseline` removes them: require-digest (app/web.yaml Deployment/web"
    assert said in notes(done)
    assert "0 findings, 0 new, 1 removed" in run("baseline", cwd=known.root).out
    assert rows(known) == []
    assert notes(lint(run, known)) == ""


def test_twice_gives_the_same_bytes(run: Run, known: Tree) -> None:
    before = known.read(FILE)
    run("baseline", cwd=known.root)
    assert known.read(FILE) == before


def test_the_file_can_be_read_and_merged(run: Run, tree: Tree) -> None:
    tree.write({**chart_app(), **overlays(deployment("web", "nginx:latest"))})
    run("baseline", cwd=tree.root)
    lines = tree.read(FILE).split("\n")
    assert lines[0] == '{"version": 1, "findings": ['
    assert lines[-2:] == ["]}", ""]
    found = [json.loads(line.rstrip(",")) for line in lines[1:-2]]
    assert found == sorted(found, key=lambda row: (row["path"], row["key"], row["rule"]))
    assert list(found[0]) == ["rule", "path", "key", "image", "targets", "fingerprint"]
    text = "\n".join(lines)
    assert "1.28.0" not in text
    assert "latest" not in text
    assert not any("line" in row for row in found)
    base = next(row for row in found if row["path"] == "base/web.yaml")
    assert (base["targets"], base["image"]) == (["one", "two"], "docker.io/library/nginx")


# What a run has not looked at.


@pytest.fixture
def two(run: Run, tree: Tree) -> Tree:
    """Two applications, each with a finding in the baseline."""
    tree.write(plain())
    tree.write({"other/kustomization.yaml": kustomization("web.yaml"), "other/web.yaml": deployment("web", "nginx:1.27")})
    run("baseline", cwd=tree.root)
    return tree


def test_a_target_that_is_not_linted_keeps_its_entries(run: Run, two: Tree) -> None:
    two.replace("other/web.yaml", "nginx:1.27", f"nginx:1.27@{DIGEST}")
    before = two.read(FILE)
    assert notes(lint(run, two, "app")) == ""
    assert run("baseline", "app", cwd=two.root).status == 0
    assert two.read(FILE) == before


def test_a_target_that_does_not_render_keeps_its_entries(run: Run, two: Tree) -> None:
    two.write({"other/kustomization.yaml": kustomization("web.yaml", "missing.yaml")})
    before = two.read(FILE)
    assert notes(lint(run, two)) == ""
    done = run("baseline", cwd=two.root)
    assert done.status == 2
    assert "not checked: other: " in done.err
    assert two.read(FILE) == before


def test_a_target_that_is_gone_does_not(run: Run, two: Tree) -> None:
    for path in ("kustomization.yaml", "web.yaml"):
        (two.root / "other" / path).unlink()
    assert "1 of the baseline are fixed" in notes(lint(run, two))
    run("baseline", cwd=two.root)
    assert [row["path"] for row in rows(two)] == ["app/web.yaml"]


def test_a_rule_that_does_not_run_keeps_its_entries(run: Run, two: Tree) -> None:
    assert notes(lint(run, two, ".", "--ignore", "require-digest")) == ""


def test_a_base_of_which_one_overlay_is_linted_keeps_both(run: Run, tree: Tree) -> None:
    tree.write({**overlays(deployment("web", "nginx:1.27")), ".agentslint.toml": 'select = ["require-digest"]\n'})
    run("baseline", cwd=tree.root)
    before = tree.read(FILE)
    run("baseline", "one", cwd=tree.root)
    assert tree.read(FILE) == before
    tree.write({"one/kustomization.yaml": tree.read("one/kustomization.yaml") + f"images:\n  - name: nginx\n    digest: {DIGEST}\n"})
    run("baseline", "one", cwd=tree.root)
    assert tree.read(FILE) == before


def test_one_more_overlay_is_not_new(run: Run, tree: Tree) -> None:
    tree.write(overlays(deployment("web", "nginx:1.27")))
    run("baseline", cwd=tree.root)
    tree.write({"a-third/kustomization.yaml": kustomization("../base", more="namePrefix: third-\n")})
    assert lint(run, tree).places() == []


def test_a_rule_that_fails_keeps_its_entries(run: Run, tree: Tree) -> None:
    plugin = (
        '"""A rule."""\nfrom agentslint.rule import Rule\n\n\nclass NoImages(Rule):\n    """No."""\n\n'
        "    def check_image_use(self, use):\n        {}\n"
    )
    tree.write({**plain(), ".agentslint.toml": 'plugins = ["rules.py"]\nselect = ["no-images"]\n'})
    tree.write({"rules.py": plugin.format('yield self.finding(use.field, "an image", use=use)')})
    run("baseline", cwd=tree.root)
    before = tree.read(FILE)
    tree.write({"rules.py": plugin.format('raise ValueError("oh")')})
    assert run("baseline", cwd=tree.root).status == 2
    assert tree.read(FILE) == before


def test_what_is_accepted_otherwise_is_not_written(run: Run, tree: Tree) -> None:
    tree.write(plain(comment="# agentslint: ignore[require-digest] why"))
    run("baseline", cwd=tree.root)
    assert rows(tree) == []


def test_a_failed_render_is_not_accepted(run: Run, tree: Tree) -> None:
    tree.write({"app/kustomization.yaml": kustomization("missing.yaml")})
    assert run("baseline", cwd=tree.root).status == 2
    assert rows(tree) == []
    assert lint(run, tree).status == 2


# A file that is none.


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"{FILE}"),
        ('{"version": 1,\n "findings": [\n<<<<<<< HEAD\n', f"{FILE}:3: this is not an agentslint baseline"),
        ('{"version": 2, "findings": []}', "Invalid enum value 2"),
        ("[]", "Expected `object`, got `array`"),
        ('{"version": 1, "findings": [{"rule": "x"}]}', "missing required field"),
        ('{"version": 1, "findings": [{"rule": 1}]}', "$.findings[0].rule"),
        (b"\xff", "this is not an agentslint baseline"),
    ],
)
def test_a_broken_file_is_an_error(run: Run, tree: Tree, text: str | bytes, message: str) -> None:
    tree.write({**plain(), FILE: text})
    done = lint(run, tree)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert "agentslint baseline" in done.err
    before = tree.files()
    assert run("baseline", cwd=tree.root).status == 2
    assert tree.files() == before


def test_a_missing_file_is_an_error(run: Run, tree: Tree) -> None:
    tree.write(plain())
    done = lint(run, tree)
    assert done.status == 2
    assert f"{FILE}: the baseline cannot be read: No such file or directory; `agentslint baseline` writes one" in done.err
