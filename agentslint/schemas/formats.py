"""The formats of texts that an API server checks, and how: others restrict nothing.

k8s.io/apiextensions-apiserver, pkg/apiserver/validation/formats.go; k8s.io/kube-openapi, pkg/validation/strfmt
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from collections.abc import Callable
from contextlib import suppress

from agentslint.schemas.patterns import matches

_UUID = r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?%s[0-9a-f]{3}-?%s[0-9a-f]{3}-?[0-9a-f]{12}"
_HEX = "[0-9a-f]"
_BYTE = r"(?:0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])"
_SHORT = r"[a-z0-9](?:[-a-z0-9]{0,251}[a-z0-9])?"
_DURATION = re.compile(r"[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|[-+]?0")
_SCALA = re.compile(r"(?<!\d)(\d+)\s*([A-Za-zµ]+)")
_UNITS = ("ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk")
_LONG_UNITS = ("nano", "micro", "milli", "sec", "min", "hour", "day", "week")
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:.\d+)?(?:z|[+-]\d\d:\d\d)", re.A)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010FFFF-]+"
_EMAIL = re.compile(rf'(?:[^<>@]*<)?(?:"[^"]*"|{_ATOM}(?:\.{_ATOM})*)@(?:{_ATOM}(?:\.{_ATOM})*|\[[^\[\]]*\])>?')
_HOSTNAME = (
    r"^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)"
    r"|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$"
)
_REQUEST = re.compile(r"(?:/|[A-Za-z][A-Za-z0-9+.-]*:)(?:[^\s%]|%[0-9a-fA-F]{2})*")


def _full(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.A)
    return lambda text: compiled.fullmatch(text) is not None


def _parses(parse: Callable[[str], object], *needed: str) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        with suppress(ValueError):
            parse(text)
            return all(part in text for part in needed)
        return False

    return check


def _is_date(text: str) -> bool:
    with suppress(ValueError):
        return re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.A) is not None and bool(datetime.date.fromisoformat(text))
    return False


def _is_time(text: str) -> bool:
    day, separator, rest = text.lower().partition("t")
    found = _TIME.fullmatch(rest.partition("t")[0])
    return bool(separator) and _is_date(day) and found is not None and found[1] <= "23" and found[2] <= "59" and found[3] <= "59"


def _is_duration(text: str) -> bool:
    """`time.ParseDuration`, else the durations of Scala ("2 weeks") anywhere in the text."""
    if _DURATION.fullmatch(text):
        return True
    return any(unit.lower() in _UNITS or unit.lower().startswith(_LONG_UNITS) for _, unit in _SCALA.findall(text))


def _is_hostname(text: str) -> bool:
    return len(text.encode()) <= 255 and all(len(each.encode()) <= 63 for each in text.split(".")) and matches(_HOSTNAME, text)


def _sloppy(parse: Callable[[str], object]) -> Callable[[str], object]:
    """Addresses may have leading zeros, as Go took them before 1.17."""
    return lambda text: parse(re.sub(r"(?<![\w.:/])0+(?=\d)|(?<=\.)0+(?=\d)", "", text))


def _is_cidr(text: str) -> bool:
    with suppress(ValueError):
        _sloppy(lambda each: ipaddress.ip_network(each, strict=False))(text)
        return re.fullmatch(r"[^/]+/\d+", text, re.A) is not None
    return False


def _is_isbn(text: str, length: int) -> bool:
    digits = re.sub(r"[\s-]+", "", text)
    if length == 10:
        if not re.fullmatch(r"\d{9}[\dX]", digits, re.A):
            return False
        return sum((10 - at) * (10 if each == "X" else int(each)) for at, each in enumerate(digits)) % 11 == 0
    return (
        re.fullmatch(r"\d{13}", digits, re.A) is not None
        and sum(int(each) * (3 if at % 2 else 1) for at, each in enumerate(digits)) % 10 == 0
    )


def _is_card(text: str) -> bool:
    digits = re.sub(r"[^0-9]+", "", text)
    kinds = r"4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11}"
    if not re.fullmatch(kinds, digits, re.A):
        return False
    doubled = (int(each) * (1 + at % 2) for at, each in enumerate(reversed(digits)))
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def _is_base64(text: str) -> bool:
    """Bytes of a built-in kind, which Go decodes: it skips the ends of lines.

    Nobody knows the bytes of a text that another one replaces before it is applied: one that SOPS has encrypted, a placeholder.
    """
    plain = text.replace("\r", "").replace("\n", "")
    return not plain or plain.startswith("ENC[") or any(each in plain for each in "<{$") or CHECKS["byte"](plain)


GO_BYTES = "base64 (RFC 4648)"
"""The name of that format here: no schema of an API server has it."""
CHECKS: dict[str, Callable[[str], bool]] = {
    "bsonobjectid": _full(r"[0-9a-fA-F]{24}"),
    "uri": lambda text: _REQUEST.fullmatch(text) is not None,
    "email": lambda text: _EMAIL.fullmatch(text.strip()) is not None,
    "hostname": _is_hostname,
    "ipv4": _parses(_sloppy(ipaddress.ip_address), "."),
    "ipv6": lambda text: "%" not in text and _parses(ipaddress.ip_address, ":")(text),
    "cidr": _is_cidr,
    "mac": _full(
        r"(?:[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2})(?:(?:\1[0-9a-fA-F]{2}){2}|(?:\1[0-9a-fA-F]{2}){14})?|(?:[0-9a-fA-F]{4}\.){2,9}[0-9a-fA-F]{4}"
    ),
    "uuid": _full(_UUID % (_HEX, _HEX)),
    "uuid3": _full(_UUID % ("3", _HEX)),
    "uuid4": _full(_UUID % ("4", "[89ab]")),
    "uuid5": _full(_UUID % ("5", "[89ab]")),
    "isbn": lambda text: _is_isbn(text, 10) or _is_isbn(text, 13),
    "isbn10": lambda text: _is_isbn(text, 10),
    "isbn13": lambda text: _is_isbn(text, 13),
    "creditcard": _is_card,
    "ssn": _full(r"\d{3}[- ]\d{2}[- ]\d{4}"),
    "hexcolor": _full(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})"),
    "rgbcolor": _full(rf"rgb\(\s*{_BYTE}\s*,\s*{_BYTE}\s*,\s*{_BYTE}\s*\)"),
    "byte": _full(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})"),
    GO_BYTES: _is_base64,
    "date": _is_date,
    "duration": _is_duration,
    "datetime": _is_time,
    "k8sshortname": lambda text: len(text) <= 63 and _full(_SHORT)(text),
    "k8slongname": lambda text: len(text) <= 253 and _full(rf"{_SHORT}(?:\.{_SHORT})*")(text),
}
"""By the name of the format without dashes."""


def has_format(text: str, name: str) -> bool:
    """Tell whether a text has a format; one that the API server does not know any text has."""
    check = CHECKS.get(name.replace("-", ""))
    return check is None or check(text)
