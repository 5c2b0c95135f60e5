"""What must be so in `cipher`, besides its shape."""

from adapters.auth.bodies import PREFIX
from adapters.auth.demands import gives_tokens, late_slots, named_secret
from adapters.crypto.key import bare, key_bytes
from adapters.crypto.padding import BLOCK
from adapters.errors import Misconfigured
from adapters.fault import Fault, Faults, unfilled
from adapters.secrets import VARIABLE
from adapters.spec import AdapterSpec, CipherSpec, DriverName, RequestSpec
from adapters.texts import BODY


def of_cipher(cipher: CipherSpec, spec: AdapterSpec) -> Faults:
    """Places are those inside `cipher`."""
    if spec.driver is not DriverName.REST:
        yield Fault((), f"driver {spec.driver} knows no cipher: only rest does (只有 rest 支持)")
    yield from named_secret(("key",), bare(cipher.key))
    yield from _iv(cipher)
    if cipher.encrypt is None and not cipher.wrap and cipher.decrypt is None:
        yield Fault((), "'encrypt', 'wrap' or 'decrypt' says what is enciphered (缺少加解密对象)")
    if cipher.encrypt is not None and cipher.wrap:
        yield Fault(("encrypt",), "'encrypt' or 'wrap', not both (两项只能选一)")
    if cipher.text == "raw" and (cipher.wrap or {cipher.encrypt, cipher.decrypt} - {None, BODY}):
        yield Fault(("text",), "a field holds text: base64, base64url, hex or HEX (字段须为文本)")
    if cipher.wrap and not any("{cipher}" in template for template in cipher.wrap.values()):
        yield Fault(("wrap",), "needs {cipher}, where the ciphertext goes (缺少密文位置)")
    slots = ("cipher", *(("token",) if gives_tokens(spec.auth) else ()), *late_slots(spec.auth))
    yield from unfilled(("wrap",), cipher.wrap, slots)
    requests = [request for one in spec.datasets.values() for request in one.requests]
    whole = bool(cipher.wrap) or cipher.encrypt == BODY
    if (cipher.encrypt or cipher.wrap) and not any(_has_body(request, whole=whole) for request in requests):
        yield Fault((), "no request has a body that could be enciphered: give one 'json' (没有可加密的请求体)")


def _has_body(request: RequestSpec, *, whole: bool) -> bool:
    """One of fields, where one of them is enciphered; enciphered whole, any will do."""
    return bool(request.body or request.text or (whole and request.form))


def _iv(cipher: CipherSpec) -> Faults:
    if cipher.kind.endswith("ecb"):
        if cipher.iv is not None:
            yield Fault(("iv",), f"{cipher.kind} has no initial vector (ECB 没有初始向量)")
        return
    if cipher.iv is None:
        words = (
            "'iv' is missing: 16 bytes, such as ${NAME} or hex:00…, or 'prefix' where it stands in front (缺少初始向量)"
        )
        yield Fault((), words)
    elif cipher.iv != PREFIX and not (bare(cipher.iv).startswith("file:") or VARIABLE.search(cipher.iv)):
        try:
            size = len(key_bytes(cipher.iv, str))
        except Misconfigured as error:
            yield Fault(("iv",), error.words)
            return
        if size != BLOCK:
            yield Fault(("iv",), f"an initial vector of {BLOCK} bytes is needed, not one of {size} (长度不符)")
