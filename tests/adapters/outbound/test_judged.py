"""A8: whatever a host is spelt like, its address decides; and nothing listens where nobody may call."""

import pytest

from adapters.outbound.connect import literal_refusal
from adapters.outbound.judged import refusal

METADATA = [
    "169.254.169.254", "169.254.170.2", "169.254.0.1", "fe80::1", "fe80::1%lo", "febf::1", "fd00:ec2::254", "fd20:ce::254",
    "100.100.100.200", "192.0.0.192", "168.63.129.16", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::169.254.169.254",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1", "2001:0:a9fe:a9fe::1", "::ffff:100.100.100.200",
]  # fmt: skip
NOBODY = ["224.0.0.1", "239.1.2.3", "255.255.255.255", "240.0.0.1", "ff02::1"]
OURSELVES = [
    "127.0.0.1", "127.1.2.3", "127.255.255.255", "0.0.0.0", "0.1.2.3", "::1", "::", "::ffff:127.0.0.1", "::ffff:0.0.0.0",
    "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
]  # fmt: skip
PROVINCES = [
    "10.0.0.8", "10.255.255.255", "172.16.0.1", "172.31.9.9", "192.168.1.10", "100.64.0.1", "59.195.1.1", "198.18.0.1",
    "fd12:3456::1", "fc00::9", "2408:4000::1", "::ffff:10.1.2.3", "64:ff9b::a01:203",
]  # fmt: skip
SPELLINGS = [
    "0x7f000001", "2130706433", "127.1", "127.0.1", "0177.0.0.1", "0x7f.1", "0x7f.0.0.1", "017700000001", "0", "0x0",
    "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "169.254.43518", "::ffff:127.0.0.1", "0:0:0:0:0:ffff:7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", METADATA + NOBODY)
@pytest.mark.parametrize("itself", [False, True])
def test_nobody_calls_metadata_or_many(address, itself):
    assert refusal(address, itself=itself)


@pytest.mark.parametrize("address", OURSELVES)
def test_our_own_machine_is_called_by_who_says_so(address):
    assert "this machine itself" in refusal(address)
    assert not refusal(address, itself=True)


@pytest.mark.parametrize("address", PROVINCES)
def test_a_province_may_sit_on_a_private_network(address):
    assert not refusal(address)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_odd_spelling_is_judged_by_what_it_means(spelling):
    assert literal_refusal(spelling)


@pytest.mark.parametrize("host", ["a.test", "10.1", "0x0a000001", "127.0.0.1", "localhost", "fd12::1"])
def test_what_a_proxy_may_be_asked_for(host):
    assert not literal_refusal(host)
