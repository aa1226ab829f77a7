from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

from agentslint.rule import Annotated, Field, Finding, Fleet, Level, Meta, Reasoned, RenderedTarget, Rule, RuleOptions, some

from .credentials import credential

if TYPE_CHECKING:
    from agentslint.rule import Variable

SecretKeys = frozenset[str] | None
"""The keys of a Secret; None where they are not all known."""
Secrets = Mapping[str, Sequence[tuple[str, SecretKeys]]]
"""Namespace and keys of each Secret, by its name."""
_LISTED = 5
"""Keys of a Secret that a message names."""
_OTHER_SOURCES = {"configMapKeyRef": "key", "fieldRef": "fieldPath", "resourceFieldRef": "resource", "fileKeyRef": "key"}
"""What a variable may come from beside a Secret, with the key that names the value there."""
_COMPOSED = re.compile(r"\$\([A-Za-z_]\w*\)")
"""The kubelet puts another variable there, such as the password in a URL."""


class SecretVariable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Environment variables that come from a Secret."""

    match: Annotated[str, Meta(description="Variables (a glob of their names), such as `DATABASE_URL`.", min_length=1)]
    secret: Annotated[str, Meta(description="Secrets (a glob of their names) that may hold them.")] = "*"
    key: Annotated[str, Meta(description="Keys (a glob) in the Secret.")] = "*"


class SecretRefs(Rule):
    """An environment variable whose credential is written out, or does not come from the Secret that it should come from.

    ## Why
    A database URL that stands in a values file is in the history of the repository for ever, in every rendering and in every backup
    of it. A variable that takes it from the wrong Secret, or from one that nothing creates, keeps the pod from starting, or starts it
    with another database.

    Without options the rule reports texts that are credentials by their shape: a URL with a password (before the host, or as in
    `?password=`), a private key, the tokens of well-known services. `variables` names those that must come from a Secret, and from which
    one. In a run over the whole repository that Secret has to be rendered, made by an operator of a rendered object (ExternalSecret,
    SealedSecret, a Certificate, a cluster of CloudNativePG with its `-app` Secret, and others), or listed in `external`. The key has to
    be one of its keys, where a rendered Secret, SealedSecret or ExternalSecret says all of them. A variable that is `optional` may be
    without.

    No report shows the text. Variables that come by `envFrom` are not seen.

    ## Fix
    Put the value into a Secret that is made outside of the repository, and name it with `valueFrom.secretKeyRef`. A credential that was
    committed is known: replace it.

    ## References
    - https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-environment-variables
    - https://kubernetes.io/docs/concepts/security/secrets-good-practices/
    """

    level = Level.ERROR
    tags = ("secrets",)

    class Options(RuleOptions, frozen=True):
        variables: Annotated[
            tuple[SecretVariable, ...], Meta(description="Variables that must come from a Secret: `{match, secret, key}`, all globs.")
        ] = ()
        external: Annotated[
            tuple[Reasoned, ...], Meta(description="Secrets (globs) that something else creates, each with its reason.")
        ] = ()
        allow: Annotated[
            tuple[Reasoned, ...], Meta(description="Variables (globs of their names) whose text is no credential, each with its reason.")
        ] = ()

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Finding]:
        self._note_names([variable for target in fleet.targets for variable in target.variables])
        # Of a part of the repository nobody knows which Secrets the rest makes.
        made = _made(fleet.targets) if self.options.variables and fleet.is_whole else None
        for target in fleet.targets:
            yield from self._of_target(target, made)

    def _note_names(self, variables: Sequence[Variable]) -> None:
        """Tell the run what there is for the globs of the options."""
        names = {variable.name for variable in variables}
        self.looked_at(self.options.variables, names, noun="variable", is_needed=True)
        self.looked_at(self.options.allow, names, noun="variable")
        secrets = (variable.source("secretKeyRef") for variable in variables) if self.options.external else ()
        self.looked_at(self.options.external, {str(each.get("name")) for each in secrets if each}, noun="Secret")

    def _of_target(self, target: RenderedTarget, made: Secrets | None) -> Iterator[Finding]:
        own = _made([target]) if made else {}
        for variable in target.variables:
            wanted = [each for each in self.options.variables if fnmatchcase(variable.name, each.match)]
            found = "" if wanted else credential(variable.literal)
            if not (wanted or found) or self.allows(self.options.allow, variable.name):
                continue
            if wanted:
                yield from self._of_wanted(variable, wanted, own, made)
            else:
                message = f"{variable.owner} has {found} in {variable.name}: take it from a Secret (secretKeyRef), and replace it"
                yield self.finding(variable.field, message, is_secret=True)

    def _of_wanted(self, variable: Variable, wanted: list[SecretVariable], own: Secrets, made: Secrets | None) -> Iterator[Finding]:
        source = variable.source("secretKeyRef")
        other = next((kind for kind in _OTHER_SOURCES if variable.source(kind) is not None), "")
        if variable.literal and not _COMPOSED.search(variable.literal):
            message = f"{variable.owner} has the value of {variable.name} written out: take it from {_named(wanted[0])} (secretKeyRef)"
            yield self.finding(variable.field, message, is_secret=True)
        elif other:
            message = f"{variable.owner} takes {variable.name} from a {other}: take it from {_named(wanted[0])} (secretKeyRef)"
            yield self.finding(variable.source_field(other, _OTHER_SOURCES[other]), message)
        elif source:
            yield from self._of_secret(variable, wanted, own, made)
        elif not variable.literal and not variable.entry.get("valueFrom"):
            message = f"{variable.owner} leaves {variable.name} empty: take it from {_named(wanted[0])} (secretKeyRef)"
            yield self.finding(Field(variable.manifest, (*variable.pointer, "name")), message)

    def _of_secret(self, variable: Variable, wanted: list[SecretVariable], own: Secrets, made: Secrets | None) -> Iterator[Finding]:
        source = variable.source("secretKeyRef") or {}
        name, key = str(source.get("name", "")), str(source.get("key", ""))
        named = [each for each in wanted if fnmatchcase(name, each.secret)]
        if not named:
            message = f"{variable.owner} takes {variable.name} from the Secret {name}: take it from {_named(wanted[0])}"
            yield self.finding(variable.source_field("secretKeyRef", "name"), message)
        elif not any(fnmatchcase(key, each.key) for each in named):
            message = f"{variable.owner} takes {variable.name} from the key {key} of the Secret {name}: take it from {_named(named[0])}"
            yield self.finding(variable.source_field("secretKeyRef", "key"), message)
        elif made is not None and source.get("optional") is not True and not self.allows(self.options.external, name):
            yield from self._of_made(variable, name, key, own, made)

    def _of_made(self, variable: Variable, name: str, key: str, own: Secrets, made: Secrets) -> Iterator[Finding]:
        """Look for a Secret in the target, which is deployed with the variable, else anywhere."""
        here = variable.manifest.namespace
        found = _within(own, name, here) or _within(made, name, here)
        known = [keys for keys in found if keys is not None]
        if not found:
            message = f"{variable.owner} takes {variable.name} from the Secret {name}, which nothing creates"
            yield self.finding(variable.source_field("secretKeyRef", "name"), f"{message}: render it, or list it in external")
        elif len(known) == len(found) and not any(key in keys for keys in known):
            message = f"{variable.owner} takes {variable.name} from the key {key}, which the Secret {name} does not have"
            advice = f"add it, or name one that it has ({some(sorted(frozenset[str]().union(*known)), _LISTED)})"
            yield self.finding(variable.source_field("secretKeyRef", "key"), f"{message}: {advice}")


def _within(secrets: Secrets, name: str, here: str) -> list[SecretKeys]:
    """The keys of each Secret of a name in a namespace; a manifest without one goes to that of the target's deployment."""
    return [keys for namespace, keys in secrets.get(name, ()) if not (here and namespace) or here == namespace]


def _made(targets: Iterable[RenderedTarget]) -> Secrets:
    found: dict[str, list[tuple[str, SecretKeys]]] = {}
    for target in targets:
        for (namespace, name), keys in target.made_secrets.items():
            found.setdefault(name, []).append((namespace, keys))
    return found


def _named(wanted: SecretVariable) -> str:
    key = f"the key {wanted.key} of " if wanted.key != "*" else ""
    return f"{key}the Secret {wanted.secret}" if wanted.secret != "*" else f"{key}a Secret"
