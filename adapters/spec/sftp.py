"""A drop folder behind SFTP."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from adapters.spec.strict import Strict
from adapters.texts import Text


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class SftpSpec(Strict):
    """`host` may be called, and only it. The host shows a key that has one of the fingerprints `host_key` (as
    `ssh-keygen -lf` writes them: SHA256:…) or stands in `known_hosts` (the text of such a file): one of the two is needed.
    We show `password` or `key` (a private key in PEM or OpenSSH's form, perhaps with a `passphrase`). `names` is the
    charset of file names there."""

    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    folder: Text
    user: Text
    password: Text | None = None
    key: Text | None = None
    passphrase: Text | None = None
    host_key: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()
    known_hosts: Text | None = None
    names: Text = "utf-8"
