"""`make bench`: prints a table for docs/performance.md; nothing fails when a goal is missed, the table says it."""

from __future__ import annotations

import datetime
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from agentslint.tools import locate
from bench.inputs import (
    CHANGED,
    FOLDERS,
    IMAGES,
    application_set,
    applications,
    custom_resources,
    helm_copies,
    large_stream,
    repository,
    tiny_kustomizations,
)
from bench.pairs import Ratio, compare

JOBS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
AGENTSLINT = str(Path(sys.executable).with_name("agentslint"))
MANIFEST_RULES = "require-digest,image-lockstep,image-claims,pull-secrets,image-omitted,invalid-image,mutable-tag,render-error,stale-ignore"
TRACED = ["--select", MANIFEST_RULES]
RENDERED_ONLY = [*TRACED, "--no-trace"]
DISCOVERY = """
from agentslint.engine.open_session import open_session
from agentslint.engine.run_options import RunOptions
with open_session(RunOptions(('argocd',))): pass
"""
CHECKED = """
from pathlib import Path
from agentslint.facts.context import Context
from agentslint.facts.stream import read_manifests
from agentslint.fleet.rendered_target import RenderedTarget
from agentslint.fleet.schema_checks import SchemaChecks
from agentslint.images import ImageFields
from agentslint.model import Rendering, Target, TargetKind
target = Target('.', TargetKind.KUSTOMIZATION, Path.cwd(), 'kustomization.yaml')
rendering = Rendering(target, Path('rendered.yaml').read_bytes())
context = Context(ImageFields(()))
manifests = read_manifests(rendering, lambda kind: kind != 'CustomResourceDefinition').manifests
rendered = RenderedTarget(target, manifests, context, rendering)
assert not list(SchemaChecks([rendered], context).violations(rendered)) and not context.unchecked.kinds
"""
KUBECONFORM = "github.com/yannh/kubeconform/cmd/kubeconform@latest"


