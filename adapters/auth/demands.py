"""What must be so in `auth`, besides its shape."""

from adapters.address import is_base_url
from adapters.auth.expiry import NUMBERS
from adapters.auth.signing.language import sign_faults
from adapters.fault import Fault, Faults, Place, unfilled, zone_fault
from adapters.protocol import moments
from adapters.secrets import VARIABLE
from adapters.spec import AdapterSpec, AuthSpec, CertificateSpec, DriverName, ExpirySpec, OAuth2Spec

ASKED = frozenset({DriverName.REST, DriverName.SOAP, DriverName.LIANDAN})


def of_auth(spec: AdapterSpec) -> Faults:
    """Places are those inside `auth`."""
    auth = spec.auth
    if spec.driver not in ASKED and auth.model_fields_set:
        yield Fault((), f"driver {spec.driver} asks nobody: it needs no 'auth' (该驱动不发请求)")
        return
    if spec.driver is DriverName.LIANDAN:
        for key in ("login", "oauth2"):
            if getattr(auth, key) is not None:
                yield Fault((key,), "another gateway has no login: show its key with 'send' (网关之间无登录请求)")
    slots = (*(("token",) if gives_tokens(auth) else ()), *late_slots(auth))
    yield from unfilled(("send",), auth.send, slots)
    yield from unfilled(("query",), auth.query, slots)
    yield from _signing(auth, spec)
    if auth.basic is not None:
        if ":" in VARIABLE.sub("", auth.basic.user.removeprefix("file:")):
            yield Fault(("basic", "user"), "a user's name has no colon (RFC 7617) (用户名不能含冒号)")
        yield from named_secret(("basic", "password"), auth.basic.password)
    if auth.oauth2 is not None:
        for fault in _oauth2(auth.oauth2, auth):
            yield fault.inside(("oauth2",))
    if auth.certificate is not None:
        for fault in _certificate(auth.certificate, spec):
            yield fault.inside(("certificate",))
    yield from _token(auth, spec.driver)


def is_named(declared: str) -> bool:
    """Whether a secret is only named, not written."""
    return declared.startswith("file:") or bool(VARIABLE.search(declared))


def named_secret(place: Place, declared: str) -> Faults:
    """Secrets are only named in an adapter file: whoever may read it must not read them."""
    if not is_named(declared):
        yield Fault(place, "a secret is named here, not written: ${NAME} or file:PATH (密钥只写名字)")


def gives_tokens(auth: AuthSpec) -> bool:
    return auth.login is not None or auth.oauth2 is not None


def late_slots(auth: AuthSpec) -> tuple[str, ...]:
    """What is filled in when a call is sent."""
    return ("time", "nonce", *auth.sign)


def _signing(auth: AuthSpec, spec: AdapterSpec) -> Faults:
    yield from zone_fault(("time", "zone"), auth.time.zone)
    if auth.time.format not in {"unix", "unix_ms"} and (wrong := moments.format_fault(auth.time.format)):
        yield Fault(("time", "format"), f"{wrong}; or unix, unix_ms")
    if auth.time.number and auth.time.format not in {"unix", "unix_ms"}:
        yield Fault(("time", "number"), "only unix and unix_ms are numbers (只有 unix 和 unix_ms 是数字)")
    for fault in sign_faults(auth.sign, tokens=gives_tokens(auth), ciphers=spec.cipher is not None):
        yield fault.inside(("sign",))
    written = _templates(spec)
    for name in auth.sign:
        if not any(f"{{{name}}}" in template for template in written):
            words = f"nothing sends {{{name}}}: name it in 'send', 'query' or a request (签名未被使用)"
            yield Fault(("sign", name), words)


def _templates(spec: AdapterSpec) -> list[str]:
    """All texts of the file in which a signature may stand."""
    login = (spec.auth.login,) if spec.auth.login is not None else ()
    requests = (*login, *(request for one in spec.datasets.values() for request in one.requests))
    dumped = [request.model_dump_json() for request in requests]
    steps = [step for steps in spec.auth.sign.values() for step in steps]
    wrapped = spec.cipher.wrap.values() if spec.cipher else ()
    return [*wrapped, *spec.auth.send.values(), *spec.auth.query.values(), *dumped, *steps]


def _certificate(certificate: CertificateSpec, spec: AdapterSpec) -> Faults:
    if (certificate.cert is None) == (certificate.pkcs12 is None):
        yield Fault((), "'cert' (PEM) or 'pkcs12', one of the two (两项须给其一)")
    if certificate.pkcs12 is not None:
        if certificate.key is not None:
            yield Fault(("key",), "a PKCS #12 holds its own key (已含私钥)")
        if certificate.pkcs12.startswith("file:"):
            yield Fault(("pkcs12",), "a path: PKCS #12 is no text that 'file:' could read (直接写路径)")
    for key in ("cert", "key", "password"):
        if (declared := getattr(certificate, key)) is not None:
            yield from named_secret((key,), declared)
    if spec.base_url is not None and spec.base_url.startswith("http:"):
        yield Fault((), "a certificate is shown over https only, and base_url begins with http: (须为 https)")


def _oauth2(oauth2: OAuth2Spec, auth: AuthSpec) -> Faults:
    yield from named_secret(("secret",), oauth2.secret)
    if not (oauth2.token_url.startswith(("/", "${", "file:")) or is_base_url(VARIABLE.sub("1", oauth2.token_url))):
        words = "a path below base_url that begins with /, or an address such as https://host/token (应为路径或网址)"
        yield Fault(("token_url",), words)
    for key in ("login", "basic", "expires"):
        if getattr(auth, key) is not None:
            yield Fault((), f"'oauth2' or '{key}', not both (两项只能选一)")


def _token(auth: AuthSpec, driver: DriverName) -> Faults:
    if auth.login is None:
        for key in ("token", "expires", "lifetime"):
            if getattr(auth, key) is not None and not (auth.oauth2 and key in {"expires", "lifetime"}):
                yield Fault((key,), f"'{key}' needs 'login', the call that gives the token (缺少登录请求)")
        return
    if driver is DriverName.REST and (auth.token is None or not (auth.send or auth.query)):
        words = (
            "'auth' needs 'token', where it stands in the answer, and 'send' or 'query', how it is shown"
            " (缺少令牌位置或出示方式)"
        )
        yield Fault((), words)
    if auth.lifetime is not None:
        if auth.expires is not None:
            yield Fault(("lifetime",), "'expires' or 'lifetime', not both (两项只能选一)")
        if auth.lifetime == 0:
            yield Fault(("lifetime",), "a token lives longer than nothing: 30m, 2h (须大于 0)")
    if auth.expires is not None:
        if driver is not DriverName.REST:
            yield Fault(("expires",), "only a JSON answer says until when: use 'lifetime' (应改用 lifetime)")
        for fault in _expiry(auth.expires):
            yield fault.inside(("expires",))


def _expiry(expires: ExpirySpec) -> Faults:
    yield from zone_fault(("zone",), expires.zone)
    if expires.format not in NUMBERS and (wrong := moments.format_fault(expires.format)):
        yield Fault(("format",), f"{wrong}; or one of {', '.join(NUMBERS)}")
