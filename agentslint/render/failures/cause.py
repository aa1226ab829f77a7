"""Shortens the message of a renderer to one sentence that states the cause.

Each pair below is a message of kustomize 5.8 or helm 3 and 4 as they print it, and what remains of it.
"""

from __future__ import annotations

import re
import signal

LONGEST = 400

_HELM_CALL = re.compile(r":? unable to run: '.*", re.S)
_HELM_STATUS = re.compile(r"unable to run: '(?:(?!unable to run: ').)*exit status (\d+)", re.S)
_HINT = re.compile(r"(?<!\n)\n+Use --debug flag to render out invalid YAML")
_WARNING = re.compile(r"^(?:# Warning:|WARNING:|level=WARN).*\n?", re.M)

_KINDS = {"array": "a list", "object": "a mapping", "string": "a text", "number": "a number", "bool": "true or false"}

_SHORTER: tuple[tuple[str, str], ...] = (
    (r"\A(?:.*: )?trouble configuring builtin \w+ with config: \(\.\.\.\): ", ""),
    (r"\A(?:.*: )?evalsymlink failure on '([^']*)' ?: (?:lstat .*?|EvalSymlinks): (.*)", r"\1: \2"),
    (r"MalformedYAMLError: yaml: (?:line \d+: )?(.*) in File: (.*)", r"\2: \1"),
    (r"invalid Kustomization: (?:json|yaml): (?:line \d+: )?", "invalid Kustomization: "),
    (r"map\[string\]interface \{\}\(nil\): yaml: unmarshal errors:\s*line \d+: (mapping key .* already defined) at line \d+", r"\1"),
    (r"execution error at \([^)]*\): ", ""),
    (r'\A.*template: ([^\s:]+:\d+):\d+: executing ".{0,300}?" at <(.{0,300}?)>: ', r"\1: \2: "),
    (r"parse error at \(([^)]*)\): ", r"\1: "),
    (r"(?<!\S)\S+:\d+: unclosed action started at (\S+)", r"\1: unclosed action"),
    (r"YAML parse error on (\S+): error converting YAML to JSON: yaml: (line \d+): ", r"\1 renders to broken YAML (\2 of its output): "),
    (r"failed to parse (?:\S*/)?([^/\s]+)-kustomize-values\.yaml: ", r"the values of chart \1: "),
    (r"error (?:converting YAML to JSON: yaml|unmarshaling JSON: while decoding JSON): (?:line \d+: )?", ""),
    (r"could not parse values file into rnode: yaml: (?:line \d+: )?", "the values: "),
    (r"could not parse values file into rnode: EOF", "the values file is empty, and valuesInline cannot be merged with it; write {} there"),
    (r"json: unsupported value: \+?(-?\w+)", r"\1 is no number that JSON has"),
    (r"could not merge values: wrong node kind: .*", "the values file is a list, and valuesInline cannot be merged with it"),
    (r"may not add resource with an already registered id: ([^.\s]+)\.[^/\s]*/(\S+)\.[^.\s]+", r"\1/\2 is there twice"),
    (r"values don't meet the specifications of the .*?:\s*([^\s:]+):\s*(?:- )?", r"the schema of chart \1 refuses the values: "),
    (r"at '': ", ""),
    (r"could not parse (?:rnode slice|bytes) into resource map: ", "the output of the chart: "),
    (r"missing (kind|metadata\.name) in object \{\{(\S*) (\S*)\} \{\{(\S*) .*", r"missing \1 in the object \2 \3 \4"),
    (r"missing Resource metadata", "no Kubernetes object (missing Resource metadata)"),
    (
        r"[Aa]n error occurred while checking for chart dependencies\. You may need to run [`']([^`']{0,300})[`'] to fetch [^:]{0,300}: ",
        r"run `\1`: ",
    ),
    (r"cannot unmarshal yaml document: ", ""),
    (r"release name check failed: (?=release name )", ""),
    (r": no matches for Id .*; failed to find unique target for patch .*", ""),
    (r"no repo specified for pull, no chart found at ''", "no such chart, and no repo to pull it from"),
    (r"failed to run '\S*git [^']*': (?:fatal: )?", "git: "),
    (r'looks like ".*?" is not a valid chart repository or cannot be reached: (?=\S)', ""),
    (r"dial tcp: lookup (\S+) on \S+: ", r"dial tcp: lookup \1: "),
    (r" patch from \(\.\.\.\)", " patch"),
    (r"(?<!\n)\n+(?:\[signal [^\n]*\n+)?goroutine \d+ .*", ""),
    (r"(?<!\s)\s*: exit status \d+\s*$", ""),
)  # fmt: skip
_MERGING = "merging from generator &{"
_EXISTS, _MISSING = " exists; ", " does not exist; "
_ID = re.compile(r"\}: id .{0,200}?Kind:\"([^\"\n]{0,253})\".{0,200}? Name:\"([^\"\n]{0,253})\"")
_REWRITES = tuple((re.compile(pattern, re.S), shorter) for pattern, shorter in _SHORTER)
_NODES = re.compile(r"wrong node kind: expected (\w+)Node but got (\w+)Node")
_NODE_KINDS = {"Mapping": "a mapping", "Sequence": "a list", "Scalar": "a single value"}
_TYPES = re.compile(r"(?:json: )?cannot unmarshal (\w+) into Go (?:struct field (\S+)|value) of type (\S+(?: \{\})?)")


