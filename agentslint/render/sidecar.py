"""The shim's record of each call of helm: the entry, the documents with their templates, and the charts to pull.

kustomize drops Helm's `# Source:` comments; they are read here from helm's own output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from agentslint import files
from agentslint.model import Base, TemplateCall
from agentslint.render.pull import Pull

_SOURCE = re.compile(r"^# Source: (.+?)[ \r]*$", re.M)
_KIND = re.compile(r"^kind:[ \t]*[\"']?([\w.-]+)", re.M)
_METADATA = re.compile(r"^metadata:[ \t]*\r?\n((?:(?:[ \t].*|#.*|[ \t]*)\r?\n)*)", re.M)
_NAME = re.compile(r"[\"']?([^\s\"'#]+)")


def read_calls(folder: Path) -> tuple[TemplateCall, ...]:
    """Read the `helm template` calls that the shim recorded in `folder`, in the order in which they were made."""
    calls = []
    for record in _records(folder, "args"):
        output = record.with_suffix(".out")
        text = files.read(output).decode("utf-8", "replace") if output.exists() else ""
        calls.append(_call(_words(record), dict(_sources(text))))
    return tuple(calls)


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


def _call(words: list[str], sources: dict[tuple[str, str], str]) -> TemplateCall:
    """kustomize's `AsHelmArgs` (api/types/helmchartargs.go): template (--generate-name | RELEASE) CHART [--namespace NAMESPACE] ..."""
    release, chart = [*words[1:3], "", ""][:2]
    namespace = words[words.index("--namespace") + 1] if "--namespace" in words[:-1] else ""
    return TemplateCall("" if release == "--generate-name" else release, Path(chart).name, namespace, sources)


def _sources(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    template = ""
    for document in re.split(r"^---.*$", text, flags=re.M):
        if source := _SOURCE.search(document):
            template = source.group(1)
        kind, name = _KIND.search(document), _name(document)
        if template and kind and name:
            yield (kind.group(1), name), template


def _name(document: str) -> str:
    """`metadata.name`: the key `name` at the indentation of the first key below `metadata`."""
    block = _METADATA.search(document + "\n")
    if not block:
        return ""
    keys = re.findall(r"^([ \t]+)([^\s#][^:\n]*):[ \t]*(.*)$", block.group(1), re.M)
    values = [text for indent, key, text in keys if indent == keys[0][0] and key.strip("\"'") == "name"]
    match = _NAME.match(values[0]) if values else None
    return match.group(1) if match else ""
