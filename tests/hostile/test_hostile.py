"""Trees of the catalogue, each in one manner: none does harm. `make hostile` tries all of them in every manner."""

from __future__ import annotations

import pytest

from tests.hostile.attack import Attack, Manner
from tests.hostile.catalogue import SUBJECTS, short, tries
from tests.hostile.judge import attempt


@pytest.mark.sample(40)
@pytest.mark.parametrize(("attack", "manner"), [pytest.param(*each, id=f"{each[0].subject}-{each[0].name}") for each in short()])
def test_no_harm_is_done(attack: Attack, manner: Manner) -> None:
    done = attempt(attack, manner)

    assert done.harms == (), attack.harm


def test_every_attack_says_what_it_is_out_for() -> None:
    assert [attack.name for attack, _ in tries() if not attack.harm] == []


def test_every_file_of_attacks_has_some() -> None:
    found = {attack.subject for attack, _ in tries()}

    assert found == {subject.__name__.rpartition(".")[2] for subject in SUBJECTS}
