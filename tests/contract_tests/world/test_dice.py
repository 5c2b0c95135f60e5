from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.world.dice import Dice, mix, share

WHOLE = st.integers(0, 2**40)


def test_mix_is_the_same_on_every_machine():
    assert mix(1, 2, 3) == 13521673339075713124
    assert len({mix(1, 2, 3), mix(1, 3, 2), mix(2, 2, 3), mix(1, 2)}) == 4


@settings(max_examples=50)
@given(WHOLE, WHOLE)
def test_shares_lie_between_nought_and_one(seed, index):
    assert 0 <= share(seed, index) < 1


@settings(max_examples=50)
@given(WHOLE, st.integers(0, 50), st.integers(0, 50))
def test_whole_numbers_lie_between_their_ends(seed, low, span):
    assert low <= Dice(seed).whole(low, low + span) <= low + span


def test_some_gives_different_options():
    assert sorted(Dice(1).some((1, 2, 3), 5)) == [1, 2, 3]
    assert len(set(Dice(2).some(range(10), 4))) == 4
