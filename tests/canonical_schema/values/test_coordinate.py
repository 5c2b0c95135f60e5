"""Coordinates: what people write, which systems there are, and what is refused rather than guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical_schema.codes import code_list
from canonical_schema.errors import InvalidFormat, InvalidValue, UnknownCode
from canonical_schema.rules.tracks import kilometres
from canonical_schema.values import coordinate
from canonical_schema.values.shift import bd_from_gcj, gcj_from_wgs, undo

# How far apart the systems lie, in metres, as an independent library has it: GCJ−WGS, BD−GCJ, BD−WGS.
APART = {
    "北京": (116.4074, 39.9042, 556, 886, 1376),
    "上海": (121.4737, 31.2304, 482, 902, 1141),
    "广州": (113.2644, 23.1291, 622, 960, 1268),
    "成都": (104.0665, 30.5723, 364, 912, 947),
    "乌鲁木齐": (87.6168, 43.8256, 265, 858, 1108),
}
IN_CHINA = st.tuples(st.floats(74, 135), st.floats(18, 53.5))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("118.7969", "118.7969"),
        ("118.79690", "118.7969"),
        ("１１８．７９６９", "118.7969"),
        ("118.7969°", "118.7969"),
        ("E118.7969", "118.7969"),
        ("118.7969 e", "118.7969"),
        ("西经118.5", "-118.5"),
        ("-118.5", "-118.5"),
        ("−118.5", "-118.5"),
        ("118°47′48.84″", "118.7969"),
        ("东经118度47分48.84秒", "118.7969"),
        ("118°47'48.84''E", "118.7969"),
        ("118°30'", "118.5"),
        ("118.79691234565", "118.7969123"),
        ("-0.00000001", "0"),
        ("180", "180"),
    ],
)
def test_a_longitude_has_one_spelling(written, value):
    assert coordinate.longitude(written) == value
    assert coordinate.longitude(value) == value


@pytest.mark.parametrize(
    "written", ["", "东", "N118.7969", "E-118", "E118W", "118,8", "118°60'", "118 47", "1e2", "nan", "181"]
)
def test_what_is_no_longitude_is_refused(written):
    with pytest.raises(InvalidFormat) as caught:
        coordinate.longitude(written)
    assert caught.value.value == written
    assert caught.value.zh != caught.value.en


def test_a_latitude_ends_at_the_poles():
    assert coordinate.latitude("南纬90") == "-90"
    with pytest.raises(InvalidFormat, match="beyond ±90°"):
        coordinate.latitude("90.0000001")


def test_a_pair_is_refused_as_it_stood_there():
    assert coordinate.parse("118.7969；32.0603") == "118.7969,32.0603"
    for written in ("118.7969", "1,2,3", "118.7969,X"):
        with pytest.raises(InvalidFormat) as caught:
            coordinate.parse(written)
        assert caught.value.value == written
    assert coordinate.describe("118.7969,32.0603") == "经度 118.7969°, 纬度 32.0603°"


def test_every_system_of_the_list_is_known_by_what_people_call_it():
    for code, row in code_list("coordinate_systems").rows.items():
        for name in (code, row["title"], row["title_en"], *row["spellings"].split("|")):
            assert coordinate.system(name) == code
            assert coordinate.system(f" {name.upper()} ") == code


@pytest.mark.parametrize("told", ["", "　", "西安80", "WGS", "bd-9"])
def test_a_position_without_a_known_system_is_refused(told):
    with pytest.raises(UnknownCode) as caught:
        coordinate.wgs84("118.7969", "32.0603", told)
    assert "坐标系" in caught.value.zh


@pytest.mark.parametrize("same", ["WGS-84", "cgcs2000", "EPSG:4490"])
def test_what_is_wgs84_already_stays(same):
    assert coordinate.wgs84("118.79690", "32.0603", same) == {"lon": "118.7969", "lat": "32.0603"}


@pytest.mark.parametrize(
    ("lon", "lat", "told", "words"),
    [
        ("32.0603", "118.7969", "WGS-84", "exchanged"),
        ("32.0603", "118.7969", "BD-09", "exchanged"),
        ("0", "0.000", "WGS-84", "no position"),
        ("2.35", "48.85", "GCJ-02", "lies outside"),
        ("118.7969", "132.0603", "WGS-84", "beyond ±90°"),
        ("118.7969", "无", "WGS-84", "no latitude"),
    ],
)
def test_what_is_no_position_is_refused(lon, lat, told, words):
    with pytest.raises(InvalidFormat, match=words):
        coordinate.wgs84(lon, lat, told)


@pytest.mark.parametrize("city", APART)
def test_the_systems_lie_as_far_apart_as_published(city):
    lon, lat, *published = APART[city]
    wgs = (lon, lat)
    gcj = gcj_from_wgs(*wgs)
    bd = bd_from_gcj(*gcj)
    for (one, other), metres in zip(((wgs, gcj), (gcj, bd), (wgs, bd)), published, strict=True):
        assert abs(1000 * kilometres(one, other) - metres) < 2


@given(IN_CHINA)
def test_a_shift_is_undone_to_the_last_decimal(place):
    gcj = gcj_from_wgs(*place)
    bd = bd_from_gcj(*gcj)
    for given_in, shifted in (("GCJ-02", gcj), ("BD-09", bd)):
        point = coordinate.wgs84(f"{shifted[0]:.12f}", f"{shifted[1]:.12f}", given_in)
        assert abs(float(point["lon"]) - place[0]) < 5.01e-8
        assert abs(float(point["lat"]) - place[1]) < 5.01e-8
        assert coordinate.wgs84(point["lon"], point["lat"], "WGS-84") == point


@given(IN_CHINA)
def test_undoing_is_the_inverse(place):
    back = undo(bd_from_gcj, *bd_from_gcj(*place))
    assert max(abs(back[0] - place[0]), abs(back[1] - place[1])) < 1e-10


@given(st.decimals(-180, 180, places=9), st.decimals(-90, 90, places=9))
def test_a_coordinate_loses_digits_only_beyond_the_seventh(lon, lat):
    assert abs(Decimal(coordinate.longitude(f"{lon:f}")) - lon) <= Decimal("5e-8")
    assert abs(Decimal(coordinate.latitude(f"{lat:f}")) - lat) <= Decimal("5e-8")


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=10) | st.sampled_from(["WGS-84", "BD-09"]))
def test_any_text_is_a_point_or_refused(lon, lat, told):
    try:
        point = coordinate.wgs84(lon, lat, told)
    except InvalidValue:
        return
    assert coordinate.wgs84(point["lon"], point["lat"], "WGS-84") == point
