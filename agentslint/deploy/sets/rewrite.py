"""A Go template of Argo CD -> one that helm's `tpl` fills in with the same result.

helm removes `<no value>`, and lacks both `missingkey=error` and a few functions. So each field is looked up by functions that say what is
missing, and each printed value is asked whether it is nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct

from agentslint.deploy.sets.actions import Action, TemplateError, Token, parts
from agentslint.deploy.sets.functions import ANEW, KEYWORDS, KNOWN, OF_MAPS, OTHERWISE

FieldChain = tuple[str, ...]
_BY_KEY = frozenset(("hasKey", "get", "dig", "index"))
"""Functions to which the parameters as a whole may be given, with our own key among them."""
UNKNOWN_FIELD = "of the result of a function is not known here"
_NIL = '(dig "x" nil (dict))'
_LONGEST = 20_000
"""Characters of a value whose fields are looked up: it is written several times."""
_OPENS = frozenset(("if", "range", "with", "define", "block"))
_MOVES = frozenset(("range", "with", "define", "block"))
"""Blocks in which `.` is something else."""


def missing_key(name: str) -> str:
    """Say that a key is missing."""
    return f"the key {name} is missing; give it to the element, or ask for it with hasKey"


class OtherwiseError(Exception):
    """A template that helm would fill in otherwise; the text names why."""


class Rewritten(Struct):
    """A template for helm; `reads` are the parameters that it names, and `of_maps` those that a function of mappings gets."""

    text: str = ""
    records: bool = True
    """Whether missing keys are noted in the parameters, under our own key: nothing else in the template sees that."""
    reads: set[FieldChain] = set()
    of_maps: set[FieldChain] = set()


class Names(Struct, frozen=True):
    """Random names that no template uses: those of our key, of what stands for `<no value>`, of `normalize`, and of a variable."""

    key: str
    nothing: str
    normalize: str
    variable: str


def rewritten(template: str, names: Names, missing: str, text_maps: frozenset[FieldChain] = frozenset()) -> Rewritten:
    """Rewrite a template; `missing` is the option `missingkey`, and `text_maps` are the mappings whose values are all texts.

    Raises TemplateError where Go cannot parse it, OtherwiseError where helm would fill it in otherwise.
    """
    found = list(parts(template))
    writer = _Writer(names, missing, text_maps, Rewritten())
    writer.write(found)
    if writer.gives_all:
        writer = _Writer(names, missing, text_maps, Rewritten(records=False))
        writer.write(found)
    return writer.done


class _Writer:
    """Writes action after action, and knows in which blocks it is."""

    def __init__(self, names: Names, missing: str, text_maps: frozenset[FieldChain], done: Rewritten) -> None:
        self.names, self.missing, self.text_maps, self.done = names, missing, text_maps, done
        self.blocks: list[str] = []
        self.gives_all = False
        """Whether an action looks at the parameters as a whole."""
        self._void = '""'

    def write(self, found: Sequence[str | Action]) -> None:
        """Write the parts of a template."""
        self.done.text = "".join(self.action(part) if isinstance(part, Action) else self._text(part) for part in found)
        if self.blocks:
            raise TemplateError(f"{self.blocks[-1]} without its end")

    def _text(self, text: str) -> str:
        """helm removes what it takes for a value that is not there."""
        return text.replace("<no value>", self.names.nothing)

    def action(self, action: Action) -> str:
        """Return an action for helm."""
        visible = [token for token in action.tokens if token.kind != "space"]
        if not visible:
            return action.opening
        first = visible[0].text
        self.gives_all = self.gives_all or self._looks_at_all(visible)
        self._nest([token.text for token in visible[:2]])
        self._void = _NIL if first == "range" else '""'
        body = self._commands(action.tokens)
        if first in KEYWORDS - {"true", "false", "nil"} or any(token.text in (":=", "=") for token in visible[:2]):
            return action.opening + body + action.closing
        return self._printed(action, body)

    def _printed(self, action: Action, body: str) -> str:
        """Print a value, and our own word where it is nothing."""
        variable = f"${self.names.variable}"
        shown = f'{{{{ if kindIs "invalid" {variable} }}}}{self.names.nothing}{{{{ else }}}}{{{{ {variable} }}}}{{{{ end'
        return f"{action.opening} {variable} := ({body.strip()}) }}}}{shown}{action.closing if action.closing != '}}' else ' }}'}"

    def _looks_at_all(self, visible: Sequence[Token]) -> bool:
        moved = any(block in _MOVES for block in self.blocks)
        head = ""
        for number, token in enumerate(visible):
            if token.kind == "word":
                head = token.text
            bare = token.text == "$" and (number + 1 == len(visible) or visible[number + 1].kind != "field")
            if (bare or (token.kind == "dot" and not moved)) and head not in _BY_KEY:
                return True
        return False

    def _nest(self, words: Sequence[str]) -> None:
        if words[0] in _OPENS:
            self.blocks.append(words[0])
        elif words[0] == "end":
            if not self.blocks:
                raise TemplateError("unexpected {{end}}")
            self.blocks.pop()
        elif words[0] == "else" and not self.blocks:
            raise TemplateError("unexpected {{else}}")
        elif words[:2] == ["else", "with"]:
            # From here on `.` is something else.
            self.blocks[-1] = "with"

    def _commands(self, tokens: Sequence[Token]) -> str:
        written: list[str] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            end = at + 1
            if token.kind == "open":
                end = _closing(tokens, at) + 1
            fields = _fields(tokens, end if token.kind != "field" else at)
            if token.kind == "word":
                written.append(self._word(tokens, at))
            elif token.kind in ("field", "variable", "open") and (fields or token.kind == "open"):
                base = self._base(tokens, at, end)
                end = end + len(fields) if token.kind != "field" else at + len(fields)
                written.append(self._looked_up(base, fields) if fields else base)
            else:
                written.append(token.text)
            at = end
        return "".join(written)

    def _base(self, tokens: Sequence[Token], at: int, end: int) -> str:
        token = tokens[at]
        if token.kind == "open":
            return f"({self._commands(tokens[at + 1 : end - 1])})"
        return "." if token.kind == "field" else token.text

    def _word(self, tokens: Sequence[Token], at: int) -> str:
        name = tokens[at].text
        if name in KEYWORDS:
            return name
        if name in OTHERWISE or name in ANEW:
            raise OtherwiseError(f"the function {name}" + (" returns something else each time" if name in ANEW else ""))
        if name not in KNOWN:
            raise TemplateError(f"function {name!r} not defined")
        if name in OF_MAPS:
            self._note_maps(tokens[at + 1 :])
        elif name == "dig":
            keys = [token.text[1:-1] for token in tokens[at + 1 :] if token.kind == "string"]
            self.done.of_maps.update(tuple(keys[:number]) for number in range(1, len(keys)))
        return {"normalize": f'include "{self.names.normalize}"', "fromJson": "mustFromJson"}.get(name, name)

    def _note_maps(self, tokens: Sequence[Token]) -> None:
        """Note the parameters that stand among the arguments of a function."""
        at = 0
        while at < len(tokens) and tokens[at].kind not in ("close", "open") and tokens[at].text != "|":
            variable = tokens[at].kind == "variable"
            fields = _fields(tokens, at + variable)
            if fields and (not variable or tokens[at].text == "$"):
                self.done.of_maps.add(fields)
            at += max(1, len(fields) + variable)

    def _looked_up(self, base: str, fields: FieldChain) -> str:
        if len(base) > _LONGEST:
            raise OtherwiseError("fields of fields, nested too deeply")
        moved = any(block in _MOVES for block in self.blocks)
        sure = base == "$" or (base == "." and not moved)
        if sure:
            self.done.reads.add(fields)
        if base == "$" and any(block in ("define", "block") for block in self.blocks):
            sure = False
        if self.missing == "error":
            return self._demanded(base, fields, sure)
        if self.missing == "zero":
            texts = sure and any(fields[:number] in self.text_maps for number in range(1, len(fields)))
            return self._dug(base, fields, '""') if texts else ("" if base == "." else base) + "".join(f".{name}" for name in fields)
        if sure or len(fields) > 1:
            return self._dug(base if sure else f"({base} | toJson | mustFromJson)", fields, "nil")
        here = f'(ternary (dict) {base} (kindIs "invalid" {base}))'
        return f'(ternary (index {here} "{fields[0]}") {_NIL} (hasKey (mustFromJson (toJson {here})) "{fields[0]}"))'

    def _dug(self, base: str, fields: FieldChain, default: str) -> str:
        keys = " ".join(f'"{name}"' for name in fields)
        return f"(dig {keys} {default} {base})"

    def _demanded(self, base: str, fields: FieldChain, sure: bool) -> str:
        """Look up a chain of fields; the first one that is not there is noted, or fails where nothing can be noted."""
        conditions: list[str] = []
        here = base
        for name in fields:
            copy = here if sure else f"(mustFromJson (toJson {here}))"
            # Go knows fields of what a function returns (of a version, of a time); here they are not known.
            words = f"{name} is asked of something that is not a mapping" if sure else f"the field {name} {UNKNOWN_FIELD}"
            conditions.append(f'(or (kindIs "map" {here}) {self._note(words)})')
            conditions.append(f'(or (hasKey {copy} "{name}") {self._note(missing_key(name))})')
            here = f'(get {here} "{name}")' if sure else f'(index {here} "{name}")'
        return f"(and {' '.join(conditions)} {here})"

    def _note(self, words: str) -> str:
        text = json.dumps(words)
        if not self.done.records or any(block in ("define", "block") for block in self.blocks):
            return f"(fail {text})"
        return f'(and (set (get $ "{self.names.key}") "m" {text}) {self._void})'


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for at in range(opening, len(tokens)):
        depth += {"open": 1, "close": -1}.get(tokens[at].kind, 0)
        if not depth:
            return at
    raise TemplateError("unclosed left paren")


def _fields(tokens: Sequence[Token], at: int) -> FieldChain:
    """Return the fields that follow each other from here on."""
    end = at
    while end < len(tokens) and tokens[end].kind == "field":
        end += 1
    return tuple(token.text[1:] for token in tokens[at:end])
