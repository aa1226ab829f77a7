"""Build variables of Argo CD: `$ARGOCD_APP_NAME` and its kin in the settings of a source.

https://argo-cd.readthedocs.io/en/stable/user-guide/build-environment/; `Envsubst` in pkg/apis/application/v1alpha1/types.go, which is
`os.Expand` of Go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

_VARIABLE = re.compile(r"\$(?:\{(?P<braced>[^{}\s]{0,200})\}|(?P<special>[*#$@!?0-9-])|(?P<name>[A-Za-z_]\w*)|(?P<bad>\{\}?)?)")


class BuildVariables(Struct, frozen=True):
    """The values of variables; any other one is empty."""

    known: Mapping[str, str]

    def filled(self, text: str) -> str:
        """Return a text with the variables in place; `$$` stands for a dollar sign."""
        return _VARIABLE.sub(self._value, text) if "$" in text else text

    def unknown(self, text: str) -> list[str]:
        """Return the variables of a text that Argo CD does not know, as they are written: it leaves nothing of them."""
        if "$" not in text:
            return []
        found = ((each.group(), each["braced"] or each["special"] or each["name"] or "") for each in _VARIABLE.finditer(text))
        return [written for written, name in dict.fromkeys(found) if name and name != "$" and name not in self.known]

    def _value(self, found: re.Match[str]) -> str:
        name = found["braced"] or found["special"] or found["name"]
        if name is None:
            return "$" if found["bad"] is None else ""
        return "$" if name == "$" else self.known.get(name, "")


def of_application(
    name: str, namespace: str, project: str, commit: str, url: str = "", path: str = "", revision: str = ""
) -> BuildVariables:
    """Return the variables of one source; `namespace` is that of the destination."""
    return BuildVariables(
        {
            "ARGOCD_APP_NAME": name,
            "ARGOCD_APP_NAMESPACE": namespace,
            "ARGOCD_APP_PROJECT_NAME": project,
            "ARGOCD_APP_REVISION": commit,
            "ARGOCD_APP_REVISION_SHORT": commit[:7],
            "ARGOCD_APP_REVISION_SHORT_8": commit[:8],
            "ARGOCD_APP_SOURCE_REPO_URL": url,
            "ARGOCD_APP_SOURCE_PATH": path,
            "ARGOCD_APP_SOURCE_TARGET_REVISION": revision,
        }
    )
