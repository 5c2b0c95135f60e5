import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.match import match_legs, match_wastes


def waste(seq, code=None, name=None, quantity=None):
    told = {"seq": seq, "code": code, "name": name, "quantity_t": quantity}
    return {key: value for key, value in told.items() if value is not None}


OIL, MUD, ACID = "900-249-08", "336-064-17", "900-300-34"


@pytest.mark.parametrize(
    ("left", "right", "pairs"),
    [
        pytest.param(
            [waste(1, OIL, "废油"), waste(2, MUD, "污泥")],
            [waste(1, MUD, "污泥"), waste(2, OIL, "废油")],
            [(0, 1), (1, 0)],
            id="code and name before seq",
        ),
        pytest.param(
            [waste(1, OIL, "废油"), waste(2, MUD, "污泥")],
            [waste(1, MUD, "含镍污泥"), waste(2, OIL)],
            [(0, 1), (1, 0)],
            id="the code alone where names are spelled otherwise or missing",
        ),
        pytest.param(
            [waste(1, None, "废油"), waste(2, None, "污泥")],
            [waste(1, MUD, "污泥"), waste(2, OIL, "废油")],
            [(0, 1), (1, 0)],
            id="the name alone where a code is missing",
        ),
        pytest.param(
            [waste(1, OIL, "废油", "1"), waste(2, OIL, "废油", "2")],
            [waste(2, OIL, "废油", "1"), waste(1, OIL, "废油", "2")],
            [(0, 1), (1, 0)],
            id="alike in code and name: by seq",
        ),
        pytest.param(
            [waste(1, OIL, "废油", "1"), waste(2, OIL, "废油", "2.50")],
            [waste(3, OIL, "废油", "2.5"), waste(4, OIL, "废油", "1")],
            [(0, 1), (1, 0)],
            id="alike, without a common seq: by quantity",
        ),
        pytest.param(
            [waste(1, OIL, "废油"), waste(2, OIL, "废油")],
            [waste(8, OIL, "废油"), waste(9, OIL, "废油")],
            [(0, 0), (1, 1)],
            id="alike in everything: in order",
        ),
        pytest.param(
            [waste(1, OIL, "废油"), waste(2, MUD, "污泥")],
            [waste(2, ACID, "废酸"), waste(1, None, "机油")],
            [(0, 1), (1, 0)],
            id="nothing but seq in common",
        ),
        pytest.param(
            [waste(1, OIL, "废油", "1.25")], [waste(7, None, "机油", "1.250")], [(0, 0)], id="nothing but the quantity"
        ),
        pytest.param([waste(1, OIL, "废油", "1")], [waste(7, MUD, "污泥", "2")], [], id="nothing in common"),
        pytest.param([waste(1, OIL)], [], [], id="nothing to match"),
    ],
)
def test_wastes_are_matched_by_the_surest_likeness_they_have(left, right, pairs):
    assert match_wastes(left, right) == pairs


def test_a_quantity_known_only_from_the_receipt_serves_too():
    told = {"seq": 7, "name": "机油", "receipt": {"quantity_t": "1.25"}}
    assert match_wastes([waste(1, OIL, "废油", "1.25")], [told]) == [(0, 0)]


def test_legs_are_matched_by_seq_only():
    left = [{"seq": 1, "vehicle": {"plate": "苏A12345"}}, {"seq": 2}]
    assert match_legs(left, [{"seq": 2, "vehicle": {"plate": "苏A12345"}}, {"seq": 3}]) == [(1, 0)]


wastes = st.lists(
    st.builds(
        waste,
        st.integers(1, 4),
        st.sampled_from([OIL, MUD, ACID]),
        st.sampled_from([None, "废油", "污泥"]),
        st.sampled_from([None, "1", "2"]),
    ),
    max_size=5,
)


@given(wastes)
def test_a_list_matches_itself_place_by_place(items):
    assert match_wastes(items, items) == [(place, place) for place in range(len(items))]


@given(wastes, wastes)
def test_no_waste_is_matched_twice(left, right):
    pairs = match_wastes(left, right)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
