"""What the shim kept of each `helm template`: which entry made which document, from which template.

kustomize drops Helm's `# Source:` comments; they are read here from helm's own output.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from agentslint.model import TemplateCall

_SOURCE = re.compile(r"^# Source: (\S+)", re.M)
_KIND = re.compile(r"^kind:\s*[\"']?([\w.-]+)", re.M)
_NAME = re.compile(r"^metadata:\s*\n(?:[ ]+.*\n|\s*\n|#.*\n)*?[ ]+name:\s*[\"']?([^\s\"'#]+)", re.M)


def read_calls(folder: Path) -> tuple[TemplateCall, ...]:
    """Read the calls that the shim recorded in `folder`, in the order in which they were made."""
    calls = []
    for arguments in sorted(folder.glob("*.args"), key=lambda path: path.stat().st_mtime_ns):
        words = arguments.read_text(encoding="utf-8", errors="replace").splitlines()
        output = arguments.with_suffix(".out")
        text = output.read_text(encoding="utf-8", errors="replace") if output.exists() else ""
        calls.append(_call(words, dict(_sources(text))))
    return tuple(calls)


def _call(words: list[str], sources: dict[tuple[str, str], str]) -> TemplateCall:
    """kustomize calls: template [--generate-name | RELEASE] CHART [options]."""
    plain = [word for word in words[1:] if not word.startswith("-")]
    generated = "--generate-name" in words
    release, chart = ("", plain[0]) if generated and plain else (plain + ["", ""])[:2]
    namespace = words[words.index("--namespace") + 1] if "--namespace" in words[:-1] else ""
    return TemplateCall(release, Path(chart).name, namespace, sources)


def _sources(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    template = ""
    for document in re.split(r"^---.*$", text, flags=re.M):
        if source := _SOURCE.search(document):
            template = source.group(1)
        kind, name = _KIND.search(document), _NAME.search(document)
        if template and kind and name:
            yield (kind.group(1), name.group(1)), template