def cause(text: str) -> str:
    """Shorten a message of kustomize or helm: no warnings, no command line, no wrapping, one line."""
    said = _WARNING.sub("", text)
    ended = _ended(said)
    said = _HINT.split(_HELM_CALL.sub("", said))[0]
    said = re.sub(r"^(?:\s*Error: )+", "", said).strip()
    if merged := merged_object(said):
        why = "is generated, but exists already" if _EXISTS in said else "does not exist; a generator cannot merge with it or replace it"
        said = f"{said.partition(_MERGING)[0]}{'/'.join(merged)} {why}"
    for pattern, shorter in _REWRITES:
        said = pattern.sub(shorter, said, count=1)
    said = _NODES.sub(_nodes_in_words, _TYPES.sub(_in_words, said))
    said = re.sub(r"(?<!\s)\s*\n\s*(-\s+)?", lambda match: "; " if match.group(1) else " ", said.strip().removeprefix("- "))
    said = ended or re.sub(r"  +", " ", said) or "the renderer failed without a message"
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def merged_object(text: str) -> tuple[str, str] | None:
    """Return the kind and the name of an object that a generator cannot make or merge with; None in any other message."""
    _, found, rest = text.partition(_MERGING)
    match = _ID.search(rest) if found else None
    return (match[1], match[2]) if match and (_EXISTS in rest or _MISSING in rest) else None


def _ended(text: str) -> str:
    """A shell ends with 126 or 127 for a program that it cannot start, with 128 and its number for a signal (POSIX, section 2.8.2)."""
    status = _HELM_STATUS.search(text)
    number = int(status.group(1)) if status else 0
    if number in (126, 127):
        last = (_HELM_CALL.sub("", text).strip().splitlines() or [""])[-1]
        return f"helm could not be started: {last.rpartition(': ')[2]}"
    return f"helm was ended by {signal_name(number - 128)}" if number > 128 else ""


def signal_name(number: int) -> str:
    """Return the name of a signal."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _in_words(match: re.Match[str]) -> str:
    """`cannot unmarshal number into Go struct field Image.images.newTag of type string`."""
    found, field, wanted = match.groups()
    place = f"{field.partition('.')[2] or field}: " if field else ""
    return f"{place}{_KINDS.get(found, found)} where {_go_type(wanted)} belongs"


def _nodes_in_words(match: re.Match[str]) -> str:
    wanted, found = (_NODE_KINDS.get(name, name) for name in match.groups())
    return f"a patch has {found} where {wanted} belongs"


def _go_type(name: str) -> str:
    if name.startswith("[]"):
        return "a list"
    structure = name.startswith("map[") or (name.rpartition(".")[2].isidentifier() and "." in name)
    return "a mapping" if structure else "a text" if name == "string" else name
