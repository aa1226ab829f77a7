"""Which tags carry a git SHA, and when two SHAs are one."""

from __future__ import annotations

import pytest

from agentslint.images import git_sha, same_sha

WHOLE = "5fbe570620de2e2d78805cab23a96153276df85b"


@pytest.mark.parametrize(
    ("tag", "sha"),
    [
        (WHOLE, WHOLE),
        (f"sha-{WHOLE}", WHOLE),
        ("5fbe5706", "5fbe5706"),
        ("a5796fc2b", "a5796fc2b"),
        ("sha-5fbe570", "5fbe570"),
        ("git-5fbe570", "5fbe570"),
        ("g5fbe570", "5fbe570"),
        ("v1.2.3-4-g5fbe570", "5fbe570"),
        ("v1.2.3-4-g1234567", "1234567"),
        ("main-5fbe570", "5fbe570"),
        ("main-5fbe570-1714500000", "5fbe570"),
        ("5fbe570-arm64", "5fbe570"),
        ("20240501-5fbe570", "5fbe570"),
        ("sha-1234567", "1234567"),
        ("commit.1234567", "1234567"),
        ("1" * 40, "1" * 40),
    ],
)
def test_finds_the_sha(tag: str, sha: str) -> None:
    assert git_sha(tag) == sha


@pytest.mark.parametrize(
    "tag",
    [
        "latest", "v1.2.3", "1.30.11", "3.20", "18.3-system-trixie",
        "20240501", "1714500000", "1234567", "20240501a1b2",
        "deadbeef", "defaced", "facade", "5fbe57",
        "v1-5fbe570-9c0ffee1", f"sha256-{'a1' * 32}", f"{WHOLE}0", "5FBE570",
    ],
)  # fmt: skip
def test_finds_none_in_versions_dates_and_words(tag: str) -> None:
    assert git_sha(tag) is None


def test_a_sha_is_the_same_at_every_length() -> None:
    assert same_sha(WHOLE, "5fbe5706")
    assert same_sha("5fbe570620", WHOLE)
    assert same_sha("5FBE5706", WHOLE)
    assert not same_sha(WHOLE, "5fbe5707")
    assert not same_sha(WHOLE, "5fbe57")
    assert not same_sha("", "")
