"""What holds for every value type and any text."""

import importlib
import re
from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_schema.errors import InvalidValue
from canonical_schema.values import container_id, manifest_no, moment, number, permit_no, plate, quantity, text, uscc

NAMES = [
    *("manifest_no", "uscc", "waste_code", "category", "hazard", "form", "method", "plate", "division", "permit_no"),
    *("container_id", "number", "quantity", "instant", "text", "verbatim", "coordinate"),
]
# Text near to values: digits and marks in several widths, words of the field, white space.
NEAR = st.text(
    st.sampled_from("0123456789０１２AHWRDTCISGLX.-+eE/ 　－·:Z苏京挂第字号毒性固态\u200b\u0301\r\n(（"), max_size=24
)


@pytest.mark.parametrize("name", [*NAMES, "moment"])
@settings(max_examples=120)
@given(written=st.text(max_size=40) | st.text(st.characters(), max_size=12) | NEAR)
def test_any_text_is_a_value_with_one_spelling_or_refused(name, written):
    module = importlib.import_module(f"canonical_schema.values.{name}")
    assert isinstance(module.describe(written), str)
    assert isinstance(module.describe(written, "en"), str)
    try:
        value = module.parse(written)
    except InvalidValue:
        return
    if name == "moment":
        assert moment.valid(**value)
    else:
        assert module.parse(value) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_a_number_keeps_its_value_and_loses_its_dress(value):
    spelled = number.parse(str(value))
    assert Decimal(spelled) == value
    assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d*[1-9])?", spelled)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=0, max_value=10**9))
def test_tonnes_lose_digits_only_beyond_the_sixth_and_say_so(value):
    spelled, lost = quantity.rounded(value)
    assert quantity.parse(str(value)) == spelled
    assert abs(Decimal(spelled) - value) <= Decimal("0.0000005")
    assert lost == (Decimal(spelled) != value)


@given(st.text(st.sampled_from(uscc.ALPHABET), min_size=8, max_size=8), st.sampled_from(["91", "12", "N2", "Y1", "A1"]))
def test_a_credit_code_with_both_checks_passes_and_one_changed_character_doesnt(body, head):
    first = f"{head}320500{body}{uscc.organisation_check(body)}"
    code = first + uscc.check(first)
    assert uscc.parse(code) == code
    for place in (3, 9, 12, 17):
        other = "1" if code[place] != "1" else "2"
        with pytest.raises(InvalidValue):
            uscc.parse(code[:place] + other + code[place + 1 :])


@given(st.from_regex(manifest_no.PATTERN, fullmatch=True), st.from_regex(plate.PATTERN, fullmatch=True))
def test_what_the_pattern_allows_is_its_own_spelling(no, sign):
    assert manifest_no.parse(no) == no
    assert manifest_no.province(no) == no[4:6]
    assert plate.parse(sign) == sign


@given(st.datetimes(), st.sampled_from(["minute", "second"]))
def test_a_moment_is_read_at_its_precision(when, precision):
    at = when.replace(microsecond=0) if precision == "second" else when.replace(second=0, microsecond=0)
    written = at.isoformat(timespec="minutes" if precision == "minute" else "seconds") + "+08:00"
    assert moment.parse(written) == {"at": at.isoformat() + "+08:00", "precision": precision}
    assert moment.valid(at.isoformat() + "+08:00", precision)


def bare(written):
    """Without any white space, whatever that is in compatible forms."""
    return normalize("NFKC", "".join(normalize("NFKC", written).split()))


@given(st.text(max_size=30))
def test_texts_never_lose_their_middle(written):
    for module in (text, permit_no, container_id):
        try:
            assert bare(module.parse(f"甲{written}乙")) == bare(f"甲{written}乙")
        except InvalidValue:
            assert re.search("[\x00-\x1f\ud800-\udfff\ufffe\uffff]", written)
