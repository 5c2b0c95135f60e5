"""liandan rules: what the standard's rules look at, and why."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from gateway.cli.command import Json, example, group
from gateway.cli.output import emit_json, say, table

app = group("数据质量规则 · The rules that judge records", "liandan rules list", "liandan rules explain M020")


@app.command("list", epilog=example("liandan rules list", "liandan rules list --json"))
def list_rules(as_json: Json = False) -> None:
    """列出全部规则 · All rules with severity and source"""
    from canonical_schema.rules import REGISTRY, RULE_SET  # noqa: PLC0415

    if as_json:
        emit_json({"rule_set": RULE_SET, "rules": [_as_dict(rule) for rule in REGISTRY.values()]})
        return
    table(
        ("规则 rule", "严重程度 severity", "内容", "what it asks", "依据 source"),
        [(rule.id, rule.severity, rule.title, rule.title_en, rule.source) for rule in REGISTRY.values()],
        empty="没有规则 · no rules",
    )


@app.command(epilog=example("liandan rules explain M020"))
def explain(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="规则编号, 如 M020 · a rule's id, such as M020")],
    as_json: Json = False,
) -> None:
    """一条规则: 内容、依据、涉及字段 · One rule: what it asks, on what grounds, of which fields"""
    from canonical_schema.problem import nearest  # noqa: PLC0415
    from canonical_schema.rules import REGISTRY  # noqa: PLC0415
    from gateway.errors import NoSuchThing  # noqa: PLC0415
    from gateway.read.answer import encode  # noqa: PLC0415

    rule = REGISTRY.get(rule_id.upper())
    if rule is None:
        meant = nearest(rule_id.upper(), REGISTRY)
        zh, en = (f", 是否指 {meant}?", f"; did you mean {meant}?") if meant else ("", "")
        raise NoSuchThing(f"没有规则 {rule_id!r}{zh}", f"there is no rule {rule_id!r}{en}")
    if as_json:
        emit_json(_as_dict(rule) | {"shown": [{"title": title, "value": told} for title, told in _shown(rule)]})
        return
    say(f"{rule.id}  {rule.severity}")
    say(rule.title)
    say(rule.title_en)
    say(f"依据 source: {rule.source}")
    say(f"种类 kinds: {', '.join(rule.kinds)}")
    if rule.fields:
        say(f"字段 fields: {', '.join(rule.fields)}")
    if rule.needs:
        say(f"所需的其他记录 needs: {', '.join(rule.needs)}")
    if rule.relate is not None:
        say(
            "本网关尚不提供所需的其他记录, 此规则暂不判定 · the gateway gives it no such records yet, so it isn't judged"
        )
    for title, told in _shown(rule):
        say(f"{title}: {told if isinstance(told, str) else encode(told).decode()}")


def _shown(rule: Any) -> Iterator[tuple[str, Any]]:
    """(title, record or words) of what keeps the rule and what breaks it."""
    if rule.written is not None:
        field = rule.written.field
        yield "能识别 understood", f"{field} = {rule.written.keeps!r}"
        yield "不能识别 not understood", f"{field} = {rule.written.breaks!r}"
    if rule.example is not None:
        if rule.example.related:
            yield "已有记录 beside it", rule.example.related
        yield "符合 keeps it", rule.example.keeps
        yield "违反 breaks it", rule.example.breaks


def _as_dict(rule: Any) -> dict[str, Any]:
    return {
        "id": rule.id,
        "severity": rule.severity,
        "kinds": list(rule.kinds),
        "fields": list(rule.fields),
        "needs": list(rule.needs),
        "judged": rule.relate is None,
        "source": rule.source,
        "message": rule.title,
        "message_en": rule.title_en,
    }
