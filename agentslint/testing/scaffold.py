"""`agentslint new-rule ID`: the folder of a rule that works, with a case that passes and one that fails."""

from __future__ import annotations

import os
from pathlib import Path

from agentslint import files
from agentslint.config.rule_ids import fault_of_id
from agentslint.errors import UsageError

_MODULE = '''\
from __future__ import annotations

from collections.abc import Iterator

from agentslint.rule import Finding, ImageUse, Level, Rule


class {name}(Rule):
    """A thing that this rule finds, in one line.

    ## Why
    Say what goes wrong otherwise.

    ## Fix
    Say how to mend it, and where.

    ## References
    - https://kubernetes.io/docs/concepts/containers/images/
    """

    level = Level.WARNING

    def check_image_use(self, use: ImageUse) -> Iterator[Finding]:
        image = use.reference
        if image is not None and image.tag == "change-me":
            yield self.finding(use.tag_field, f"{{use.owner}} runs {{image.text}}", use=use)
'''
_KUSTOMIZATION = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
"""
_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {{app: web}}
  template:
    metadata:
      labels: {{app: web}}
    spec:
      containers:
        - name: web
{mark}          image: ghcr.io/acme/web:{tag}
"""


def write_rule(rule_id: str, folder: Path) -> list[Path]:
    """Write the files of a new rule below `folder`; raises UsageError for an id that cannot be or that is there."""
    if fault := fault_of_id(rule_id):
        raise UsageError(fault)
    home = folder / rule_id.replace("-", "_")
    if stray := files.stray_link(home):
        raise UsageError(f"{home}: {stray[0]} is a link out of the repository, to {stray[1]}; nothing is written there")
    if os.path.lexists(home):
        raise UsageError(f"{home} already exists and is left unchanged")
    class_name = "".join(word.capitalize() for word in rule_id.split("-"))
    mark = f'          # expect: {rule_id} "runs ghcr.io/acme/web:change-me"\n'
    contents = {
        home / "__init__.py": _MODULE.format(name=class_name),
        home / "pass" / "other_tag" / "kustomization.yaml": _KUSTOMIZATION,
        home / "pass" / "other_tag" / "deployment.yaml": _DEPLOYMENT.format(mark="", tag="v1.0.0"),
        home / "fail" / "plain" / "kustomization.yaml": _KUSTOMIZATION,
        home / "fail" / "plain" / "deployment.yaml": _DEPLOYMENT.format(mark=mark, tag="change-me"),
    }
    for path, text in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        files.create(path, text.encode())
    return list(contents)
