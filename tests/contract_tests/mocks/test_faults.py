from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.mocks.faults import Fault, Faults

TABLE = (Fault("503", 0.05), Fault("dropped", 0.05), Fault("429", 0.05))


def test_each_fault_strikes_its_share_of_first_attempts():
    struck = [Faults(7, TABLE).at(f"key {number}", 1) for number in range(4000)]
    for name in ("503", "dropped", "429"):
        assert 150 < struck.count(name) < 250


@settings(max_examples=50)
@given(st.integers(), st.text())
def test_no_key_fails_three_times_and_a_run_repeats_itself(seed, key):
    first, again = Faults(seed, TABLE), Faults(seed, TABLE)
    run = [first.strike(key) for _ in range(3)]
    assert run == [again.strike(key) for _ in range(3)]
    assert run[2] is None


def test_an_attempt_after_a_fault_is_the_second():
    faults = Faults(7, (Fault("503", 0.5),))
    struck = [key for key in map(str, range(200)) if faults.strike(key)]
    again = [key for key in struck if faults.strike(key)]
    assert 60 < len(struck) < 140
    assert len(again) < len(struck) / 2
    assert [faults.strike(key) for key in again] == [None] * len(again)


def test_no_table_no_fault():
    assert [Faults(1, ()).strike(str(number)) for number in range(50)] == [None] * 50
