"""What a repository's own configuration would have git run, and what holds instead.

Of a program that `.git/config` names none is run: neither a filter, a hook, nor one that fetches with. What the user or the machine
configured stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

_TRUSTED = ("system", "global", "command")
_LFS = re.compile(r"lfs\.(customtransfer\..*|extension\..*|(.*\.)?standalonetransferagent)", re.I)
"""git keeps the case of what stands between the dots, and git lfs reads it in any."""
_SINGLE = {"core.sshcommand": "ssh", "core.askpass": "", "core.alternaterefscommand": "true"}
"""What stands in where the user has none; `true` names no further references."""
_COOKIES = ".savecookies"
"""With it a fetch writes the file that `http.cookieFile` names."""
_FIRST_WINS = (".uploadpack", ".vcs", "core.gitproxy")
"""Programs of which git takes the first that is named, which is the repository's own, whatever comes after it."""
ASKED = (
    r"^(filter\..*|hook\..*|lfs\..*|credential\.(.*\.)?helper|core\.(sshcommand|askpass|gitproxy|alternaterefscommand)"
    r"|core\.(sparsecheckout|repositoryformatversion)|http\.(.*\.)?savecookies|remote\..*\.(uploadpack|vcs|promisor)|extensions\.partialclone)$"
)
_COMMANDS = ("clean", "smudge", "process")


class Settings(Struct, frozen=True, dict=True):
    """Scope, key and value of each setting that matters here, in git's order; a value is None where only the key stands."""

    rows: tuple[tuple[str, str, str | None], ...]
    network: bool

    @classmethod
    def read(cls, output: bytes, network: bool) -> Settings:
        """Read what `git config -z --show-scope --get-regexp` prints."""
        parts = output.decode("utf-8", "surrogateescape").split("\0")
        pairs = ((scope, *said.partition("\n")) for scope, said in zip(parts[::2], parts[1::2], strict=False))
        return cls(tuple((scope, key, value if mark else None) for scope, key, mark, value in pairs), network)

    @property
    def has_own(self) -> bool:
        """Whether git read any of the repository: of one that it refuses, it reads none and does not say so."""
        return any(scope not in _TRUSTED for scope, _, _ in self.rows)

    @property
    def is_sparse(self) -> bool:
        """Whether a sparse checkout leaves files out."""
        said = [value for _, key, value in self.rows if key == "core.sparsecheckout"]
        return bool(said) and (said[-1] is None or said[-1].lower() in ("true", "yes", "on", "1"))

    @property
    def is_partial(self) -> bool:
        """Whether git fetches objects when they are needed."""
        return any(key == "extensions.partialclone" or key.endswith(".promisor") for _, key, _ in self.rows)

    @property
    def may_fetch(self) -> bool:
        """Whether git may fetch: not with a program that the repository names and that nothing can override."""
        return self.network and not any(key.endswith(_FIRST_WINS) for key in self._own)

    @property
    def asks_programs(self) -> bool:
        """Whether the user configured programs for a fetch, or filters: they may need any part of the job's environment."""
        named = ("credential.", "core.askpass", "core.sshcommand", "core.gitproxy")
        return self.filters or any(scope in _TRUSTED and value and key.startswith(named) for scope, key, value in self.rows)

    @property
    def filters(self) -> bool:
        """Whether any filter runs."""
        return any(value for name in self._filters for key in _COMMANDS if (value := self._filter(name, key)))

    @cached_property
    def off(self) -> frozenset[str]:
        """The filters that somebody defined and that do not run here."""
        defined = {name for name in self._filters if any(self._values(f"filter.{name}.{key}", own=True) for key in _COMMANDS)}
        return frozenset(name for name in defined if not any(self._filter(name, key) for key in _COMMANDS))

    @cached_property
    def overrides(self) -> tuple[tuple[str, str], ...]:
        """The settings that hold instead of the repository's own."""
        return (*self._of_filters(), *self._of_programs(), *self._of_maintenance())

    def _of_filters(self) -> Iterator[tuple[str, str]]:
        for name in self._filters:
            if not self._may_filter or any(key.startswith(f"filter.{name}.") for key in self._own):
                yield from ((f"filter.{name}.{key}", self._filter(name, key)) for key in _COMMANDS)
                yield f"filter.{name}.required", self._filter(name, "required") or "false"

    def _of_programs(self) -> Iterator[tuple[str, str]]:
        for key in self._own:
            if key.startswith("hook.") and key.count(".") > 1:
                yield f"{key.rpartition('.')[0]}.enabled", "false"
            elif key.startswith("credential."):
                yield from ((key, value) for value in ("", *self._values(key)))
            elif key.endswith(_COOKIES):
                yield key, (self._values(key) or ["false"])[-1]
            elif key in _SINGLE:
                yield key, (self._values(key) or [_SINGLE[key]])[-1]

    def _of_maintenance(self) -> Iterator[tuple[str, str]]:
        """A fetch may be followed by a clean-up, which starts programs of its own."""
        if self.is_partial:
            yield from (("gc.auto", "0"), ("maintenance.auto", "false"))

    @cached_property
    def _own(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for scope, key, _ in self.rows if scope not in _TRUSTED))

    @cached_property
    def _filters(self) -> tuple[str, ...]:
        keys = (key.rpartition(".")[0] for _, key, _ in self.rows if key.startswith("filter."))
        return tuple(dict.fromkeys(key[7:] for key in keys if key.startswith("filter.")))

    @cached_property
    def _may_filter(self) -> bool:
        """Filters run with the network alone; git lfs would start what the repository's own configuration names."""
        return self.network and not any(_LFS.fullmatch(key) for key in self._own)

    def _filter(self, name: str, key: str) -> str:
        """What holds of a filter: what the user or the machine says."""
        return next(iter(self._values(f"filter.{name}.{key}")[::-1]), "") if self._may_filter else ""

    def _values(self, key: str, *, own: bool = False) -> list[str]:
        """What is said under a key, and not in the repository unless its `own` counts."""
        return [value or "" for scope, each, value in self.rows if each == key and (own or scope in _TRUSTED)]
