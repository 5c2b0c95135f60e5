"""One SSH connection that is judged and believed as the adapter file says, and what its failures mean.

Nothing of the user we run as takes part: no ~/.ssh/config, no agent, no keys or known hosts but those declared. Nothing is
unpacked on the way: a few bytes of compression could be many.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import asyncssh

from adapters.errors import AdapterError, Denied, Misconfigured, Rejected, Unreachable
from adapters.limits import Limits
from adapters.outbound.plain import connected
from adapters.spec.sftp import SftpSpec

Fill = Callable[[str], str]
"""From a text of the adapter file to the same with its variables and files filled in."""
GONE = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)
CUT = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)


class _Client(asyncssh.SSHClient):
    """Believes a host whose key has a declared fingerprint; remembers what it was shown, for people."""

    def __init__(self, fingerprints: tuple[str, ...]) -> None:
        self._fingerprints = {one.rstrip("=") for one in fingerprints}
        self.shown = ""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        del host, addr, port
        self.shown = key.get_fingerprint("sha256").rstrip("=")
        return self.shown in self._fingerprints


async def connect(
    spec: SftpSpec, limits: Limits, plain: Fill, reveal: Fill
) -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
    """A connection and the SFTP session on it. `plain` fills in what may be told, `reveal` what may not.

    Raises Misconfigured (an address that may not be called, a key that isn't the declared one), Unreachable, and what
    `translated` translates.
    """
    host, client = plain(spec.host), _Client(tuple(map(plain, spec.host_key)))
    # None would believe anybody, and nothing at all would read ~/.ssh
    known = _known_hosts(plain(spec.known_hosts)) if spec.known_hosts else ([], [], [])
    keys = [_key(spec.key, spec.passphrase, reveal)] if spec.key else None
    user, password = reveal(spec.user), reveal(spec.password) if spec.password else None
    sock = await connected(host, spec.port, limits.connect)
    try:
        connection = await asyncssh.connect(
            host,
            spec.port,
            sock=sock,
            config=None,
            client_factory=lambda: client,
            known_hosts=known,
            username=user,
            password=password,
            client_keys=keys,
            agent_path=None,
            gss_host=None,
            compression_algs=None,
            login_timeout=limits.read,
            keepalive_interval=limits.read / 2,
        )
    except asyncssh.HostKeyNotVerifiable as error:
        shown = f": it shows {client.shown}" if client.shown else f": {error.reason}"
        raise Misconfigured(f"the host's key isn't the declared one{shown} (主机密钥与声明不符)") from None
    watch = asyncio.get_running_loop().call_later(limits.read, connection.abort)
    try:
        session = await connection.start_sftp_client(path_encoding=spec.names, path_errors="surrogateescape")
    except BaseException:
        connection.abort()
        raise
    finally:
        watch.cancel()
    return connection, session


def _key(template: str, passphrase: str | None, reveal: Fill) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(reveal(template), reveal(passphrase) if passphrase else None)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise Misconfigured(f"sftp.key can't be used: {error} (私钥无法使用)") from None


def _known_hosts(text: str) -> object:
    try:
        return asyncssh.import_known_hosts(text)
    except ValueError as error:
        raise Misconfigured(f"sftp.known_hosts can't be read: {error} (known_hosts 有误)") from None


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Foreign errors end here."""
    try:
        yield
    except AdapterError as error:
        error.where = error.where or where
        raise
    except asyncssh.PermissionDenied as error:
        raise Denied(f"the user isn't let in: {error.reason} (登录被拒绝)", where=where) from None
    except CUT as error:
        raise Unreachable(f"{error.reason} (连接中断)", where=where) from None
    except GONE as error:
        raise Misconfigured(f"it isn't there: {error.reason} (文件不存在)", where=where) from None
    except asyncssh.SFTPPermissionDenied as error:
        raise Misconfigured(f"we may not: {error.reason} (没有权限)", where=where) from None
    except asyncssh.SFTPError as error:
        raise Rejected(f"{error.reason}", code=str(error.code), where=where) from None
    except asyncssh.Error as error:
        raise Unreachable(f"{type(error).__name__}: {error.reason} (连接中断)", where=where) from None
    except TimeoutError:
        raise Unreachable("no answer in time (超时)", where=where) from None
    except OSError as error:
        raise Unreachable(f"{error} (连接中断)", where=where) from None
