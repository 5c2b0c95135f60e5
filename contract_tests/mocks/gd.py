"""Mock `gd`: drops nightly files into a folder. Modelled on published facts (contract_tests/world/views/gd.py), nobody's real interface.

    {dir}/out/GD_HWLD_<yyyymmdd>.zip        members GD_HWLD_<yyyymmdd>_<nnn>.xml, some 50 manifests each
    {dir}/out/GD_HWLD_<yyyymmdd>.ctl.xml    written last: who sees it may read the ZIP. Both come by rename, never half

A member declares GB2312 and is GB18030. The control file (same encoding, same declaration):

    <控制文件 批次="20260111" 压缩包="GD_HWLD_20260111.zip" sha256="hex of the zip" 文件数="2">
      <文件 名称="GD_HWLD_20260111_001.xml" 行数="63" sha256="hex of the member's bytes"/>
    </控制文件>

`行数` counts rows (行). A night holds the newest version of each manifest that changed since the last one. One member is cut off in the
middle of a row: its digest is that of the bytes as they lie there (the export broke, not the transport), its 行数 is what it should
have had. What fell before 2026-03-21 is there from the start, in weekly files; later nights follow one a second until half of them are out,
the rest at /_mock/finish. A file once written is never written again, even if it was taken away.
"""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import etree
from starlette.routing import BaseRoute

from contract_tests.mocks.servers import Mock, StateFile, replace
from contract_tests.world import Side, SideVersion, World
from contract_tests.world.views import gd

_MANIFESTS_PER_MEMBER = 50
_LAST_FIRST_LOAD = date(2026, 3, 20)
_SECONDS_PER_NIGHT = 1.0


class _Drop:
    def __init__(self, world: World, folder: Path) -> None:
        self._world, self._out = world, folder / "out"
        self._state = StateFile(folder / "gd.json", world.identity)
        self._written: list[str] = self._state.values.setdefault("written", [])
        self._nights: dict[date, list[tuple[int, int]]] = {}
        self._damaged: list[tuple[int, int]] = []
        self._damaged_night = date.max
        for side in world.for_province("gd"):
            self._plan(side)
        self._out.mkdir(parents=True, exist_ok=True)
        self._late = sorted(night for night in self._nights if night > _LAST_FIRST_LOAD)
        for night in sorted({*self._nights, self._damaged_night} - {date.max, *self._late}):
            self._write(night)

    def _plan(self, side: Side) -> None:
        newest = {_night(version): position for position, version in enumerate(side.versions)}
        for night, position in newest.items():
            if side.damaged:
                self._damaged.append((side.journey, position))
                self._damaged_night = min(self._damaged_night, night)
            else:
                self._nights.setdefault(night, []).append((side.journey, position))

    def pending(self) -> list[date]:
        return [night for night in self._late if f"{night:%Y%m%d}" not in self._written]

    def counts(self) -> dict[str, int]:
        pending = len(self.pending())
        return {"files": len(self._written), "revealed": len(self._late) - pending, "pending": pending}

    async def background(self) -> None:
        while len(self.pending()) * 2 > len(self._late):
            await asyncio.sleep(_SECONDS_PER_NIGHT)
            for night in self.pending()[:1]:
                self._write(night)

    def finish(self) -> None:
        for night in self.pending():
            self._write(night)

    def _write(self, night: date) -> None:
        name = f"{night:%Y%m%d}"
        if name in self._written:
            return
        control = self._out / f"GD_HWLD_{name}.ctl.xml"
        # A control file without an entry in the state: we were killed between the two. The night is out.
        if not control.exists():
            members = list(self._members(night, name))
            packed = _zip([(file, body) for file, body, _ in members], night)
            replace(self._out / f"GD_HWLD_{name}.zip", packed)
            replace(control, _control(name, packed, members))
        self._written.append(name)
        self._state.save()

    def _members(self, night: date, name: str) -> Iterator[tuple[str, bytes, int]]:
        kept = self._nights.get(night, [])
        groups = [kept[start : start + _MANIFESTS_PER_MEMBER] for start in range(0, len(kept), _MANIFESTS_PER_MEMBER)]
        if night == self._damaged_night:
            groups.append(self._damaged)
        for number, group in enumerate(groups, 1):
            text, rows = _member(name, number, (self._read(*key) for key in group))
            if group is self._damaged:
                text = text[: text.rindex("<废物 ") + 40]
            yield f"GD_HWLD_{name}_{number:03d}.xml", _encoded(text), rows

    def _read(self, journey: int, version: int) -> tuple[Side, SideVersion]:
        side = self._world.side("gd", journey)
        return side, side.versions[version]


def _night(version: SideVersion) -> date:
    """Late changes come the night they are made, the rest by week (Sundays)."""
    day = version.modified_at.date()
    return day if version.late else min(day + timedelta(days=6 - day.weekday()), _LAST_FIRST_LOAD)


def _member(name: str, number: int, manifests: Iterator[tuple[Side, SideVersion]]) -> tuple[str, int]:
    root = etree.Element("危险废物转移联单", {"批次": name, "文件序号": str(number)})
    for side, version in manifests:
        rows = gd.render(side, version)
        # Now and then a manifest's rows don't stand together: its first one slips in before the last row of the one above.
        slips = side.style.turn(110, 10) == 0 and len(root) > 1
        for row in rows:
            root.append(row)
        if slips:
            root.insert(len(root) - len(rows) - 1, rows[0])
    for position, row in enumerate(root, 1):
        row.set("序号", str(position))
    return etree.tostring(root, encoding="unicode", pretty_print=True), len(root)


def _encoded(text: str) -> bytes:
    """As it really happens: the label says GB2312, the names need GB18030."""
    return ('<?xml version="1.0" encoding="GB2312"?>\n' + text).encode("gb18030")


def _control(name: str, packed: bytes, members: list[tuple[str, bytes, int]]) -> bytes:
    zipped: dict[str, str] = {
        "批次": name,
        "压缩包": f"GD_HWLD_{name}.zip",
        "sha256": _sha256(packed),
        "文件数": str(len(members)),
    }
    root = etree.Element("控制文件", zipped)
    for file, body, rows in members:
        etree.SubElement(root, "文件", {"名称": file, "行数": str(rows), "sha256": _sha256(body)})
    return _encoded(etree.tostring(root, encoding="unicode", pretty_print=True))


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _zip(members: list[tuple[str, bytes]], night: date) -> bytes:
    """The same bytes whenever it is made: times of members are the night's, not the clock's."""
    packed = io.BytesIO()
    at = datetime(night.year, night.month, night.day, 23, 30)  # noqa: DTZ001 - ZIP knows no zones
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, body in members:
            archive.writestr(zipfile.ZipInfo(file, at.timetuple()[:6]), body, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def make(world: World, folder: Path, *, faults: bool = True) -> Mock:
    """A folder has no faults to switch off but the member that the world damaged."""
    del faults
    drop = _Drop(world, folder)
    routes: list[BaseRoute] = []
    environment: dict[str, Any] = {"LIANDAN_GD_DIR": str(folder.resolve() / "out")}
    return Mock(
        name="gd",
        routes=routes,
        state=drop.counts,
        finish=drop.finish,
        environment=lambda _: environment,
        background=drop.background,
    )
