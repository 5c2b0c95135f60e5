"""Failures as RFC 9457 problem documents. `type` is a URI that stays; words come in Chinese and English."""

from http import HTTPStatus
from typing import Any, Final

from gateway.errors import GatewayError, NoSuchThing, Retired, TwoRecords, UsedWrongly

MEDIA_TYPE: Final = "application/problem+json"
URI: Final = "urn:liandan:problem:"

TITLES: Final[dict[str, tuple[str, str]]] = {
    "unauthenticated": ("需要有效凭证", "A valid credential is needed"),
    "forbidden": ("无权访问", "Not allowed"),
    "not-found": ("没有找到", "Not found"),
    "ambiguous": ("对应多条记录", "More than one record"),
    "used-wrongly": ("请求有误", "The request is wrong"),
    "bad-cursor": ("游标无效", "No such cursor"),
    "too-broad": ("检索词过宽", "The search is too broad"),
    "bad-request": ("请求有误", "The request is wrong"),
    "method": ("不支持此方法", "Method not allowed"),
    "too-large": ("请求体过大", "The body is too large"),
    "too-slow": ("请求接收超时", "The request took too long to arrive"),
    "integrity": ("存储数据校验失败", "Stored data fails its check"),
    "retired": ("已按保存期限清退", "Retired by law"),
    "not-writable": ("无法写成对方格式", "Not writable in the system's form"),
    "not-copied": ("备份未完成", "The backup did not come about"),
    "missing": ("存储的内容缺失", "Something stored is missing"),
    "unknown-mapping": ("没有存过这个映射版本", "This mapping version was never stored"),
    "settings": ("设置有误", "The settings are wrong"),
    "no-such-adapter": ("没有这个适配器或数据集", "No such adapter or dataset"),
    "twice-packed": ("适配器重复", "Two packs claim one id"),
    "wrong-stage": ("适配器所处阶段不允许", "The adapter's stage doesn't allow it"),
    "occupied": ("数据库被占用", "The database is in use"),
    "wrong-database": ("数据库不适用", "Not a database for this version"),
    "declared-file": ("声明文件有误", "Faults in a declared file"),
    "adapter": ("对方系统出错", "The other system failed"),
    "busy": ("暂时无法服务", "Not available now"),
    "fault": ("内部错误", "Internal error"),
}

SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "title_en", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "title_en": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "detail_en": {"type": "string"},
        "record_ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def document(kind: str, status: int, zh: str = "", en: str = "", **more: Any) -> dict[str, Any]:
    """The problem as a plain value; `kind` is the end of its URI. The CLI's --json prints the same."""
    title, title_en = TITLES.get(kind, TITLES["fault"])
    out: dict[str, Any] = {"type": URI + kind, "title": title, "title_en": title_en, "status": status}
    if zh:
        out["detail"] = zh
    if en:
        out["detail_en"] = en
    return out | more


def of_error(error: GatewayError) -> dict[str, Any]:
    """The problem document of one of our errors."""
    if isinstance(error, TwoRecords):
        return document(error.kind, HTTPStatus.CONFLICT, error.zh, error.en, record_ids=list(error.record_ids))
    status = (
        HTTPStatus.NOT_FOUND
        if isinstance(error, NoSuchThing)
        else HTTPStatus.GONE
        if isinstance(error, Retired)
        else HTTPStatus.UNPROCESSABLE_ENTITY
        if isinstance(error, UsedWrongly)
        else HTTPStatus.INTERNAL_SERVER_ERROR
    )
    return document(error.kind, status, error.zh, error.en)
