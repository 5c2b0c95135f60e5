"""What the demo tells at its end: one JSON object for programs, tables for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from contract_tests.demo.truth import Comparison
from contract_tests.world.world import Truth


@dataclass(frozen=True, slots=True)
class Summary:
    """All counts are over the folder's life."""

    adapters: Mapping[str, Mapping[str, int]]
    records: Mapping[str, int]
    discrepancies: int
    deliveries: Mapping[str, int]
    national: Mapping[str, Any]
    truth: Truth
    comparison: Comparison
    elapsed_s: float

    def as_json(self) -> dict[str, Any]:
        return {
            "adapters": {name: dict(counts) for name, counts in self.adapters.items()},
            "records": dict(self.records),
            "discrepancies": self.discrepancies,
            "deliveries": dict(self.deliveries),
            "national": dict(self.national),
            "truth": {
                "records": self.truth.records,
                "damaged": self.truth.damaged,
                "values_compared": self.comparison.compared,
                "values_different": self.comparison.different,
            },
            "elapsed_s": round(self.elapsed_s, 2),
        }

    def faults(self) -> list[str]:
        """What isn't as the world's truth says; empty when all is well."""
        told: list[str] = []
        if dict(self.records) != self.truth.records:
            told.append(f"记录数与真值不符 · records {dict(self.records)}, in truth {self.truth.records}")
        if self.national["distinct"] != dict(self.records):
            told.append(f"国家系统所收与记录不符 · the national system holds {self.national['distinct']}")
        wrong = [count for count in ("duplicates_stored", "order_violations") if self.national[count]]
        told += [f"国家系统 · national {count}: {self.national[count]}" for count in wrong]
        if self.deliveries["dead"] or self.deliveries["pending"]:
            told.append(f"未送达 · not delivered: {self.deliveries['pending']} pending, {self.deliveries['dead']} dead")
        quarantined = sum(counts["quarantined"] for counts in self.adapters.values())
        if quarantined != self.truth.damaged:
            told.append(f"隔离数与真值不符 · quarantined {quarantined}, damaged in truth {self.truth.damaged}")
        told += [
            f"{one.adapter} {one.source_key} {one.field}: {one.found!r} · 真值/in truth {one.expected!r}"
            for one in self.comparison.differences
        ]
        return told

    def show(self, console: Console) -> None:
        console.print(self._provinces())
        console.print(self._outcome())
        for fault in self.faults():
            console.print(f"[red]✗[/red] {fault}", highlight=False)
        if not self.faults():
            console.print(
                "[green]✓[/green] 全部一致：无丢失、无重复、无改动 · nothing lost, doubled or altered", highlight=False
            )

    def _provinces(self) -> Table:
        table = Table(title="各省接入 · in from the provinces", title_justify="left")
        for place, heading in enumerate(
            ("系统\nsystem", "拉取\npulled", "接受\naccepted", "未变\nunchanged", "隔离\nquarantined")
        ):
            table.add_column(heading, justify="right" if place else "left")
        for name, counts in self.adapters.items():
            columns = ("pulled", "accepted", "unchanged", "quarantined")
            table.add_row(name, *(f"{counts[column]:,}" for column in columns))
        return table

    def _outcome(self) -> Table:
        table = Table(title="结果 · outcome", title_justify="left", show_header=False)
        table.add_column("what")
        table.add_column("count", justify="right")
        national = self.national
        rows = (
            ("联单记录 · manifest records", sum(self.records.values())),
            ("两省说法不一 · where two provinces differ", self.discrepancies),
            ("送达 · deliveries acknowledged", self.deliveries["delivered"]),
            ("尝试 · attempts that took", self.deliveries["attempts"]),
            ("国家系统持有 · held by the national system", sum(national["distinct"].values())),
            ("重发被识别 · repeats it recognised", national["duplicates_refused"]),
            ("重复入库 · stored there twice", national["duplicates_stored"]),
            ("乱序 · out of order there", national["order_violations"]),
            ("逐值核对 · values compared with the truth", self.comparison.compared),
            ("其中不同 · of them different", self.comparison.different),
        )
        for what, count in rows:
            table.add_row(what, f"{count:,}")
        table.add_row("用时 · seconds", f"{self.elapsed_s:.1f}")
        return table
