"""The shim's record of each call of helm: the entry, the documents with their templates, and the charts to pull."""

from __future__ import annotations

from pathlib import Path

from agentslint import files
from agentslint.model import Base, TemplateCall
from agentslint.render.helm_output import helm_documents
from agentslint.render.pull import Pull
from agentslint.yamlread import YamlError


def read_calls(folder: Path) -> tuple[TemplateCall, ...]:
    """Read the `helm template` calls that the shim recorded in `folder`, in the order in which they were made."""
    return tuple(_call(_words(record), read_output(folder, number)) for number, record in enumerate(_records(folder, "args")))


def read_output(folder: Path, number: int) -> bytes:
    """Return what helm printed in one of the calls; nothing where it printed nothing."""
    output = _records(folder, "args")[number].with_suffix(".out")
    return files.read(output) if output.exists() else b""


def read_pulls(folder: Path) -> tuple[Pull, ...]:
    """Read the charts that the shim was asked to pull, in the order in which they were."""
    return tuple(Pull(tuple(_words(record))) for record in _records(folder, "pull"))


def read_bases(folder: Path) -> tuple[Base, ...]:
    """Read the remote bases that the shim of git was asked for and did not have."""
    words = [(*_words(record), "", "")[:3] for record in _records(folder, "base")]
    return tuple(Base(url, ref, submodules == "yes") for url, ref, submodules in words)


def printed(folder: Path) -> int:
    """Return the bytes of the longest output that helm wrote."""
    return max((path.stat().st_size for path in folder.glob("*.out")), default=0)


def _records(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.glob(f"*.{kind}"), key=lambda path: int(path.stem))


def _words(record: Path) -> list[str]:
    return files.read(record).decode("utf-8", "replace").split("\0")[:-1]


def _call(words: list[str], output: bytes) -> TemplateCall:
    """kustomize's `AsHelmArgs` (api/types/helmchartargs.go): template (--generate-name | RELEASE) CHART [--namespace NAMESPACE] ..."""
    release, chart = [*words[1:3], "", ""][:2]
    namespace = words[words.index("--namespace") + 1] if "--namespace" in words[:-1] else ""
    sources: dict[tuple[str, str], str] = {}
    namespaced: dict[tuple[str, str, str], tuple[str, ...]] = {}
    unread: list[str] = []
    for document in helm_documents(output):
        try:
            for head in document.heads:
                if head.name:
                    name = head.kind, head.name, head.namespace
                    sources[head.kind, head.name] = document.template
                    namespaced[name] = (*namespaced.get(name, ()), document.template)
        except YamlError as error:
            unread.append(f"{document.template} (line {document.line + error.line - 1} of what helm prints): {error.message}")
    return TemplateCall("" if release == "--generate-name" else release, Path(chart).name, namespace, sources, tuple(unread), namespaced)
