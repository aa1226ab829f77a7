"""Records are equal, and hash alike, whatever their fields hold that do not count."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from agentslint.record import Record


class Named(Record, frozen=True):
    not_compared: ClassVar[frozenset[str]] = frozenset(("place",))

    name: str
    number: int = 0
    place: object = None


class Other(Named, frozen=True):
    pass


@given(some.text(max_size=2), some.integers(0, 2), some.text(max_size=2), some.integers(0, 2))
def test_the_fields_that_count_decide(name: str, number: int, other: str, another: int) -> None:
    one, two = Named(name, number, ["here"]), Named(other, another, ["there"])
    assert (one == two) is ((name, number) == (other, another))
    assert one != two or hash(one) == hash(two)
    assert hash(replace(one, place=None)) == hash(one)


def test_another_class_is_another_record() -> None:
    assert Named("a") != Other("a")
    assert Named("a") != ("a", 0)


def test_a_place_is_not_shown() -> None:
    assert repr(Named("a", place="secret")) == "Named(name='a', number=0)"
