"""The verdict of rules about a change, and the exit status."""

from __future__ import annotations

import pytest
from diff_run import as_json, diff
from story import Story, plain, web

POLICY = '''\
"""Speaks of every image of a group that another one takes the place of, and of the group's size."""
from agentslint.rule import Finding, Level, Rule


class NewImage(Rule):
    """Images that are not what ran before."""

    def check_change(self, change):
        for group in change.groups:
            for image in group.images:
                if image.differs and image.head:
                    yield self.finding(image.head.tag_field, f"{image.head.text} of {len(group.images)}", use=image.head)
'''
CONFIG = (
    'plugins = ["policy.py"]\nselect = ["new-image", "require-digest"]\n[[groups]]\nname = "web"\nimages = ["a/*"]\ntargets = ["apps/*"]\n'
)
FILES = {".agentslint.toml": CONFIG, "policy.py": POLICY}


@pytest.fixture
def two(story: Story) -> Story:
    """A release group over two targets, and a target that belongs to none."""
    story.commit("before", {**FILES, **plain("apps/one", "a/one:1"), **plain("apps/two", "a/two:1"), **plain("else/web", "a/b:1")})
    return story.write({"apps/one/web.yaml": web("a/one:2")})


def test_a_finding_of_a_rule_about_a_change_is_the_verdict(two: Story) -> None:
    done = diff(two, "--base", "HEAD", "--format", "json")
    (result,) = done.json["policy"]["results"]
    assert (done.status, result["rule"], result["message"]) == (1, "new-image", "a/one:2 of 2")
    assert (result["location"]["path"], result["location"]["start_line"], result["certainty"]) == ("apps/one/web.yaml", 10, "exact")


def test_groups_are_seen_whole_and_nothing_else_is_rendered(two: Story) -> None:
    """Both sides of what differs, its sibling once, and the taint render of the finding; not the target of no group."""
    assert as_json(two, "--base", "HEAD").json["summary"]["renders"] == 4


def test_every_format_tells_it(two: Story) -> None:
    text = diff(two, "--base", "HEAD").out
    assert "apps/one/web.yaml:10:24 warning[new-image] a/one:2 of 2\n" in text
    assert "policy: 1 warning (new-image)\n" in text
    markdown = diff(two, "--base", "HEAD", "--format", "markdown").out
    assert "Policy: 1 warning (new-image).\n\n- **warning** `apps/one/web.yaml:10` new-image: `a/one:2 of 2`\n" in markdown


def test_fail_on_and_suppressions_hold(two: Story) -> None:
    two.write({".agentslint.toml": f'fail-on = "error"\n{CONFIG}'})
    assert diff(two, "--base", "HEAD").status == 0
    two.write({".agentslint.toml": CONFIG})
    two.write({"apps/one/web.yaml": web("a/one:2  # agentslint: ignore[new-image] canary")})
    done = diff(two, "--base", "HEAD")
    assert (done.status, "policy: no findings (new-image)" in done.out) == (0, True)


def test_a_rule_that_fails_is_not_a_pass(two: Story) -> None:
    two.write({"policy.py": POLICY.replace("len(group.images)", "group.size")})
    done = diff(two, "--base", "HEAD")
    assert done.status == 2
    assert "rule new-image failed: AttributeError" in done.out


def test_without_such_rules_there_is_no_verdict(two: Story) -> None:
    two.write({".agentslint.toml": CONFIG.replace('"new-image", ', "")})
    done = diff(two, "--base", "HEAD")
    assert (done.status, "policy" in done.out) == (0, False)
    assert as_json(two, "--base", "HEAD").json["summary"]["renders"] == 2


def test_each_target_has_its_own_verdict(two: Story) -> None:
    two.write({"apps/two/web.yaml": web("a/two:1") + "# a remark\n"})
    text = diff(two, "--base", "HEAD").out
    assert text.startswith("apps/one\n  policy: 1 warning\n")
    assert text.count("  policy: ") == 1
    assert "#### `apps/one` 1 warning\n" in diff(two, "--base", "HEAD", "--format", "markdown").out
    targets = as_json(two, "--base", "HEAD").targets
    assert {name: row["policy"] for name, row in targets.items()} == {"apps/one": {"warning": 1}, "apps/two": {}}


def test_what_a_rule_could_not_find_out_stands_at_its_place(two: Story) -> None:
    two.write(
        {
            "policy.py": POLICY.replace("self.finding(image.head.tag_field", "self.not_checked(image.head.tag_field").replace(
                ", use=image.head", ""
            )
        }
    )
    done = diff(two, "--base", "HEAD")
    assert done.status == 2
    assert "  policy: 1 not checked\n" in done.out
    assert "apps/one/web.yaml:10:24 not checked[new-image] a/one:2 of 2\n" in done.out
