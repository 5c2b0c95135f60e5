from hypothesis import given
from hypothesis import strategies as st

from canonical_schema.digest import record_id
from gateway.domain.identity import Numbers, founded_record_id, group, link_numbers, survivor

N1, N2 = "20263201000001", "20264401000002"
GD1, GD2 = ("gd", "LD-1"), ("gd", "LD-2")


def test_the_numbers_of_a_content():
    content = {
        "national_no": N1,
        "local_numbers": [
            {"system": "gd", "number": "LD-1"},
            {"system": "js", "number": "7"},
            {"system": "gd", "number": "LD-1"},
        ],
    }
    assert link_numbers("manifest", content) == Numbers(N1, (GD1, ("js", "7")))
    assert link_numbers("manifest", {"wastes": []}) == Numbers()


def test_claims_belong_together_by_national_number():
    assert group([Numbers(N1), Numbers(N2), Numbers(N1, (GD1,))]) == [(0, 2), (1,)]


def test_a_local_number_joins_where_one_claim_links_it_to_a_national_one():
    assert group([Numbers(None, (GD1,)), Numbers(N1, (GD1,))]) == [(0, 1)]


def test_a_local_number_alone_joins_nothing():
    assert group([Numbers(None, (GD1,)), Numbers(None, (GD1,))]) == [(0,), (1,)]
    assert group([Numbers(), Numbers()]) == [(0,), (1,)]


def test_two_national_numbers_are_two_manifests_even_with_a_local_number_in_common():
    assert group([Numbers(N1, (GD1,)), Numbers(N2, (GD1,))]) == [(0,), (1,)]
    assert group([Numbers(N2, (GD1,)), Numbers(N1, (GD1,)), Numbers(None, (GD1,))]) == [(0,), (1, 2)]


def test_the_same_number_of_another_system_is_another_number():
    assert group([Numbers(N1, (("js", "7"),)), Numbers(None, (("tj", "7"),))]) == [(0,), (1,)]


numbers = st.builds(
    Numbers, st.sampled_from([None, None, N1, N2]), st.lists(st.sampled_from([GD1, GD2]), unique=True).map(tuple)
)


@given(st.lists(numbers, max_size=7), st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_claims(claims, random):
    order = list(range(len(claims)))
    random.shuffle(order)
    shuffled = group([claims[position] for position in order])
    assert sorted(tuple(sorted(order[at] for at in positions)) for positions in shuffled) == group(claims)
    for positions in group(claims):
        assert len({claims[position].national for position in positions} - {None}) <= 1
    assert sorted(position for positions in group(claims) for position in positions) == sorted(order)


def test_a_record_is_called_after_its_founding_claims_number_or_key():
    assert founded_record_id("manifest", Numbers(N1), "js", "manifests", "k") == record_id("manifest", N1)
    expected = record_id("manifest", "gd", "manifests", "k")
    assert founded_record_id("manifest", Numbers(None, (GD1,)), "gd", "manifests", "k") == expected


def test_the_numbered_record_survives_else_the_smaller_id():
    assert survivor([("a", None), ("b", N1)]) == "b"
    assert survivor([("b", None), ("a", None)]) == "a"
    assert survivor([("c", N2), ("b", N1), ("a", None)]) == "b"


def test_records_of_other_kinds_name_manifests_and_are_not_known_by_their_numbers():
    assert link_numbers("track", {"national_no": N1, "plate": "苏E12345"}) == Numbers()


def test_a_notice_goes_to_the_whole_claim_of_its_local_number():
    local, linked = Numbers(None, (("js", "7"),)), Numbers(N1, (("js", "7"),))
    ids = [("js", "m", "1"), ("js", "m", "2"), ("js", "m", "3")]
    assert group([local, local], [False, False], ids) == [(0,), (1,)]
    assert group([local, local], [False, True], ids) == [(0, 1)]
    assert group([local, local], [True, True], ids) == [(0,), (1,)]
    assert group([linked, local], [True, True], ids) == [(0, 1)]
    assert group([local, local, local], [False, False, True], ids) == [(0, 2), (1,)]
    assert group([local, local, local], [False, False, True], ids[::-1]) == [(0,), (1, 2)]
