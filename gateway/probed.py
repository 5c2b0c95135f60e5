"""What a look at a system showed, step by step, in words for whoever must act on it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from adapters.auth.demands import gives_tokens
from adapters.driver import Probe
from adapters.errors import AdapterError, Busy, Denied, Malformed, Misconfigured, Rejected
from adapters.secrets import VARIABLE
from adapters.spec import AdapterSpec, AuthSpec, DriverName
from gateway.intake.page import Page

Outcome = Literal["ok", "warning", "failed", "skipped"]
Words = tuple[str, str]
"""Chinese, English."""

CLOCK_S: Final = 60.0
"""Seconds that two clocks may differ before somebody should set one right."""
REASONS: Final = 3
"""Reasons of refused records that are told."""
ADAPTER_STEPS: Final = 4
NOT_REACHED: Final = ("未进行", "not got to")


@dataclass(frozen=True, slots=True)
class Step:
    """`name`: settings, reach, credential, clock, read or map. `seconds` since the look began. `todo` says what to do about
    it, `detail` what exactly was met."""

    name: str
    dataset: str
    outcome: Outcome
    words: Words
    seconds: float | None = None
    todo: Words | None = None
    detail: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        told = asdict(self)
        words, todo = told.pop("words"), told.pop("todo") or ("", "")
        seconds = None if self.seconds is None else round(self.seconds, 3)
        names = ("words_zh", "words_en", "todo_zh", "todo_en")
        return told | {"seconds": seconds} | dict(zip(names, (*words, *todo), strict=True))


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the mapping made of the page; `faults` are those of the mapping file itself."""

    page: Page | None = None
    seconds: float | None = None
    faults: tuple[str, ...] = ()


def adapter_steps(spec: AdapterSpec, probe: Probe) -> Iterator[Step]:
    """What holds for the system as a whole."""
    error = probe.error
    if isinstance(error, Misconfigured):
        todo = ("补齐后再试", "set it right, then probe again")
        yield Step(
            "settings", "", "failed", ("配置不全或有误", "the settings lack something"), None, todo, (str(error),)
        )
    else:
        yield Step("settings", "", "ok", ("所需变量与文件齐备", "variables and files are there"))
    yield _reach(spec, probe)
    yield _credential(spec, probe)
    yield _clock(probe)


def _reach(spec: AdapterSpec, probe: Probe) -> Step:
    if spec.driver is DriverName.FILE:
        return Step("reach", "", "skipped", ("只接收文件, 不主动连接", "it takes files only, nothing is asked"))
    if probe.answered is not None:
        return Step("reach", "", "ok", ("有应答", "it answers"), probe.answered)
    if probe.error is None or isinstance(probe.error, Misconfigured):
        return Step("reach", "", "skipped", NOT_REACHED)
    todo = (
        "核对地址的主机与端口、网络、防火墙、代理与证书, 或询问对方是否停机",
        "check host and port of its address, network, firewall, proxy, certificate; or ask whether it is down",
    )
    return Step("reach", "", "failed", ("没有应答", "no answer"), None, todo, (str(probe.error),))


def _credential(spec: AdapterSpec, probe: Probe) -> Step:
    error, credentials = probe.error, _credentials(spec)
    if isinstance(error, Denied) or (probe.signing_in and isinstance(error, Rejected)):
        named = ", ".join(dict.fromkeys(_variables(credentials)))
        todo = (
            f"核对账号与密钥{f' ({named})' if named else ''}; 是否过期、停用, 或只允许别的来源地址",
            f"check the account and its secrets{f' ({named})' if named else ''}: expired, blocked, or bound to another address?",
        )
        return Step(
            "credential", "", "failed", ("凭证未被接受", "the credential isn't accepted"), None, todo, (str(error),)
        )
    if probe.signing_in and error is not None and probe.answered is not None:
        return Step("credential", "", "failed", *_of_answer(error, html=probe.html))
    if gives_tokens(spec.auth) and probe.signed_in is not None:
        return Step("credential", "", "ok", ("登录成功", "signed in"), probe.signed_in)
    if not credentials:
        return Step("credential", "", "skipped", ("未声明凭证", "the adapter file declares none"))
    if error is None and probe.read is not None:
        return Step("credential", "", "ok", ("凭证被接受", "the credential is accepted"), probe.read)
    return Step("credential", "", "skipped", NOT_REACHED)


def _credentials(spec: AdapterSpec) -> list[Any]:
    """Whatever the adapter file says of who is asking."""
    security = spec.soap.security if spec.soap else None
    parts = [None if spec.auth == AuthSpec() else spec.auth, security]
    told: list[Any] = [part.model_dump(mode="json") for part in parts if part is not None]
    if spec.sftp is not None:
        told.append(spec.sftp.model_dump(mode="json", include={"user", "password", "key", "passphrase"}))
    return told


