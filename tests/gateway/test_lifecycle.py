import pytest

from gateway.errors import WrongStage
from gateway.lifecycle import MOVES, STAGES, TAKES_DATA, move_by_hand, require_taking_data


def test_every_stage_of_the_table_is_known_and_can_be_reached():
    assert {stage for stage, _ in MOVES} == set(STAGES)
    assert set(MOVES.values()) == set(STAGES)


def test_a_move_that_isnt_in_the_table_is_refused_with_both_names():
    with pytest.raises(WrongStage, match=r"draft.*suspended"):
        move_by_hand("js", "draft", "suspended")


@pytest.mark.parametrize("stage", STAGES)
def test_an_operator_can_bring_any_adapter_live_with_a_reason(stage):
    assert move_by_hand("js", stage, "live") == "live"


@pytest.mark.parametrize("stage", ["draft", "shadow", "live", "suspended"])
def test_only_a_contract_run_makes_an_adapter_tested(stage):
    with pytest.raises(WrongStage, match="contract run"):
        move_by_hand("js", stage, "tested")


@pytest.mark.parametrize("stage", STAGES)
def test_asking_for_the_stage_it_is_in_changes_nothing(stage):
    assert move_by_hand("js", stage, stage) == stage


def test_an_unknown_stage_is_told_with_the_known_ones():
    with pytest.raises(WrongStage, match=r"alive.*live"):
        move_by_hand("js", "draft", "alive")


@pytest.mark.parametrize("stage", STAGES)
def test_what_takes_no_data_is_refused_naming_the_command(stage):
    if stage in TAKES_DATA:
        require_taking_data("us", stage)
        return
    with pytest.raises(WrongStage, match=r"liandan adapters stage us live --reason '…' --pack docs/us") as caught:
        require_taking_data("us", stage, ("docs/us",))
    assert "liandan adapters stage us live" in caught.value.zh
