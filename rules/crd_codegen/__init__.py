from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Annotated, Change, Config, Finding, Meta, Rule, RuleOptions

from .pairs import Pair, Touched, touched
from .places import place_of


class CrdCodegen(Rule):
    """API types that change without the CustomResourceDefinitions that are generated of them, or the other way round.

    ## Why
    The definitions are what the API server enforces, the types are what the controllers are built with. Where a field is added to the types
    and nobody runs the generator, the server drops the field from every object, and the controller waits for what never comes. A
    definition that was changed by hand holds until somebody runs the generator, and takes that back without noticing.

    It looks at files, not at what they say: `pairs` names the files with the types and those that are generated of them, by globs from the
    repository's root, as git's `glob` pathspecs (`**` crosses folders, `*` does not). All that differs from the base counts,
    committed or not. The finding is at the first changed file of the side that moved alone.

    ## Fix
    Run the generator (`make manifests`, `controller-gen crd`), and commit what it writes together with the types.

    ```toml
    [[rules.crd-codegen.pairs]]
    types = ["api/**/*_types.go"]
    crds = ["config/crd/bases/*.yaml"]
    generator = ["Makefile"]
    ```

    `generator` is for the files that pin the generator's version or say how it is called: with one of them changed, other
    definitions are no edit by hand; alone they ask for nothing. Name the types as narrowly as they can be: tests and generated Go files
    reach no definition. A change of types that does not reach one either is accepted with an `[[ignore]]` that has a last day.

    ## References
    - https://book.kubebuilder.io/reference/generating-crd
    - https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
    - https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-aiddefpathspecapathspec
    """

    tags = ("promotion", "api")

    class Options(RuleOptions, frozen=True):
        pairs: Annotated[
            tuple[Pair, ...], Meta(description="Which files hold API types, and which CustomResourceDefinitions are generated of them.")
        ] = ()
        hand_edits: Annotated[bool, Meta(description="Whether definitions are judged that change without their types.")] = True

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
