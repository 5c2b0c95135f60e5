"""What `zj` serves, read back by hand."""

import math
from datetime import datetime

from contract_tests.world import World
from contract_tests.world.baidu import bd09, position
from contract_tests.world.views import zj

M = {"m": zj.M, "p": zj.P}
SIDES = list(World(7, 400, ("js", "tj", "gd", "zj")).for_province("zj"))
WHOLE = [
    (zj.render(side, side.versions[-1]), zj.expected(side, side.versions[-1])) for side in SIDES if not side.damaged
]


def test_baidu_lies_where_its_maps_have_it():
    """天安门: a pair of coordinates in general circulation, true to some metres."""
    lng, lat = bd09(116.391265, 39.907360)
    assert math.hypot((lng - 116.403963) * 85_000, (lat - 39.915119) * 111_000) < 30


def test_places_of_the_province_lie_where_they_are_a_shift_away():
    seen = 0
    for row, wanted in WHOLE:
        for leg, there in zip(row.iterfind("m:Leg", M), wanted["legs"], strict=True):
            for place, told in ((leg.find("m:From", M), there["from"]), (leg.find("m:To", M), there["to"])):
                assert ("point" in told) == ("Lng" in place.attrib)
                if "point" in told:
                    seen += 1
                    shift = float(place.get("Lng")) - float(told["point"]["lon"])
                    assert 0.008 < shift < 0.014
                    assert position(place.text) == (float(told["point"]["lon"]), float(told["point"]["lat"]))
                elif "division" in told:
                    assert not told["division"]["code"].startswith("33")
    assert seen > 500


def test_times_name_their_zone_and_some_stand_in_utc():
    zones = set()
    for row, wanted in WHOLE:
        text = row.findtext("m:Planned", None, M)
        assert datetime.fromisoformat(text) == datetime.fromisoformat(wanted["planned_at"]["at"])
        zones.add(text[-6:])
    assert zones == {"+08:00", "+00:00"}


def test_no_national_number_is_nil():
    for row, wanted in WHOLE:
        number = row.find("m:NationalId", M)
        assert (number.get(f"{{{zj.XSI}}}nil") == "true") == ("national_no" not in wanted)
        assert number.text == wanted.get("national_no")
    assert any("national_no" not in wanted for _, wanted in WHOLE)


def test_damage_is_no_waste_or_a_negative_weight():
    damaged = [(side.damaged, zj.render(side, side.versions[0])) for side in SIDES if side.damaged]
    assert len(damaged) == 4
    for kind, row in damaged:
        weights = [float(one.text) for one in row.iterfind("m:Waste/m:Quantity", M)]
        assert (weights == []) == (kind == "no_waste")
        assert (min(weights, default=0) < 0) == (kind == "negative_quantity")
