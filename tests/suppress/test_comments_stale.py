"""Comments that cover nothing: without a reason, expired, misspelt, unused; and when an unused one is not accused."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from tests.suppress.command_in_process import Done, Run, Tree
from tests.suppress.sample_apps import DIGEST, chart_app, deployment, kustomization, overlays, plain

IGNORE = "# agentslint: ignore[require-digest] the vendor publishes no digest"
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
PINNED = f"nginx:1.27@{DIGEST}"


def lint(run: Run, tree: Tree, *words: str, select: str = "require-digest,stale-ignore") -> Done:
    return run("lint", *(words or (".",)), "--select", select, "-f", "json", cwd=tree.root)


@pytest.mark.parametrize("until", [TODAY, TODAY + DAY])
@pytest.mark.parametrize("form", ["ignore[require-digest] ignore-until[{}] why", "ignore-until[{}] ignore[require-digest] why"])
def test_it_holds_through_its_last_day(run: Run, tree: Tree, until: datetime.date, form: str) -> None:
    tree.write(plain(comment=f"# agentslint: {form.format(until)}"))
    done = lint(run, tree)
    assert done.status == 0
    assert done.results[0]["suppressions"][0]["justification"] == "why"


def test_from_the_day_after_it_covers_nothing_and_is_found(run: Run, tree: Tree) -> None:
    tree.write(plain(comment=f"# agentslint: ignore[require-digest] ignore-until[{TODAY - DAY}] until the mirror is up"))
    done = lint(run, tree)
    assert done.places() == [("require-digest", "app/web.yaml", 10), ("stale-ignore", "app/web.yaml", 10)]
    assert f"expired on {TODAY - DAY}" in done.messages("stale-ignore")[0]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore[require-digest]", "gives no reason"),
        ("ignore[require-digest] ignore-until[2999-01-31]", "gives no reason"),
        ("ignore[] why", "names no rule"),
        ("ignore-until[2999-01-31] why", "names no rule"),
        ("ignore[require-digests] why", "there is no such rule (did you mean require-digest?)"),
        ("ignore[require-digest] ignore-until[31.1.2027] why", "'31.1.2027', which is not a date (YYYY-MM-DD)"),
        ("ignore[require-digest] ignore-until[2027-02-30] why", "'2027-02-30', which is not a date"),
        ("ignore require-digest why", "is not understood"),
        ("ignore-next-line[require-digest] why", "is not understood"),
        ("ignore[stale-ignore] why", "checks suppressions"),
    ],
)
def test_what_is_wrong_with_it_is_said_and_it_covers_nothing(run: Run, tree: Tree, comment: str, message: str) -> None:
    tree.write(plain(comment=f"# agentslint: {comment}"))
    done = lint(run, tree)
    assert sorted(done.places()) == [("require-digest", "app/web.yaml", 10), ("stale-ignore", "app/web.yaml", 10)]
    assert message in done.messages("stale-ignore")[0]


def test_it_is_found_at_the_comment_itself(run: Run, tree: Tree) -> None:
    tree.write(plain(comment="# agentslint: ignore[require-digest]"))
    place = next(row["location"] for row in lint(run, tree).results if row["rule"] == "stale-ignore")
    line = tree.read("app/web.yaml").split("\n")[place["start_line"] - 1]
    assert line[place["start_column"] - 1 : place["end_column"] - 1] == "# agentslint: ignore[require-digest]"


def test_other_comments_of_that_name_are_left_alone(run: Run, tree: Tree) -> None:
    tree.write(plain(PINNED, "# agentslint: see the handbook", "# agentslint ignores nothing here; agentslint: ignored by hand"))
    assert lint(run, tree).results == []


def test_an_unused_one_is_found(run: Run, tree: Tree) -> None:
    tree.write(plain(PINNED, IGNORE))
    done = lint(run, tree)
    assert done.places() == [("stale-ignore", "app/web.yaml", 10)]
    assert "matches no finding" in done.messages("stale-ignore")[0]


def test_of_two_rules_only_the_unused_one(run: Run, tree: Tree) -> None:
    tree.write(plain(comment="# agentslint: ignore[require-digest, mutable-tag] a sandbox"))
    done = lint(run, tree, select="require-digest,mutable-tag,stale-ignore")
    assert [message.split(":")[0] for message in done.messages("stale-ignore")] == ["this ignore of mutable-tag matches no finding"]


def test_two_that_say_the_same_are_two_findings(run: Run, tree: Tree) -> None:
    two = deployment("web", PINNED, IGNORE) + "---\n" + deployment("proxy", PINNED, IGNORE)
    tree.write({"app/kustomization.yaml": kustomization("web.yaml"), "app/web.yaml": two})
    done = lint(run, tree)
    assert [line for _, _, line in done.places()] == [10, 21]
    assert len({row["fingerprint"] for row in done.results}) == 2


def test_an_unused_one_for_a_file_is_found(run: Run, tree: Tree) -> None:
    tree.write(plain(PINNED, "# agentslint: ignore-file[require-digest] a sandbox"))
    assert lint(run, tree).places() == [("stale-ignore", "app/web.yaml", 10)]


def test_an_unused_one_of_a_chart_is_found(run: Run, tree: Tree) -> None:
    tree.write(chart_app(f"image:\n  tag: 1.28.0  {IGNORE}\nsidecar: false\n"))
    tree.replace("charts/web/templates/deployment.yaml", "image: busybox:1.36", f"image: busybox:1.36  {IGNORE}")
    assert lint(run, tree).places() == [("stale-ignore", "charts/web/templates/deployment.yaml", 13)]


# What a run cannot know.


def test_not_judged_where_its_rule_does_not_run(run: Run, tree: Tree) -> None:
    tree.write(plain(PINNED, IGNORE))
    assert lint(run, tree, select="mutable-tag,stale-ignore").results == []


def test_not_judged_where_its_rule_fails(run: Run, tree: Tree) -> None:
    plugin = (
        "from agentslint.rule import Rule\n\n\nclass BrokenRule(Rule):\n"
        '    """Breaks."""\n\n    def check_fleet(self, fleet):\n        raise ValueError("oh")\n'
    )
    tree.write(plain(PINNED, "# agentslint: ignore[broken-rule] why"))
    tree.write({"rules.py": plugin, ".agentslint.toml": 'plugins = ["rules.py"]\n'})
    done = lint(run, tree, select="broken-rule,stale-ignore")
    assert (done.status, done.results) == (2, [])


def test_not_judged_where_its_target_does_not_render(run: Run, tree: Tree) -> None:
    tree.write(plain(PINNED, IGNORE))
    tree.write({"app/kustomization.yaml": kustomization("web.yaml", "missing.yaml")})
    assert lint(run, tree).results == []


BASE = deployment("web", "nginx:1.27", IGNORE)
PIN = f"images:\n  - name: nginx\n    digest: {DIGEST}\n"


def test_not_judged_where_another_overlay_of_its_base_is_not_linted(run: Run, tree: Tree) -> None:
    tree.write(overlays(BASE, one=PIN))
    assert lint(run, tree, "one").results == []
    assert lint(run, tree).places() == []


def test_not_judged_where_another_overlay_of_its_base_does_not_render(run: Run, tree: Tree) -> None:
    tree.write(overlays(BASE, one=PIN, two="components: [missing]\n"))
    done = lint(run, tree)
    assert (done.status, done.results) == (2, [])


def test_judged_where_all_overlays_of_its_base_are_linted(run: Run, tree: Tree) -> None:
    tree.write(overlays(BASE, one=PIN, two=PIN))
    assert lint(run, tree, "one", "two").places() == [("stale-ignore", "base/web.yaml", 10)]


def test_judged_on_its_own_where_nothing_else_reads_the_file(run: Run, tree: Tree) -> None:
    tree.write(plain(PINNED, IGNORE))
    tree.write({"other/kustomization.yaml": kustomization("missing.yaml")})
    assert lint(run, tree, "app").places() == [("stale-ignore", "app/web.yaml", 10)]


def test_not_judged_without_tracing(run: Run, tree: Tree) -> None:
    values = f"image:\n  tag: 1.28.0  {IGNORE}\nother:\n  tag: 1.28.0\nsidecar: false\n"
    tree.write(chart_app(values))
    assert lint(run, tree).places() == []
    assert [rule for rule, _, _ in lint(run, tree, ".", "--no-trace").places()] == ["require-digest"]


# [[ignore]] in the configuration is judged in the same way.


@pytest.fixture
def ignoring(tree: Tree) -> Path:
    """Two applications, of which the second one needs the entry."""
    tree.write(plain(PINNED))
    tree.write({"other/kustomization.yaml": kustomization("web.yaml"), "other/web.yaml": deployment("web", "nginx:1.27")})
    return tree.write({".agentslint.toml": '[[ignore]]\nrule = "require-digest"\nresource = "Deployment/web"\nreason = "why"\n'})


def test_an_entry_is_not_judged_by_a_run_over_a_part(run: Run, tree: Tree, ignoring: Path) -> None:
    assert lint(run, tree).places() == []
    assert lint(run, tree, "app").places() == []
    assert lint(run, tree, "app/web.yaml").places() == []


def test_an_entry_that_names_its_target_is_judged_by_it(run: Run, tree: Tree, ignoring: Path) -> None:
    tree.write({".agentslint.toml": '[[ignore]]\nrule = "require-digest"\ntarget = "app"\nreason = "why"\n'})
    assert lint(run, tree, "app").places() == [("stale-ignore", ".agentslint.toml", 1)]


def test_an_entry_for_one_resource_does_not_hide_another_that_shares_its_scalar(run: Run, tree: Tree) -> None:
    tree.write(chart_app("image:\n  tag: 1.28.0\nsidecar: false\n"))
    twin = tree.read("charts/web/templates/deployment.yaml").replace("{{ .Release.Name }}", "{{ .Release.Name }}-twin")
    tree.write({"charts/web/templates/twin.yaml": twin})
    entry = '[[ignore]]\nrule = "require-digest"\nreason = "why"\nresource = "Deployment/{}"\n'
    tree.write({".agentslint.toml": entry.format("web")})
    assert lint(run, tree).places() == [("require-digest", "app/values.yaml", 2)]
    tree.write({".agentslint.toml": entry.format("web") + entry.format("web-twin")})
    assert lint(run, tree).places() == []


ENTRY = '[[ignore]]\nrule = "require-digest"\n{} = "{}"\nreason = "x"\n'
MISSPELT = {
    "target": ("appp", "no target matches 'appp'; did you mean 'app'?"),
    "resource": ("Deployment/wep", "no resource matches 'Deployment/wep'; did you mean 'Deployment/web'?"),
    "container": ("wbe", "no container matches 'wbe'; did you mean 'web'?"),
    "image": ("nginx:1.72", "no image matches 'nginx:1.72'; did you mean 'nginx:1.27'?"),
}


@pytest.mark.parametrize("key", MISSPELT)
def test_a_misspelt_name_of_a_configured_ignore_is_told_with_the_nearest(key: str, run: Run, tree: Tree) -> None:
    glob, said = MISSPELT[key]
    tree.write({**plain(), ".agentslint.toml": ENTRY.format(key, glob)})

    notes = json.loads(run("lint", ".", "-f", "json", cwd=tree.root).out)["notes"]

    assert [note for note in notes if "ignore of" in note] == [f".agentslint.toml:3: ignore of require-digest: {said}"]