def _variables(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from VARIABLE.findall(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _variables(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _variables(one)


def _clock(probe: Probe) -> Step:
    if probe.ahead is None:
        return Step("clock", "", "skipped", ("对方未给出时间", "it doesn't tell the time"))
    seconds = abs(probe.ahead)
    if seconds < 2:
        return Step("clock", "", "ok", ("时钟一致", "the clocks agree"), None, None, (f"{probe.ahead:+.1f} s",))
    zh, en = ("快", "ahead of") if probe.ahead > 0 else ("慢", "behind")
    words = (f"对方时钟{zh} {seconds:.0f} 秒", f"its clock is {seconds:.0f} s {en} ours")
    if seconds <= CLOCK_S:
        return Step("clock", "", "ok", words)
    todo = ("请双方校时 (NTP): 签名与游标都依赖时钟", "set the clocks (NTP): signatures and cursors go by them")
    return Step("clock", "", "warning", words, None, todo)


def dataset_steps(spec: AdapterSpec, dataset: str, probe: Probe, mapped: Mapped | None) -> Iterator[Step]:
    """What holds for one dataset: could a page be read, and what does its mapping make of it?"""
    yield _read(spec, dataset, probe)
    yield _map(spec, dataset, mapped)


def _read(spec: AdapterSpec, dataset: str, probe: Probe) -> Step:
    error = probe.error
    if spec.driver is DriverName.FILE or isinstance(error, Denied | Misconfigured) or probe.signing_in:
        return Step("read", dataset, "skipped", NOT_REACHED)
    if error is not None:
        if probe.answered is None:
            return Step("read", dataset, "skipped", NOT_REACHED)
        words, _, todo, detail = _of_answer(error, html=probe.html)
        return Step("read", dataset, "failed", words, None, todo, detail)
    if probe.rows == 0:
        todo = ("若应有数据, 请核对起始时间与查询参数", "if there should be some, check start and parameters")
        return Step(
            "read", dataset, "warning", ("能读取, 但没有数据", "it can be read, and is empty"), probe.read, todo
        )
    if probe.rows is None:
        size = len(probe.exchange.payload.body) if probe.exchange else 0
        name = probe.exchange.source_name if probe.exchange else ""
        return Step("read", dataset, "ok", (f"读到 {name} ({size} 字节)", f"{name} read ({size} bytes)"), probe.read)
    return Step("read", dataset, "ok", (f"读到一页, {probe.rows} 行", f"one page read, {probe.rows} rows"), probe.read)


def _of_answer(error: AdapterError, *, html: bool) -> tuple[Words, None, Words, tuple[str, ...]]:
    """An answer that isn't what was asked for: words, (no time,) what to do, exactly."""
    detail = (str(error),)
    if isinstance(error, Busy):
        return ("对方暂时无法服务", "it can't serve now"), None, ("稍后再试", "try again later"), detail
    if isinstance(error, Rejected) and error.code.startswith("3") and len(error.code) == len("302"):
        todo = (
            "把地址改为最终的网址; 若转到登录页, 说明路径或凭证不对",
            "declare the address it leads to; if that is a login page, path or credential is wrong",
        )
        return ("对方要求转到别的地址", "it sends us to another address"), None, todo, detail
    if isinstance(error, Rejected):
        todo = ("按对方的代码与说明核对路径、参数与权限", "go by its code and words: path, parameters, rights")
        return ("请求被拒绝", "it refuses the request"), None, todo, detail
    if isinstance(error, Malformed) and html:
        todo = (
            "核对地址与路径; 是否被门户、登录页、代理或维护页拦截",
            "check address and path; is there a portal, login page, proxy or maintenance page in between?",
        )
        return ("返回的是网页, 不是数据", "it answers with a web page, not with data"), None, todo, detail
    if isinstance(error, Malformed):
        todo = (
            "核对 decode、answer 与 paging; 可把应答存盘后用 liandan map run 试读",
            "check decode, answer and paging; save an answer and try it with liandan map run",
        )
        return ("应答无法识别", "its answer can't be read"), None, todo, detail
    todo = ("核对网络后再试", "check the network, then try again")
    return ("应答中断", "the answer broke off"), None, todo, detail


def _map(spec: AdapterSpec, dataset: str, mapped: Mapped | None) -> Step:
    check = (f"运行 liandan adapters check {spec.id}", f"run liandan adapters check {spec.id}")
    if mapped is None:
        return Step("map", dataset, "skipped", NOT_REACHED)
    if mapped.page is None:
        return Step("map", dataset, "failed", ("映射文件有误", "the mapping has faults"), None, check, mapped.faults)
    good, bad = len(mapped.page.claims), len(mapped.page.quarantined)
    if not bad:
        words = (f"{good} 条记录可接受", f"{good} records can be accepted")
        return Step("map", dataset, "ok" if good else "warning", words, mapped.seconds)
    reasons = dict.fromkeys(f"{one.place}: {'; '.join(one.reasons)}" for one in mapped.page.quarantined)
    words = (f"{good} 条可接受, {bad} 条将被隔离", f"{good} can be accepted, {bad} would be set apart")
    todo = ("按原因修改映射, 或向对方反映数据问题", "mend the mapping by the reasons, or tell the system's owners")
    outcome: Outcome = "warning" if good else "failed"
    return Step("map", dataset, outcome, words, mapped.seconds, todo, tuple(reasons)[:REASONS])
