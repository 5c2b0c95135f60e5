import re

import pytest

from gateway.errors import UsedWrongly
from gateway.keys import DOCUMENTS, READ, ROLES, check_holder, key_hash, new_key


def test_keys_are_long_random_and_url_safe():
    keys = {new_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(re.fullmatch(r"ldn_[A-Za-z0-9_-]{43}", key) for key in keys)


def test_the_hash_is_sha256():
    assert key_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_only_national_operator_and_auditor_read_and_only_the_last_two_see_documents():
    assert {role for role, may in ROLES.items() if READ in may} == {"national", "operator", "auditor"}
    assert {role for role, may in ROLES.items() if DOCUMENTS in may} == {"operator", "auditor"}


@pytest.mark.parametrize(
    ("name", "role", "division", "named"),
    [
        ("x", "king", None, "king"),
        ("", "national", None, "name"),
        ("a\nb", "national", None, "name"),
        ("x", "province", None, "--division"),
        ("x", "province", "3", "digits"),
    ],
)
def test_a_holder_that_cant_be_is_refused(name, role, division, named):
    with pytest.raises(UsedWrongly, match=named):
        check_holder(name, role, division)


def test_good_holders_pass():
    check_holder("江苏省厅", "province", "32")
    check_holder("ministry", "national", None)
