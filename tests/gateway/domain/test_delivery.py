import pytest

from gateway.domain.delivery import MOVES, OPEN, STATES, moved

EVENTS = sorted({event for _, event in MOVES})


def test_the_table_speaks_only_of_its_states_and_reaches_all_of_them():
    assert {state for state, _ in MOVES} <= set(STATES)
    reached, before = {"pending"}, set()
    while reached != before:
        before = set(reached)
        reached |= {after for (state, _), after in MOVES.items() if state in reached}
    assert reached == set(STATES)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_what_is_not_in_the_table_changes_nothing(state, event):
    assert moved(state, event, ours=True) == MOVES.get((state, event))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", sorted({*EVENTS} - {"deliver"}))
def test_who_lost_the_lease_can_only_tell_of_an_acknowledgement(state, event):
    assert moved(state, event, ours=False) is None
    assert moved(state, "deliver", ours=False) == (None if state == "delivered" else "delivered")


def test_nothing_takes_back_what_was_delivered():
    assert not [event for state, event in MOVES if state == "delivered"]


def test_every_leased_row_can_come_to_an_end_and_only_by_leasing_is_one_tried():
    assert {MOVES["leased", event] for event in ("deliver", "refuse", "give_up")} == {"delivered", "dead"}
    assert [state for (state, _), after in MOVES.items() if after == "leased"] == ["pending", "leased"]
    assert set(OPEN) == {"pending", "leased"}
