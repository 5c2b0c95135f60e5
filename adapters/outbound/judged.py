"""Which addresses may be called. Judged by the number that is really connected to, never by how a host is spelt.

Private networks are where provinces sit, so they are allowed. Our own machine is only for who writes it plainly, as
`localhost`, 127.x or ::1. What answers on link-local and on the clouds' metadata addresses hands out credentials of the
machine we run on: nobody may call those. An IPv4 address inside an IPv6 one (RFC 4291 §2.5.5, 3056, 6052, 4380) counts as
what it holds.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

# Where clouds answer questions about the machine outside link-local: AWS, Google, Alibaba, Oracle, Azure
METADATA = frozenset(
    map(ip_address, ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"))
)
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
_THIS_NETWORK = ip_network("0.0.0.0/8")


def refusal(address: str, *, itself: bool = False) -> str:
    """Why this IP address isn't called, in words; "" where it may be. `itself`: our own machine may be called.

    >>> [bool(refusal(one)) for one in ("10.1.2.3", "192.168.0.9", "fd12::1", "127.0.0.1", "::ffff:127.0.0.1", "fe80::1%lo")]
    [False, False, False, True, True, True]
    >>> refusal("127.0.0.1", itself=True), refusal("169.254.169.254", itself=True)[:10]
    ('', 'link-local')
    """
    return next((words for one in _held(ip_address(address)) if (words := _refusal(one, itself=itself))), "")


def _refusal(address: Address, *, itself: bool) -> str:
    if address.is_link_local:
        return "link-local, where cloud metadata is (链路本地地址)"
    if address in METADATA:
        return "a cloud's metadata (云元数据地址)"
    if address.is_loopback or address.is_unspecified or (address.version == 4 and address in _THIS_NETWORK):
        return "" if itself else "this machine itself, which base_url or hosts doesn't name (本机地址)"
    if address.is_multicast or (address.version == 4 and address.is_reserved):
        return "no single machine's (组播或保留地址)"
    return ""


def _held(address: Address) -> Iterator[Address]:
    """The address, and every IPv4 address that it stands for."""
    yield address
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if any(address in network for network in _TRANSLATED) and int(address) > 1:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)


def says_itself(host: str) -> bool:
    """Whether a host, as written in an adapter file, plainly means our own machine.

    >>> [says_itself(one) for one in ("localhost", "127.0.0.1", "::1", "0.0.0.0")]
    [True, True, True, True]
    >>> [says_itself(one) for one in ("127.1", "2130706433", "0x7f000001", "::ffff:127.0.0.1", "10.0.0.1", "a.localhost")]
    [False, False, False, False, False, False]
    """
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
