"""The world's tables: divisions, wastes and methods, read once from the CSVs beside the code."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from contract_tests.world.journey import Damage


@dataclass(frozen=True, slots=True)
class Province:
    """One that can be simulated. `usual`: it takes part in a world of which nothing else is said."""

    id: str
    code: str
    usual: bool
    damages: tuple[Damage, ...]
    numbered_later: float


@dataclass(frozen=True, slots=True)
class Place:
    system: str
    code: str
    city: str
    name: str
    plate: str

    def division(self) -> dict[str, str]:
        """Canonical: a prefecture without districts (东莞, 中山) is told by four digits, not by 442000."""
        return {"code": self.code.removesuffix("00")}


@dataclass(frozen=True, slots=True)
class WasteKind:
    """A waste as firms hand it over; `hazards` with a trailing ? are written only now and then."""

    code: str
    name: str
    hazards: tuple[str, ...]
    form: str
    package: str
    material: str
    spec: str
    method: str
    constituents: tuple[str, ...]
    un_no: str
    danger_class: str
    packing_group: str


def _rows(name: str) -> list[dict[str, str]]:
    text = (Path(__file__).parent / "data" / name).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _province(row: dict[str, str]) -> Province:
    damages = cast("tuple[Damage, ...]", _parts(row["damages"]))
    return Province(row["id"], row["code"], row["usual"] == "yes", damages, float(row["numbered_later"]))


def _waste(row: dict[str, str]) -> WasteKind:
    return WasteKind(
        **{
            key: row[key]
            for key in ("code", "name", "form", "package", "material", "spec", "method", "un_no", "packing_group")
        },
        hazards=_parts(row["hazards"]),
        constituents=_parts(row["constituents"]),
        danger_class=row["class"],
    )


PROVINCES = {row["id"]: _province(row) for row in _rows("provinces.csv")}
"""By adapter id, in the order of the file."""

PLACES = tuple(Place(**row) for row in _rows("divisions.csv"))
WASTES = tuple(_waste(row) for row in _rows("wastes.csv"))
METHODS = {row["code"]: row["title"] for row in _rows("methods.csv")}
OF_SYSTEM = {system: tuple(place for place in PLACES if place.system == system) for system in ("", *PROVINCES)}
