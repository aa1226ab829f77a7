from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Annotated, Change, Config, Finding, Meta, Rule, RuleOptions

from .pairs import Pair, Touched, touched
from .places import place_of


class CrdCodegen(Rule):
    """API types that change without the CustomResourceDefinitions generated from them, or the other way round.

    ## Why
    The API server enforces the definitions; the controllers are built with the types. If somebody adds a field to the types and does not
    run the generator, the server drops the field from every object, and the controller waits for a value that never arrives. A
    definition that was edited by hand holds until somebody runs the generator, which silently undoes the edit.

    The rule compares file names, not contents: `pairs` names the files with the types and those generated from them, as globs from the
    repository's root, as git's `glob` pathspecs (`**` crosses folders, `*` does not). Every difference from the base counts,
    committed or not. The finding is at the first changed file of the side that changed alone.

    ## Fix
    Run the generator (`make manifests`, `controller-gen crd`), and commit its output together with the types.

    ```toml
    [[rules.crd-codegen.pairs]]
    types = ["api/**/*_types.go"]
    crds = ["config/crd/bases/*.yaml"]
    generator = ["Makefile"]
    ```

    `generator` is for the files that pin the generator's version or its arguments: if one of them changed, changed definitions are not
    edits by hand. Name the types as narrowly as possible: tests and generated Go files do not affect definitions. Accept a change of types
    that does not affect any definition with an `[[ignore]]` that has a last day.

    ## References
    - https://book.kubebuilder.io/reference/generating-crd
    - https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
    - https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-aiddefpathspecapathspec
    """

    tags = ("promotion", "api")

    class Options(RuleOptions, frozen=True):
        pairs: Annotated[
            tuple[Pair, ...], Meta(description="Files with API types, and the CustomResourceDefinitions generated from them.")
        ] = ()
        hand_edits: Annotated[bool, Meta(description="Whether definitions that change without their types are findings.")] = True

    options: Options

    def wants_change(self, config: Config) -> bool:
        return bool(self.options.pairs)

    def check_change(self, change: Change) -> Iterator[Finding]:
        for pair in self.options.pairs:
            found = touched(pair, change.files)
            message = self._judged(pair, found)
            if message and (standing := place_of(change, pair, found)):
                target, place = standing
                yield self.finding(place, message, target=target)

    def _judged(self, pair: Pair, found: Touched) -> str:
        if found.types and not found.crds:
            return f"{found.types.summary}, but no file of {_listed(pair.crds)} did: run the generator and commit its output"
        if found.crds and not found.types and not found.generator and self.options.hand_edits:
            return f"{found.crds.summary}, but no file of {_listed(pair.types)} did: change the types, or the generator will undo this"
        return ""


def _listed(globs: tuple[str, ...]) -> str:
    return ", ".join(globs)
