"""Results in files that a generator writes: each says so, with the place that tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agentslint.authorship.generated import Generated, LinesOf
from agentslint.model import Result


def about_generated(results: Iterable[Result], lines: LinesOf) -> Iterator[Result]:
    """Add a related place to the results in generated files."""
    generated = Generated(lines)
    for result in results:
        place = generated.place(result.location.path)
        yield result.replace(related=(*result.related, place)) if place else result
