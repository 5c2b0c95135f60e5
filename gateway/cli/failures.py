"""What a command that failed says, and its exit code. Anything that isn't a known failure is a defect and raised again."""

import sys
from typing import Any

import typer


def told(error: Exception, *, as_json: bool) -> int:
    """Writes the failure for people, or with --json as a problem document on standard output; its exit code."""
    if type(error).__module__.startswith("typer."):
        return _usage(error)
    known = _known(error)
    if known is None:
        raise error
    code, problem = known
    if as_json:
        from gateway.cli.output import emit_json  # noqa: PLC0415

        emit_json(problem)
    for line in (problem.get("detail"), problem.get("detail_en")):
        if line:
            sys.stderr.write(f"{line}\n")
    return code


def _usage(error: Exception) -> int:
    """The framework's own errors: a wrong option, a missing argument, an interrupted question."""
    if isinstance(error, typer.Abort):
        sys.stderr.write("已中止 · aborted\n")
        return 1
    code = getattr(error, "exit_code", 2)
    show = getattr(error, "show", None)
    if show is not None:
        show()
    return int(code)


def _known(error: Exception) -> tuple[int, dict[str, Any]] | None:
    """(exit code, problem document) of a failure that a user can do something about."""
    from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError  # noqa: PLC0415

    from adapters.errors import AdapterError, Misconfigured  # noqa: PLC0415
    from canonical_schema.problem import ProblemsFound  # noqa: PLC0415
    from gateway.api.problems import document, of_error  # noqa: PLC0415
    from gateway.errors import GatewayError  # noqa: PLC0415

    if isinstance(error, GatewayError):
        return error.exit_code, of_error(error)
    if isinstance(error, ProblemsFound):
        faults = [str(one) for one in error.problems]
        return 2, document(
            "declared-file", 422, "声明文件有误:\n" + "\n".join(faults), "faults in a declared file", errors=faults
        )
    if isinstance(error, (ArgumentError, NoSuchModuleError)):
        return 2, document("settings", 422, "LIANDAN_DATABASE 有误", f"LIANDAN_DATABASE is wrong: {error}")
    if isinstance(error, OperationalError):
        return 1, document("busy", 503, "数据库不可用", f"the database can't be used: {error.orig}")
    if type(error) is DatabaseError:  # the file itself; its subclasses but the one above are defects of ours
        return 1, document(
            "damaged", 500, "数据库文件已损坏或不是数据库", f"the database file is damaged, or is none: {error.orig}"
        )
    if isinstance(error, Misconfigured):
        return 2, document("settings", 422, "适配器配置不全", str(error))
    if isinstance(error, AdapterError):
        return 1, document("adapter", 502, "对方系统出错", str(error))
    return None
