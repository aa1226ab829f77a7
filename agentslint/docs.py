"""Pages, the README's table and the published schemas, made from the code. `python -m agentslint.docs [--check]`."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from agentslint import files
from agentslint.config.schema import Config, RuleSettings
from agentslint.report.image_list import ImageList
from agentslint.report.target_list import TargetList
from agentslint.rule import Rule

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DEMO = "examples/argocd/applications/storefront"


def summary(rule: type[Rule]) -> str:
    """Return the first line of a rule's page."""
    return _doc(rule).partition("\n")[0].strip()


def page(rule: type[Rule]) -> str:
    """Return the page of a rule in Markdown."""
    text = _doc(rule)
    first, _, rest = text.partition("\n")
    before, found, references = rest.strip().partition("## References")
    parts = [f"# {rule.id}", first, f"Level: `{rule.level.value}`. Tags: {', '.join(rule.tags) or 'none'}.", before.strip(), options(rule)]
    if found:
        parts.append("## References\n" + references.rstrip())
    return "\n\n".join(part for part in parts if part) + "\n"


def options(rule: type[Rule]) -> str:
    """Return the options section of a page: what every rule has, then the rule's own."""
    lines = [
        "## Options",
        "",
        f"In `[rules.{rule.id}]`, beside `level`, `levels` and `environments`, which every rule has:" if _fields(rule) else
        f"In `[rules.{rule.id}]`: only `level`, `levels` and `environments`, which every rule has.",
    ]  # fmt: skip
    if _fields(rule):
        lines += ["", "| option | type | default | |", "|---|---|---|---|"]
        lines += [f"| `{name}` | {kind} | `{default}` | {what} |" for name, kind, default, what in _fields(rule)]
    return "\n".join(lines)


def table(rules: Mapping[str, type[Rule]]) -> str:
    """Return the table of all rules for the README."""
    rows = [f"| [{name}](docs/rules/{name}.md) | {rule.level.value} | {summary(rule)} |" for name, rule in rules.items()]
    return "\n".join(["| rule | level | what it finds |", "|---|---|---|", *rows]) + "\n"


def between(text: str, name: str, block: str) -> str:
    """Return `text` with what stands between the markers of `name` replaced."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
    return pattern.sub(lambda match: match.group(1) + block + match.group(2), text)


def demo(root: Path, rule_id: str) -> str:
    """Return what a real run over the examples prints for one rule, as a Markdown block."""
    from agentslint.engine.open_session import open_session
    from agentslint.engine.pipeline import lint
    from agentslint.engine.run_options import RunOptions
    from agentslint.report import BUILTIN, ReportOptions

    settings = RunOptions(paths=(str(root / _DEMO),), select=(rule_id,))
    with open_session(settings) as (run, _):
        text = BUILTIN["text"](lint(run), ReportOptions(width=130))
    return f"```console\n$ agentslint {_DEMO} --select {rule_id}\n{text.rpartition(chr(10) * 2)[0]}\n```\n"


def generated(root: Path, rules: Mapping[str, type[Rule]]) -> Iterator[tuple[Path, str]]:
    """Yield every generated file and what it should hold."""

    for name, rule in rules.items():
        yield root / "docs" / "rules" / f"{name}.md", page(rule)
    yield root / "docs" / "agentslint.schema.json", schema_text(rules)
    for name, kind in (("targets", TargetList), ("images", ImageList)):
        yield root / "docs" / f"{name}.schema.json", output_schema(name, kind)
    readme = root / "README.md"
    if readme.exists():
        text = between(files.read(readme).decode(), "rules", table(rules))
        yield readme, between(text, "demo", demo(root, "image-lockstep"))


def stale(root: Path, rules: Mapping[str, type[Rule]]) -> list[Path]:
    """Return the generated files that do not hold what they should, and pages of rules that are gone."""
    wanted = dict(generated(root, rules))
    found = [path for path, text in wanted.items() if not path.exists() or files.read(path).decode() != text]
    return found + [path for path in (root / "docs" / "rules").glob("*.md") if path not in wanted]


def main(arguments: list[str]) -> int:
    """Write the generated files, or with --check say which are stale; returns the exit status."""
    from agentslint.config import Loaded
    from agentslint.config.schema import Config
    from agentslint.engine.registry import load_registry

    root = Path.cwd()
    registry = load_registry(Loaded(Config()))
    rules = {name: rule for name, rule in registry.rules.items() if registry.origins[name] == "agentslint-gitops"}
    old = stale(root, rules)
    if "--check" in arguments:
        for path in old:
            print(f"stale: {path.relative_to(root)}; run `make docs`", file=sys.stderr)
        return int(bool(old))
    wanted = dict(generated(root, rules))
    for path in old:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, wanted[path].encode())
        else:
            path.unlink()
    return 0


def _doc(rule: type[Rule]) -> str:
    return inspect.cleandoc(rule.__doc__ or rule.id)


def _fields(rule: type[Rule]) -> list[tuple[str, str, str, str]]:
    schema = msgspec.json.schema(rule.Options)
    body = schema["$defs"][rule.Options.__name__] if "$defs" in schema else schema
    made = rule.Options()  # what a factory gives is no part of the schema
    return [
        (name, _kind(spec), msgspec.json.encode(spec.get("default", getattr(made, name, None))).decode(), spec.get("description", ""))
        for name, spec in body.get("properties", {}).items()
    ]


def _kind(spec: Mapping[str, Any]) -> str:
    if "enum" in spec:
        return " \\| ".join(f"`{value}`" for value in spec["enum"])
    if "$ref" in spec:
        return "`{match, reason}`" if spec["$ref"].endswith("Reasoned") else "table"
    if "anyOf" in spec:
        return " or ".join(_kind(option) for option in spec["anyOf"] if option.get("type") != "null")
    return f"list of {_kind(spec['items'])}" if spec.get("type") == "array" and "items" in spec else str(spec.get("type", "any"))


def schema_text(rules: Mapping[str, type[Rule]]) -> str:
    """Return the schema as JSON text (draft 2020-12)."""
    return msgspec.json.format(msgspec.json.encode(schema(rules), order="sorted"), indent=2).decode() + "\n"


def output_schema(command: str, kind: type[msgspec.Struct]) -> str:
    """Return the schema of what `agentslint COMMAND --format json` prints."""
    found = {"$schema": _DRAFT, "title": f"agentslint {command} --format json", **msgspec.json.schema(kind)}
    return msgspec.json.format(msgspec.json.encode(found, order="sorted"), indent=2).decode() + "\n"


def schema(rules: Mapping[str, type[Rule]]) -> dict[str, Any]:
    """Return the schema as plain objects."""
    (_, common, *own), definitions = msgspec.json.schema_components(
        [Config, RuleSettings, *(rule.Options for rule in rules.values())], ref_template="#/$defs/{name}"
    )
    shared = _resolve(common, definitions)["properties"]
    tables = {}
    for name, reference in zip(rules, own, strict=True):
        options = _resolve(reference, definitions)
        tables[name] = {
            "type": "object",
            "title": name,
            "properties": {**shared, **options.get("properties", {})},
            "additionalProperties": False,
        }
    definitions["Config"]["properties"]["rules"] = {"type": "object", "properties": tables, "additionalProperties": False}
    used = {name: value for name, value in definitions.items() if name != "RuleSettings" and not name.endswith("Options")}
    return {"$schema": _DRAFT, "title": "agentslint", "$ref": "#/$defs/Config", "$defs": used}


def _resolve(reference: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in reference:
        return reference
    found: Mapping[str, Any] = definitions[str(reference["$ref"]).rpartition("/")[2]]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
