import pytest

from gateway.domain.delivery import MOVES, OPEN, STATES, move
from gateway.errors import WrongDeliveryState

EVENTS = sorted({event for _, event in MOVES})


def test_the_table_speaks_only_of_its_states_and_reaches_all_of_them():
    assert {state for state, _ in MOVES} | set(MOVES.values()) == set(STATES)
    reached, before = {"pending"}, set()
    while reached != before:
        before = set(reached)
        reached |= {after for (state, _), after in MOVES.items() if state in reached}
    assert reached == set(STATES)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_what_is_not_in_the_table_is_an_error_with_both_names(state, event):
    if (state, event) in MOVES:
        assert move(state, event) == MOVES[state, event]
    else:
        with pytest.raises(WrongDeliveryState, match=f"{state}.*{event}") as refused:
            move(state, event)
        assert state in refused.value.zh


def test_nothing_takes_back_what_was_delivered_and_nothing_revives_what_was_dropped():
    assert {after for (state, _), after in MOVES.items() if state == "delivered"} == {"delivered"}
    assert not [event for state, event in MOVES if state == "dropped"]


def test_every_leased_row_can_come_to_an_end_and_only_by_leasing_is_one_tried():
    assert {MOVES["leased", event] for event in ("deliver", "refuse", "give_up")} == {"delivered", "dead"}
    assert [state for (state, _), after in MOVES.items() if after == "leased"] == ["pending"]
    assert set(OPEN) == {"pending", "leased"}
