"""Rules that need other records: M040, M041, M042, M060. They are given them; who finds them is the pipeline's business.

`related` maps a kind to contents of that kind that concern the record: applications of its approval, permits of its
consignee, other manifests under the same approval or permit, disposal results that name it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from canonical_schema.rules.catalogue import removal_day
from canonical_schema.rules.rule import Content, Finding, Related, warning
from canonical_schema.values.number import plain


def approval_covers(content: Content, related: Related, day: date) -> Iterator[Finding]:
    """M040: a cross-province manifest has an approval that covers consignee, dates, codes and quantity (Art. 21–27)."""
    if content.get("transfer_type") != "cross_province":
        return
    removed = removal_day(content) or day.isoformat()
    application = _approved(content.get("approval_no"), related["application"], removed)
    if application is None:
        yield warning(
            "M040",
            ("/approval_no",),
            "跨省转移没有对应的批准决定",
            "no approval is known for this cross-province transfer",
        )
        return
    approval = application.get("approval", {})
    if not _within(removed, approval.get("valid_from"), approval.get("valid_to")):
        yield _uncovered(
            ("/approval_no",),
            f"转移日 {removed} 不在批准的有效期内",
            f"the removal on {removed} isn't within the approval's dates",
        )
    wanted, given = application.get("consignee", {}).get("uscc"), content.get("consignee", {}).get("uscc")
    if wanted and given and wanted != given:
        yield _uncovered(
            ("/consignee/uscc",),
            f"接受人 {given} 不是批准的 {wanted}",
            f"consignee {given} isn't the approved {wanted}",
        )
    codes = {one["code"] for one in application["wastes"] if "code" in one}
    for place, waste in enumerate(content["wastes"]):
        if codes and "code" in waste and waste["code"] not in codes:
            yield _uncovered(
                (f"/wastes/{place}/code",),
                f"废物代码 {waste['code']} 不在批准范围内",
                f"waste code {waste['code']} isn't approved",
            )
    approved = approval.get("quantity_t")
    no = approval.get("no")
    used = _moved([content, *(one for one in related["manifest"] if no is not None and one.get("approval_no") == no)])
    if approved is not None and used > Decimal(approved):
        yield _uncovered(
            ("/wastes",),
            f"累计转移 {plain(used)} 吨超过批准量 {approved} 吨",
            f"{plain(used)} t moved in all exceed the approved {approved} t",
        )


def permit_covers(content: Content, related: Related, day: date) -> Iterator[Finding]:
    """M041: the consignee's permit covers code and method on the day of removal."""
    if "consignee" not in content:
        return
    removed = removal_day(content) or day.isoformat()
    permits = [one for one in related["permit"] if _within(removed, one.get("valid_from"), one.get("valid_to"))]
    if not permits:
        yield warning(
            "M041",
            ("/consignee/permit_no",),
            f"接受人在 {removed} 没有有效的经营许可证",
            f"the consignee has no permit that is valid on {removed}",
        )
        return
    for place, waste in enumerate(content["wastes"]):
        code, method = waste.get("code"), waste.get("receipt", {}).get("method")
        if code is not None and not any(_in_scope(code, one["scope"]) for one in permits):
            yield warning(
                "M041",
                (f"/wastes/{place}/code",),
                f"许可证不含废物代码 {code}",
                f"no permit of the consignee covers {code}",
            )
        methods = {one for permit in permits for one in permit.get("methods", ())}
        if method is not None and methods and method not in methods:
            yield warning(
                "M041",
                (f"/wastes/{place}/receipt/method",),
                f"许可证不含利用处置方式 {method}",
                f"no permit of the consignee covers the method {method}",
            )


def within_capacity(content: Content, related: Related, _: date) -> Iterator[Finding]:
    """M042: a year's receipts stay within the permit's capacity; more than a fifth above it needs a new permit (令408)."""
    received_at = content.get("consignee", {}).get("received_at")
    if received_at is None:
        return
    day, year = received_at["at"][:10], received_at["at"][:4]
    permits = [one for one in related["permit"] if _within(day, one.get("valid_from"), one.get("valid_to"))]
    if not permits or not all("annual_capacity_t" in one for one in permits):
        return
    capacity = sum((Decimal(one["annual_capacity_t"]) for one in permits), Decimal(0))
    theirs = [one for one in related["manifest"] if _same_consignee(one, content) and _received_in(one, year)]
    total = _received([content, *theirs])
    if total > capacity:
        beyond = total > capacity * Decimal("1.2")
        yield warning(
            "M042",
            ("/consignee/received_at",),
            f"{year} 年累计接受 {plain(total)} 吨，超过年经营规模 {plain(capacity)} 吨{'的 20%，应重新申请许可证' if beyond else ''}",
            f"{plain(total)} t received in {year} exceed the capacity of {plain(capacity)} t"
            + (" by more than 20 %: a new permit is due" if beyond else ""),
        )


