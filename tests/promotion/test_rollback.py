"""One digest rolls back."""

from __future__ import annotations

from pathlib import Path

import pytest
from promotion import CONTROL_PLANE_TAG, CONTROLLERS_TAG, VALUES, WITHOUT_PATHS, judged
from story import Story, agents


@pytest.fixture
def promoted(deploy: Story, source: Story) -> Story:
    """All run at the third commit, after the first."""
    third = source.commits[2]
    deploy.commit("all at the third commit", agents(controllers=third, control_plane=third))
    return deploy


def test_one_digest_is_taken_back(promoted: Story, source: Story) -> None:
    first, _, third, _ = source.commits
    promoted.write(agents(controllers=third, control_plane=third, digests=(first, third)))
    assert judged(promoted).is_clean


def test_tag_and_digest_of_the_controllers_are_taken_back(promoted: Story, source: Story) -> None:
    """The control plane is ahead of them now, which is the rollback's sense."""
    first, _, third, _ = source.commits
    promoted.write(agents(controllers=first, control_plane=third))
    assert judged(promoted).is_clean


def test_the_same_going_to_what_never_ran_is_no_rollback(promoted: Story, source: Story) -> None:
    _, second, third, _ = source.commits
    promoted.write(agents(controllers=second, control_plane=third))
    assert judged(promoted).findings == [(CONTROLLERS_TAG, "promotion-order")]


def test_a_rollback_through_a_rename(promoted: Story, source: Story) -> None:
    first, _, third, _ = source.commits
    promoted.git("mv", VALUES, "apps/agents/prod.yaml")
    kustomization = promoted.root / "apps/agents/kustomization.yaml"
    kustomization.write_text(kustomization.read_text().replace("values.yaml", "prod.yaml"))
    promoted.commit("another name")
    back = agents(controllers=first, control_plane=third)
    promoted.write({"apps/agents/prod.yaml": back[VALUES]})
    assert judged(promoted).is_clean


def test_all_of_it_is_reverted(promoted: Story) -> None:
    promoted.git("revert", "--no-edit", "--no-commit", "HEAD")
    assert judged(promoted).is_clean


def test_half_a_rollback(promoted: Story, source: Story) -> None:
    """Both digests are back, one of the tags is not."""
    first, _, third, _ = source.commits
    promoted.write(agents(controllers=first, control_plane=third, digests=(first, first)))
    verdict = judged(promoted)
    assert (verdict.status, verdict.findings) == (1, [(CONTROL_PLANE_TAG, "partial-rollback")])
    assert f"is rolled back to the digest of {first[:8]}, but its tag is still {third[:8]}" in verdict.messages


def test_both_digests_and_no_tag(promoted: Story, source: Story) -> None:
    first, _, third, _ = source.commits
    promoted.write(agents(controllers=third, control_plane=third, digests=(first, first)))
    assert judged(promoted).findings == [(CONTROL_PLANE_TAG, "partial-rollback"), (CONTROLLERS_TAG, "partial-rollback")]


def test_the_history_is_cut_off(promoted: Story, source: Story, tmp_path: Path) -> None:
    """Whether a digest ran before is not known in a shallow clone; a whole promotion asks nothing of it."""
    first, _second, third, last = source.commits
    shallow = promoted.clone(tmp_path / "shallow", "--depth=1")
    shallow.write({".agentslint.toml": WITHOUT_PATHS})
    shallow.write(agents(controllers=last, control_plane=last))
    assert judged(shallow).is_clean
    shallow.write(agents(controllers=third, control_plane=third, digests=(first, first)))
    verdict = judged(shallow)
    assert (verdict.status, verdict.findings) == (2, [])
    assert all("which is shallow; get its whole history" in message for message in verdict.not_checked)


def test_another_digest_under_the_tag_of_a_commit(promoted: Story, source: Story) -> None:
    _, second, third, _ = source.commits
    promoted.write(agents(controllers=third, control_plane=third, digests=(third, second)))
    assert judged(promoted).findings == [(f"{VALUES}:3:11", "digest-changed-alone")]


def test_a_new_tag_with_the_digest_of_the_old_one(promoted: Story, source: Story) -> None:
    third, last = source.commits[2:]
    promoted.write({".agentslint.toml": WITHOUT_PATHS})
    promoted.write(agents(controllers=last, control_plane=last, digests=(third, last)))
    assert judged(promoted).findings == [(f"{VALUES}:7:13", "digest-changed-alone")]
    promoted.write({".agentslint.toml": WITHOUT_PATHS + "[rules.digest-changed-alone]\nsame-digest = false\n"})
    assert judged(promoted).is_clean


def test_a_verdict_leaves_both_repositories_as_they_are(promoted: Story, source: Story) -> None:
    """Staged, not staged and not tracked: the histories of both are asked, and nothing is written to either."""
    first, _, third, _ = source.commits
    promoted.write(agents(controllers=first, control_plane=third)).git("add", "--all")
    promoted.write(agents(controllers=third, control_plane=third, digests=(first, first)))
    promoted.write({"apps/agents/notes.txt": "remember\n"})
    before = promoted.state(), source.state()
    assert [rule for _, rule in judged(promoted).findings] == ["partial-rollback", "partial-rollback"]
    assert (promoted.state(), source.state()) == before
