"""The options of a run, as given on the command line."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct


class RunOptions(Struct, frozen=True):
    """The command line, as far as a run is concerned."""

    paths: tuple[str, ...] = (".",)
    applications: tuple[str, ...] = ()
    """Names or globs of applications (`argocd/web`) whose targets are part of the run."""
    config: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    all: bool = False
    nothing_passes: bool = False
    """Whether paths that stand for no target are no mistake: a tool passes all changed files."""
    stdin_name: str = "<stdin>"
    jobs: int = 0
    offline: bool = False
    require_confinement: bool = False
    """Whether nothing may be rendered where the kernel cannot confine it."""
    kustomize: str | None = None
    helm: str | None = None
    trace: bool = True
    trace_timeout: float | None = None
    """Seconds that tracing may take."""
    baseline: str | None = None
    """A baseline file; None for the configured one, "" for none."""
    base: str | None = None
    """The base revision of a change; None for that of the CI job, if there is one."""
    lists: bool = False
    """Whether targets are listed only: then nothing is rendered but what makes further targets."""
    compares: bool = False
    """Whether to compare even if no base is named: then with the commit where HEAD left the default branch."""
    root: str | None = None
    """The root to which paths are relative; found when not given."""
    plugins: tuple[Path, ...] = ()
    """Local plugins beside the configured ones: files, or folders of rules."""
    config_from: str | None = None
    """Where the configuration is looked for, from there upward; from the first path when not given."""
    policy_from: str | None = None
    """The commit whose configuration, baseline and comments count, and not those of the work tree."""
    untrusted: bool = False
    """Whether settings of the linted tree that run programs are refused."""