def disposed_of(content: Content, related: Related, _: date) -> Iterator[Finding]:
    """M060: what was received was disposed of, by its code and method, is in stock, or came out (Art. 12).

    A result may name several manifests, so more may have been disposed of than this one brought, never less.
    """
    if content.get("status") != "completed":
        return
    results = related["disposal"]
    if not results:
        yield warning("M060", ("/status",), "尚无利用处置结果", "no result of recovery or disposal is known")
        return
    received = _received([content])
    disposed = sum((_tonnes(one["wastes"]) for one in results), Decimal(0))
    rest = sum((Decimal(one.get("in_stock_t", "0")) for one in results), Decimal(0))
    out = sum((_tonnes(one.get("outputs", ())) for one in results), Decimal(0))
    yield from _other_ways(content, [waste for one in results for waste in one["wastes"]], stocked=rest > 0)
    missing = received - disposed - rest - out
    if missing > 0:
        yield warning(
            "M060",
            ("/wastes",),
            f"接受 {plain(received)} 吨，利用处置 {plain(disposed)} 吨、库存 {plain(rest)} 吨、产出 {plain(out)} 吨，"
            f"少 {plain(missing)} 吨",
            f"{plain(received)} t received, {plain(disposed)} t disposed of, {plain(rest)} t in stock, {plain(out)} t came "
            f"out: {plain(missing)} t are missing",
        )


def _other_ways(content: Content, disposed: Sequence[Content], *, stocked: bool) -> Iterator[Finding]:
    """Wastes whose code no result has, or whose planned method isn't the one that was used for that code.

    What is still in stock may be of any code, so then a code that no result has is no finding.
    """
    codes = {one["code"] for one in disposed if "code" in one}
    for place, waste in enumerate(content["wastes"]):
        code, planned = waste.get("code"), waste.get("receipt", {}).get("method")
        if code is None:
            continue
        if not stocked and code not in codes and all("code" in one for one in disposed):
            yield warning(
                "M060",
                (f"/wastes/{place}/code",),
                f"利用处置结果中没有废物代码 {code}",
                f"no result of recovery or disposal has the waste code {code}",
            )
        used = {one["method"] for one in disposed if one.get("code") == code and "method" in one}
        if planned is not None and used and planned not in used:
            yield warning(
                "M060",
                (f"/wastes/{place}/receipt/method",),
                f"废物代码 {code} 拟以 {planned} 利用处置，实际为 {'、'.join(sorted(used))}",
                f"{planned} was planned for waste code {code}, {', '.join(sorted(used))} was used",
            )


def _approved(no: str | None, applications: Iterable[Content], day: str) -> Content | None:
    """The approved application that the manifest names, or any where it names none; rather one that is in force."""
    fitting = [
        one
        for one in applications
        if one.get("state") == "approved" and (no is None or one.get("approval", {}).get("no", no) == no)
    ]
    dates = [(one.get("approval", {}).get("valid_from"), one.get("approval", {}).get("valid_to")) for one in fitting]
    in_force = (one for one, (first, last) in zip(fitting, dates, strict=True) if _within(day, first, last))
    return next(in_force, fitting[0] if fitting else None)


def _same_consignee(one: Content, other: Content) -> bool:
    """By the first of these that both tell."""
    mine, theirs = one.get("consignee", {}), other.get("consignee", {})
    told = (key for key in ("uscc", "permit_no", "name") if key in mine and key in theirs)
    return any(mine[key] == theirs[key] for key in [*told][:1])


def _uncovered(fields: tuple[str, ...], zh: str, en: str) -> Finding:
    return warning("M040", fields, zh, en)


def _within(day: str, first: Content | None, last: Content | None) -> bool:
    return (first is None or first["at"][:10] <= day) and (last is None or day <= last["at"][:10])


def _in_scope(code: str, scope: Iterable[Content]) -> bool:
    """Whether one of the permit's categories covers the code: all of it, only those listed, all but those listed."""
    for one in scope:
        if one["category"][2:] != code[-2:]:
            continue
        listed = code in one.get("codes", ())
        if one["mode"] == "all" or listed == (one["mode"] == "only"):
            return True
    return False


def _tonnes(wastes: Iterable[Content]) -> Decimal:
    return sum((Decimal(waste.get("quantity_t", "0")) for waste in wastes), Decimal(0))


def _moved(manifests: Iterable[Content]) -> Decimal:
    return sum((_tonnes(one["wastes"]) for one in manifests if one.get("status") != "voided"), Decimal(0))


def _received(manifests: Iterable[Content]) -> Decimal:
    live = [one for one in manifests if one.get("status") != "voided"]
    return sum((_tonnes(waste.get("receipt", {}) for waste in one["wastes"]) for one in live), Decimal(0))


def _received_in(content: Content, year: str) -> bool:
    at = content.get("consignee", {}).get("received_at")
    return at is not None and at["at"][:4] == year
