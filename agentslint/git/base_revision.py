"""Which revision a change is judged against: the option, what a CI job says, or where a branch left the default one.

Variables of jobs: https://docs.github.com/en/actions/reference/workflows-and-actions/variables (GITHUB_BASE_REF, GITHUB_SHA) and
https://docs.gitlab.com/ci/variables/predefined_variables/ (CI_MERGE_REQUEST_...).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from agentslint.git.command import Git

_SINCE = "..."
"""git's own notation: `main...` is where HEAD and main parted."""
_DEFAULT_BRANCHES = ("origin/main", "origin/master", "main", "master")


class Revision(Struct, frozen=True):
    """The commit that a change is judged against, and how it was named."""

    commit: str
    name: str

    @property
    def short(self) -> str:
        """The id as people write it."""
        return self.commit[:10]

    def __str__(self) -> str:
        return self.short if self.commit.startswith(self.name) else f"{self.name} ({self.short})"


class MissingBase(Exception):  # noqa: N818 - it reads "except MissingBase"
    """There is no base revision to be had though one is asked for; the message says why, and what to do."""


def choose(git: Git, option: str | None, environ: Mapping[str, str], *, by_default: bool) -> Revision | None:
    """Return the base: of the option, of the CI job, or `by_default` where HEAD left the default branch; None where nobody names one.

    Raises MissingBase for one that is named and is not here, GitError where git does not answer.
    """
    if option is not None:
        return _named(git, option)
    found = _of_gitlab(git, environ) or _of_github(git, environ)
    return found or (_of_default_branch(git) if by_default else None)


def is_asked_for(option: str | None, environ: Mapping[str, str]) -> bool:
    """Tell whether the option or the CI job names a base."""
    return option is not None or bool(_gitlab_sha(environ) or environ.get("GITHUB_BASE_REF"))


def apart(git: Git, revision: Revision) -> int:
    """Return how many commits the base has that HEAD does not have: what they did shows as undone."""
    count = git.answer("rev-list", "--count", f"HEAD..{revision.commit}")
    return int(count) if count else 0


def _named(git: Git, name: str) -> Revision:
    if name.removesuffix("HEAD").endswith(_SINCE):
        return _parting(git, name.removesuffix("HEAD").removesuffix(_SINCE), "git fetch --unshallow")
    return Revision(_commit(git, name, "git fetch --unshallow"), name)


def _of_gitlab(git: Git, environ: Mapping[str, str]) -> Revision | None:
    sha = _gitlab_sha(environ)
    if not sha:
        return None
    branch = environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME") or "the merge request's base"
    return Revision(_commit(git, sha, 'the job variable GIT_DEPTH: "0"'), branch)


def _gitlab_sha(environ: Mapping[str, str]) -> str:
    """A pipeline for merged results runs on the merge with the target branch, which then is the base; others on the branch alone."""
    return environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA") or environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or ""


def _of_github(git: Git, environ: Mapping[str, str]) -> Revision | None:
    """A pull request's job runs on a merge commit that GitHub made: its first parent is what the request would change."""
    branch = environ.get("GITHUB_BASE_REF")
    if not branch:
        return None
    head, parent = git.commit("HEAD"), git.commit("HEAD^1")
    if parent and git.commit("HEAD^2") and head == environ.get("GITHUB_SHA"):
        return Revision(parent, branch)
    # Where GitHub's own commit is checked out, its parents are all that is missing.
    depth = 2 if head and head == environ.get("GITHUB_SHA") else 0
    return _parting(git, f"origin/{branch}", f"actions/checkout with fetch-depth: {depth}")


def _of_default_branch(git: Git) -> Revision:
    branch = git.answer("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    found = next((name for name in (branch, *_DEFAULT_BRANCHES) if name and git.commit(name)), None)
    if found is None:
        raise MissingBase("no default branch is known here (origin/HEAD, main, master); pass --base REV")
    return _parting(git, found, "git fetch --unshallow")


def _parting(git: Git, name: str, remedy: str) -> Revision:
    """Where HEAD and another branch parted."""
    other = _commit(git, name, remedy)
    if _commit(git, "HEAD", remedy) == other:
        return Revision(other, name)
    commit = git.answer("merge-base", other, "HEAD")
    if commit is None:
        reason = f"where HEAD left {name} is not in this clone, which is shallow; {_deeper(remedy)}"
        raise MissingBase(reason if git.is_shallow else f"HEAD and {name} have no commit in common")
    return Revision(commit, f"where HEAD left {name}" if commit != other else name)


def _commit(git: Git, name: str, remedy: str) -> str:
    commit = git.commit(name) if name else None
    if commit is None:
        if name == "HEAD" or git.commit("HEAD") is None:
            raise MissingBase("this repository has no commit yet")
        where = f"is not in this clone, which is shallow; {_deeper(remedy)}" if git.is_shallow else _unknown(remedy)
        raise MissingBase(f"the base revision {name!r} {where}")
    return commit


def _deeper(remedy: str) -> str:
    return f"get {'more' if remedy.endswith('2') else 'the whole'} history: {remedy}"


def _unknown(remedy: str) -> str:
    return "is not in this repository" if remedy.startswith("git ") else f"is not in this clone; {_deeper(remedy)}"