def main() -> None:
    """Measure everything that can be measured here."""
    print(f"{platform.machine()}, {JOBS} cores, Python {platform.python_version()}, {datetime.date.today()}\n")
    print("| measurement | agentslint | other | ratio | processor | goal | |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="agentslint-bench-") as folder:
        for ratio in measured(Path(folder)):
            verdict = ("reached" if ratio.reached else "missed") + (f"; {ratio.note}" if ratio.note else "")
            figures = f"{ratio.ratio:.2f} | {ratio.processor:.2f} | {ratio.goal:.2f}"
            print(f"| {ratio.name} | {ratio.ours:.3f} s | {ratio.theirs:.3f} s | {figures} | {verdict} |", flush=True)
            peak = ratio.memory
    print(f"\nLargest process of the run: {peak} MiB.")


def measured(folder: Path) -> Iterator[Ratio]:
    """Yield each ratio; a peer that is not installed is left out."""
    python = [sys.executable, "-c", "pass"]
    yield compare("`agentslint --version` / `python -c pass`", [AGENTSLINT, "--version"], python, cwd=folder, goal=5, runs=15)
    helm = helm_copies(folder / "helm", 8)
    yield rendering("8 Helm applications, rules of manifests, no trace", helm, 0.85, RENDERED_ONLY)
    tiny = tiny_kustomizations(folder / "tiny", 300)
    yield rendering("300 tiny kustomizations, rules of manifests", tiny, 1.15, RENDERED_ONLY)
    yield rendering("16 Helm applications with findings, traced", helm_copies(folder / "traced", 16), 2.2, TRACED)
    yield rendering("8 Helm applications, all rules with their proofs", helm, float("inf"), [])
    contract = [AGENTSLINT, "contract", "argocd/applications/agents-0"]
    again = " ".join(["argocd/applications/agents-0/"] * 18)
    yield compare("`agentslint contract` / 18 bare renders", contract, bare(f"echo {again}"), cwd=helm, goal=1, runs=3)
    yield comparing(repository(folder / "repository", 10, 90))
    yield deploying("100 Applications over 20 folders", applications(folder / "deployed"), 1.2)
    yield deploying("100 Applications over 20 folders, a finding each", applications(folder / "unpinned", pinned=False), 2.4)
    yield expanding(application_set(folder / "set", 100), application_set(folder / "one", 1))
    yield from validating(custom_resources(folder / "resources", 40, 10))
    stream = large_stream(folder / "stream", 50)
    lint = [AGENTSLINT, "lint", "--jobs", str(JOBS), str(stream)]
    for name, command, goal in peers(stream):
        yield compare(f"50 MB rendered / {name}", lint, command, cwd=stream, goal=goal, runs=3)


def rendering(name: str, root: Path, goal: float, options: Sequence[str]) -> Ratio:
    """Compare with bare kustomize at the same parallelism."""
    theirs = bare("ls -d argocd/*/*/ argocd/app-*/ 2>/dev/null | grep -v '^argocd/applications/$'")
    ours = [AGENTSLINT, "lint", "--jobs", str(JOBS), *options, "argocd"]
    return compare(f"{name} / bare kustomize", ours, theirs, cwd=root, goal=goal, runs=3)


def deploying(name: str, root: Path, goal: float) -> Ratio:
    """Compare with the commands that Argo CD would run: a copy of each folder, `kustomize edit set image`, `kustomize build`."""
    kustomize = locate("kustomize", option=None, configured=None, environ=os.environ).path
    images = IMAGES if "unpinned" not in root.name else [image.partition("@")[0] for image in IMAGES]
    each = f"d=$(mktemp -d); cp -r apps/app-$1 $d/app; cd $d/app; {kustomize} edit set image $2; {kustomize} build .; rm -rf $d"
    rows = " ".join(f"{number % FOLDERS} {image}" for number, image in enumerate(images))
    theirs = ["sh", "-c", f"echo {rows} | xargs -P {JOBS} -n 2 sh -c '{each}' sh"]
    ours = [AGENTSLINT, "lint", "--jobs", str(JOBS), *TRACED, "."]
    return compare(f"{name} / kustomize edit and build", ours, theirs, cwd=root, goal=goal, runs=3)


def expanding(many: Path, one: Path) -> Ratio:
    """Compare the listing of a set with 100 elements and of one with a single element."""
    command = [AGENTSLINT, "targets", "--offline", "."]
    alone = ["sh", "-c", f"cd {one} && {shlex.join(command)}"]
    return compare("100 elements of an ApplicationSet listed / 1 element", command, alone, cwd=many, goal=2)


def comparing(root: Path) -> Ratio:
    """Compare `agentslint diff` with what cannot be done without: to find the targets, and to render the changed one then and now.

    The goal leaves a quarter for git's answers and for a second discovery, that of the base.
    """
    ours = [AGENTSLINT, "diff", "--base", "HEAD", "--jobs", str(JOBS), "--format", "json", "argocd"]
    renders = json.loads(subprocess.run(ours, cwd=root, capture_output=True, check=False).stdout)["summary"]["renders"]
    builds = shlex.join(bare(f"echo {CHANGED}/ {CHANGED}/"))
    theirs = ["sh", "-c", f"{shlex.join([sys.executable, '-c', DISCOVERY])} && {builds}"]
    ratio = compare("`agentslint diff`, 1 of 100 targets differs / discovery and 2 bare renders", ours, theirs, cwd=root, goal=1.25)
    return replace(ratio, note=f"{renders} renders, goal 2", kept=renders <= 2)


def validating(root: Path) -> Iterator[Ratio]:
    """Compare what follows a render, reading definitions and objects and validating, with kubeconform, which has the schemas as JSON."""
    if kubeconform := provided_kubeconform():
        location = f"{root}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
        theirs = [
            kubeconform,
            "-strict",
            "-skip",
            "CustomResourceDefinition",
            "-schema-location",
            location,
            "-n",
            str(JOBS),
            "rendered.yaml",
        ]
        ours = [sys.executable, "-c", CHECKED]
        yield compare("400 custom resources and 9 MB of definitions, rendered / kubeconform -strict", ours, theirs, cwd=root, goal=1)


def bare(folders: str) -> list[str]:
    """Return the command that builds what the shell words `folders` print, as many at a time as we do."""
    kustomize = locate("kustomize", option=None, configured=None, environ=os.environ).path
    helm = locate("helm", option=None, configured=None, environ=os.environ).path
    build = f"{kustomize} build --enable-helm --helm-command {helm}"
    return ["sh", "-c", f"{{ {folders}; }} | xargs -P {JOBS} -n 1 {build}"]


def peers(stream: Path) -> Iterator[tuple[str, list[str], float]]:
    """Yield other linters of rendered files: kubeconform is provided with Go, the others are taken where they are installed."""
    files = [str(stream)]
    if kubeconform := provided_kubeconform():
        schemas = ["-schema-location", str(stream), "-ignore-missing-schemas"]
        yield "kubeconform", [kubeconform, *schemas, "-n", str(JOBS), *files], 1 / 3
    if shutil.which("kube-score"):
        yield "kube-score", ["sh", "-c", f"kube-score score {stream}/*.yaml"], 1
    if shutil.which("conftest"):
        yield "conftest", ["conftest", "test", "--policy", "/nonexistent", *files], 1
    if shutil.which("checkov"):
        yield "checkov", ["checkov", "--framework", "kubernetes", "--compact", "-d", *files], 1


def provided_kubeconform() -> str | None:
    """Return kubeconform's path, building it once into the developer's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "agentslint-dev" / "bin"
    program = cache / "kubeconform"
    if not program.exists() and shutil.which("go"):
        subprocess.run(["go", "install", KUBECONFORM], env={**os.environ, "GOBIN": str(cache)}, check=False)
    return str(program) if program.exists() else shutil.which("kubeconform")


if __name__ == "__main__":
    main()
