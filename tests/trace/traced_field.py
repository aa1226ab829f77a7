"""A rule of these tests: it finds what a case's options name, so that any field can be asked where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated

from msgspec import Meta
from oracle import leaves

from agentslint.rule import Field, Finding, Manifest, Rule, RuleOptions


class TracedField(Rule):
    """A field that a case names, to ask where it comes from."""

    class Options(RuleOptions, frozen=True):
        fields: Annotated[tuple[str, ...], Meta(description="Globs of `Kind/name path`, with ` ~ pattern` for a part.")] = ()

    options: Options

    def check_manifest(self, manifest: Manifest) -> Iterator[Finding]:
        for pointer, value in leaves(manifest.body):
            place = Field(manifest, pointer)
            for glob, _, pattern in (field.partition(" ~ ") for field in self.options.fields):
                if fnmatchcase(f"{manifest.resource} {place.path}", glob):
                    part = re.search(pattern, value).span() if pattern else None
                    yield self.finding(Field(manifest, pointer, part), f"{manifest.resource} {place.path} is {value}")
