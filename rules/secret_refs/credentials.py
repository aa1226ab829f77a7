"""Texts that are credentials, whatever the variable that holds them is called."""

from __future__ import annotations

import re

_LONGEST = 20_000
"""Characters of a text that is looked at."""
_URL = re.compile(r"\b[a-z][a-z0-9+.-]{0,30}://[^\s/:@?#]{0,256}:(?P<password>[^\s/@?#]{1,256})@", re.I)
_QUERY = re.compile(r"://[^\s'\"<>]{1,4096}")
_PARAMETER = re.compile(r"[?&;](?P<name>[\w.-]{1,64})=(?P<value>[^&;\s'\"#<>]{3,4096})")
_TELLING = re.compile(
    r"[\w.-]*password|passwd|pwd|sig|[\w-]*signature|(?:access|auth|refresh|private|api|id|session)?[_-]?token|[\w-]*secret"
    r"|(?:shared)?[_-]?(?:api|access|secret|account|subscription)[_-]?key",
    re.I,
)
"""Names of the parameters of a query that hold a credential."""
_WORDS = frozenset(("true", "false", "none", "null", "required", "disabled", "enabled", "optional", "require", "prefer"))
_TOKENS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]{1,20} ){0,4}PRIVATE KEY-----"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60})"),
    "a GitLab token": re.compile(r"\bglpat-[\w-]{20}"),
    "a Slack token": re.compile(r"\bxox[abeprs]-\d[A-Za-z0-9-]{10}"),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a Google API key": re.compile(r"\bAIza[\w-]{35}"),
    "an npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}"),
    "a PyPI token": re.compile(r"\bpypi-AgE[\w-]{50}"),
    "a Docker Hub token": re.compile(r"\bdckr_[ap]at_[\w-]{20}"),
    "a Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20}"),
    "a SendGrid key": re.compile(r"\bSG\.[\w-]{20,24}\.[\w-]{39,50}"),
    "an OpenAI key": re.compile(r"\bsk-(?:proj-)?[A-Za-z0-9_-]{40}"),
    "a JSON Web Token": re.compile(r"\beyJ[\w-]{10,500}\.eyJ[\w-]{10,5000}\.[\w-]{10}"),
}
_PLACEHOLDER = re.compile(
    r"\$|\{.*\}|%\(|%s|<[^>]*>|^\*+$|^x+$|^\.+$|^(?:password|passwd|pass|secret|pw)$"
    r"|example|change[-_ ]?me|your[-_ ]|placeholder|redacted|dummy",
    re.I,
)
"""`$(PASSWORD)` is filled in by the kubelet from another variable, `{password}` by the program; documentation has the others."""


def credential(text: str) -> str:
    """Say what credential a text holds (`a GitHub token`); empty where it holds none that is known by its shape."""
    text = text[:_LONGEST]
    if any(not _PLACEHOLDER.search(url["password"]) for url in _URL.finditer(text)):
        return "a URL with a password"
    if name := _in_query(text):
        return f"a URL with the parameter {name}"
    found = ((name, match) for name, shape in _TOKENS.items() if (match := shape.search(text)))
    return next((name for name, match in found if not _PLACEHOLDER.search(match[0])), "")


def _in_query(text: str) -> str:
    """The name of the first parameter of a URL's query that holds a credential; empty where none does."""
    for url in _QUERY.finditer(text):
        for found in _PARAMETER.finditer(url[0]):
            value = found["value"]
            if _TELLING.fullmatch(found["name"]) and value.lower() not in _WORDS and not _PLACEHOLDER.search(value):
                return found["name"]
    return ""
