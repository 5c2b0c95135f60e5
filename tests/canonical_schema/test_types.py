"""Every scalar type that a field of the standard has: what is promised of any text, and of each value."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canonical_schema.errors import InvalidValue
from canonical_schema.export.scalars import leaves
from canonical_schema.kinds.registry import KINDS
from canonical_schema.record import record_tree
from canonical_schema.rules import REGISTRY
from contract_tests.world.records import values

TYPES = {
    f"{one.name}:{'|'.join(one.words)}".rstrip(":"): one for kind in KINDS for *_, one in leaves(record_tree(kind))
}
OBJECTS = {"moment", "sections"}
NEAR = st.text(st.sampled_from("0123456789０AHWRDTCISGLX.-+eE/ 　－:Z苏京挂第号是否毒性\u200b\u0301\r\n"), max_size=20)


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=60)
@given(written=st.text(max_size=30) | NEAR)
def test_any_text_is_a_value_or_refused_by_the_types_own_error(name, written):
    one = TYPES[name]
    refused = None
    try:
        value = one.parse(written)
    except InvalidValue as error:
        refused = error
    if refused is not None:
        assert refused.zh != refused.en
    elif one.name not in OBJECTS:
        assert one.parse(str(value)) == value


@pytest.mark.parametrize("name", [name for name in TYPES if name not in OBJECTS])
def test_a_value_reads_as_itself(name):
    one = TYPES[name]

    @settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
    @given(values(one))
    def holds(value):
        assert one.parse(str(value)) == value

    holds()


def test_the_finding_of_a_refused_value_is_a_rule_that_shows_one():
    for one in TYPES.values():
        assert REGISTRY[one.finding].written is not None
