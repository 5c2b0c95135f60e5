"""What can go wrong in the store, beside the errors of the gateway that it raises (ChangedInPlace, WrongStage).

GatewayError
├── Missing           what was asked for by id or hash isn't there: a defect, not a user's question
│   └── UnknownMapping    a claim names a mapping version that was never stored
├── NotCopied         a backup didn't come about
└── UsedWrongly
    ├── Occupied      another process holds this SQLite database as its writer
    └── WrongDatabase a kind or a version of database that this code doesn't know
"""

from gateway.errors import GatewayError, UsedWrongly


class Missing(GatewayError):
    kind = "missing"


class UnknownMapping(Missing):
    kind = "unknown-mapping"

    def __init__(self, digest: str) -> None:
        super().__init__(f"库中没有映射版本 {digest}", f"mapping version {digest} isn't stored")


class NotCopied(GatewayError):
    kind = "not-copied"

    def __init__(self, file: str, words: str) -> None:
        super().__init__(f"备份到 {file} 未完成: {words}", f"the backup to {file} didn't come about: {words}")


class Occupied(UsedWrongly):
    kind = "occupied"

    def __init__(self, database: str) -> None:
        super().__init__(
            f"另一个 liandan 进程正在写入 {database}: SQLite 只服务一个进程; 请先停止它, 或把 LIANDAN_DATABASE 设为 PostgreSQL",
            f"another liandan process is writing to {database}: SQLite serves one process; stop it first, "
            "or set LIANDAN_DATABASE to a PostgreSQL database for many",
        )


class WrongDatabase(UsedWrongly):
    kind = "wrong-database"
