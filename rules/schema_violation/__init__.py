from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agentslint.rule import Annotated, Fleet, Level, Meta, Rule, RuleOptions, Said, target_location

if TYPE_CHECKING:
    from agentslint.rule import SchemaFault


class SchemaViolation(Rule):
    """A manifest that the API server would refuse by the schema of its kind, or a field that it would drop.

    ## Why
    A misspelt field is dropped without a word: the object is there, and the setting is not. A wrong type, a missing field or a broken
    rule stops the sync of the whole application, in the cluster and after the merge.

    Each manifest is held against the schema of its kind as an API server holds it: unknown fields are dropped, defaults are filled in,
    the rest is validated, and then the rules (`x-kubernetes-validations`) are asked. So a required field that has a default is no
    finding, and neither is a null that the server drops.

    The schema of a custom resource is that of its CustomResourceDefinition. It is looked for where the cluster will have it from: in the
    same target, in the other targets for its cluster, in the files of `[schemas] paths`, in the `crds/` of the target's charts, and in
    the rest of the run. Where one place has several definitions of a kind, only what breaks all of them is a finding.

    Built-in kinds are checked where `builtin` is set, against the schemas that `pip install agentslint-gitops[schemas]` brings, those of
    the target's Kubernetes version (`kube-version` in `[render]`, else the latest); or where `[schemas] paths` names a folder in
    kubeconform's layout:

    ```toml
    [rules.schema-violation]
    builtin = true

    [schemas]
    paths = ["schemas", "vendor/cert-manager/*.yaml"]
    ```

    With `builtin`, CustomResourceDefinitions are held against their own schema, too. Kinds of `required` groups must have a schema.

    Any other kind without a schema counts as unknown, not as valid: `--verbose` names it (a built-in one where those are checked); where
    `builtin`, `required` or `[schemas] paths` asks for schemas, every report has the count. `--verbose` also names the parts of schemas
    that were not evaluated: those that are malformed, rules about the stored object (`oldSelf`), rules without `agentslint-gitops[cel]`
    or under `--untrusted`, patterns that take too long. Values with `${variables}` of Flux are left out. Names and labels are held against
    their types only.

    ## Fix
    Write the field as the message says. If the cluster has another schema, name it in `[schemas] paths`.

    ## References
    - https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation
    - https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
    - https://github.com/yannh/kubeconform#overriding-schemas-location
    """

    level = Level.ERROR
    tags = ("api",)

    class Options(RuleOptions, frozen=True):
        builtin: Annotated[bool, Meta(description="Whether built-in kinds are held against the schemas of agentslint-gitops[schemas].")] = (
            False
        )
        required: Annotated[
            tuple[str, ...], Meta(description="API groups (globs) whose kinds must have a schema: `*.acme.example.com`.")
        ] = ()

    options: Options

    def check_fleet(self, fleet: Fleet) -> Iterator[Said]:
        if self.options.builtin and fleet.targets and not fleet.schemas.has_package:
            first = fleet.targets[0].target
            message = "cannot check built-in kinds: install agentslint-gitops[schemas], or unset builtin of schema-violation"
            yield self.not_checked(target_location(first), message, target=first)
        if self.options.required:
            groups = {manifest.group for target in fleet.targets for manifest in target.manifests}
            self.looked_at(self.options.required, groups, noun="API group", is_needed=True)
        for target in fleet.targets:
            for found in fleet.schemas.violations(target, with_built_in=self.options.builtin, required=self.options.required):
                yield self.finding(found.field, _message(found), is_secret=found.field.manifest.kind == "Secret")


def _message(found: SchemaFault) -> str:
    resource = found.field.manifest.resource
    advice = f": {found.advice}" if found.advice else ""
    if found.is_unknown:
        return f"{resource} has the unknown field {found.path}, which the API server drops{advice}"
    owner = f"{found.path} of {resource}" if found.path else resource
    return f"{owner} {found.text}{advice}"
