"""What an adapter file must say about the place of its dropped files: faults as (place, words)."""

import re
from collections.abc import Iterator

from adapters.decode.text import known_charset
from adapters.outbound.connect import literal_refusal
from adapters.secrets import VARIABLE
from adapters.spec import AdapterSpec, SftpSpec

Told = Iterator[tuple[tuple[str | int, ...], str]]
FINGERPRINT = re.compile("SHA256:[A-Za-z0-9+/]{43}=?")


def of_source(spec: AdapterSpec) -> Told:
    if (spec.folder is None) == (spec.sftp is None):
        words = "driver xml_drop needs either 'folder' or 'sftp' (须在 folder 与 sftp 中给出其一)"
        yield (("folder",) if spec.folder else ()), words
    if spec.sftp is None:
        return
    if spec.proxy is not None:
        yield ("proxy",), "SFTP goes through no proxy (SFTP 不经代理)"
    for place, words in _sftp(spec.sftp):
        yield ("sftp", *place), words


def _sftp(sftp: SftpSpec) -> Told:
    if not VARIABLE.search(sftp.host):
        if not re.fullmatch(r"[A-Za-z0-9._:-]+", sftp.host):
            yield ("host",), "a host's name is needed here, such as files.a.gov.cn (应为主机名)"
        elif words := literal_refusal(sftp.host):
            yield ("host",), f"{sftp.host} may not be called: {words}"
    if not sftp.host_key and sftp.known_hosts is None:
        words = "'sftp' needs 'host_key' or 'known_hosts': a host that isn't checked may be anybody (缺少主机密钥)"
        yield (), words
    for number, one in enumerate(sftp.host_key):
        if not _named(one) and not FINGERPRINT.fullmatch(one):
            words = "a fingerprint as ssh-keygen -lf writes it is needed here: SHA256:… (应为 SHA256 指纹)"
            yield ("host_key", number), words
    if sftp.known_hosts is not None and not _named(sftp.known_hosts) and len(sftp.known_hosts.split()) < 3:
        yield ("known_hosts",), "file:PATH is needed here, or the lines of such a file (应为 file:路径)"
    if sftp.password is None and sftp.key is None:
        yield (), "'sftp' needs 'password' or 'key' (缺少密码或私钥)"
    for key in ("password", "key", "passphrase"):
        declared = getattr(sftp, key)
        if declared is not None and not _named(declared):
            yield (key,), "a secret is only named here: ${NAME} or file:PATH (密钥只写名字)"
    if sftp.passphrase is not None and sftp.key is None:
        yield ("passphrase",), "a passphrase is for a 'key' (缺少私钥)"
    if not known_charset(sftp.names):
        yield ("names",), f"{sftp.names!r} is no known charset (未知字符集)"


def _named(text: str) -> bool:
    return text.startswith("file:") or bool(VARIABLE.search(text))
