from itertools import permutations

from gateway.domain.claim import in_envelope_order, newest_first


def test_a_declared_value_decides_whatever_the_order_of_arrival(claim):
    old = claim("js", {}, "a", newer="2026-03-05T08:30:00+08:00", arrival=9)
    new = claim("js", {}, "b", newer="2026-03-05T08:30:01+08:00", arrival=1)
    assert newest_first([old, new]) == newest_first([new, old]) == [new, old]


def test_equal_declared_values_are_told_apart_by_identity_and_never_by_arrival(claim):
    for first, second in ((1, 2), (2, 1)):
        a = claim("js", {}, "a", newer="7", arrival=first)
        b = claim("js", {}, "b", newer="7", arrival=second)
        assert [c.source_key for c in newest_first([b, a])] == ["a", "b"]


def test_without_a_declared_value_the_later_arrival_is_the_newer_word_behind_all_declared_ones(claim):
    early, late = claim("gd", {}, "a", arrival=1), claim("gd", {}, "b", arrival=2)
    declared = claim("gd", {}, "c", newer="0", arrival=0)
    for order in permutations([early, late, declared]):
        assert newest_first(order) == [declared, late, early]


def test_an_envelope_names_its_claims_by_adapter_dataset_and_key(claim):
    claims = [claim("js", {}, "2"), claim("gd", {}, "9"), claim("js", {}, "1"), claim("js", {}, "3", dataset="archive")]
    for order in permutations(claims):
        assert [c.identity for c in in_envelope_order(order)] == [
            ("gd", "manifests", "9"),
            ("js", "archive", "3"),
            ("js", "manifests", "1"),
            ("js", "manifests", "2"),
        ]
