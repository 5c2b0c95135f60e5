"""Published and seen examples of every value type: what people write, and what isn't one."""

import importlib
import pickle

import pytest

from canonical_schema.errors import InvalidChecksum, InvalidFormat, InvalidLength, InvalidValue, UnknownCode

ACCEPTED = {
    "manifest_no": [
        ("20263205000123", "20263205000123"),
        ("２０２６３２０５０００１２３", "20263205000123"),
        (" 2026-3205-000123 ", "20263205000123"),
        ("20221100000001", "20221100000001"),
        ("20226590999999", "20226590999999"),
    ],
    "uscc": [
        *((code, code) for code in ("91110000600037341L", "91130200699229617X", "91350100M000100Y43")),
        *((code, code) for code in ("91110000802100433B", "91120116MA0TET105H", "91320500MA1DEM20XX")),
        *((code, code) for code in ("93441300MA4DEMQ32P", "121200004013DEMA5X")),
        ("N2130402MF0DEMA154", "N2130402MF0DEMA154"),
        ("Y1310000MJ0DEMA283", "Y1310000MJ0DEMA283"),
        ("91110000 600037341l", "91110000600037341L"),
        ("９１１１００００６０００３７３４１Ｌ", "91110000600037341L"),
    ],
    "waste_code": [
        *((form, "900-249-08") for form in ("900-249-08", "90024908", "HW08-900-249-08", "HW08 900-249-08")),
        *((form, "900-249-08") for form in ("HW08/900-249-08", "hw08　９００－２４９－０８", "08 900-249-08")),
        ("900–249—08", "900-249-08"),
        ("HW900-042-49", "900-042-49"),
        ("HW49(900-041-49)", "900-041-49"),
        ("900-000-34", "900-000-34"),
        ("123-999-50", "123-999-50"),
    ],
    "category": [
        *((form, "HW08") for form in ("HW08", "08", "8", "hw08", "ＨＷ０８", "HW8", "HW08废矿物油与含矿物油废物")),
        ("HW49 其他废物", "HW49"),
        ("废酸", "HW34"),
        ("50", "HW50"),
    ],
    "hazard": [
        ("T", "T"),
        ("毒性", "T"),
        ("腐蚀性", "C"),
        ("ｉ", "I"),
        ("反应性", "R"),
        ("In", "In"),
        ("IN", "In"),
        ("感染性", "In"),
    ],
    "form": [("S", "S"), ("固态", "S"), ("半固体", "SS"), ("半固态", "SS"), ("液态", "L"), ("l", "L"), ("气态", "G")],
    "method": [
        ("R1", "R1"),
        ("R4-再循环/再利用金属和金属化合物", "R4"),
        ("D10 焚烧", "D10"),
        ("ｃ１", "C1"),
        ("Y10", "Y10"),
        ("G29", "G29"),
        ("S", "S"),
        ("R12", "R12"),
    ],
    "plate": [
        ("苏A12345", "苏A12345"),
        ("苏a·12345", "苏A12345"),
        ("粤B 1234挂", "粤B1234挂"),
        ("沪AD12345", "沪AD12345"),
        ("京A12345D", "京A12345D"),
        ("粤Z1234港", "粤Z1234港"),
        ("津Ａ１Ｂ２Ｃ３", "津A1B2C3"),
    ],
    "division": [
        ("32", "32"),
        ("320000", "32"),
        ("3205", "3205"),
        ("320500", "3205"),
        ("120113", "120113"),
        ("广东", "44"),
    ],
    "permit_no": [
        ("TJHW004", "TJHW004"),
        ("赣环危废证字第066号", "赣环危废证字066号"),
        ("赣环危废证字066号", "赣环危废证字066号"),
        ("第 4406080319 号", "4406080319"),
        ("ＸＫＺ００１", "XKZ001"),
    ],
    "container_id": [
        ("91350100M000100Y43 90024908 20240305 001", "91350100M000100Y439002490820240305001"),
        ("(01)06901234567892", "(01)06901234567892"),
    ],
    "number": [
        ("1.250", "1.25"),
        ("-0", "0"),
        ("+5", "5"),
        ("007", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1E+3", "1000"),
        ("1.5e-3", "0.0015"),
        ("−3", "-3"),
        ("0E+99", "0"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ],
    "quantity": [("1.25", "1.25"), ("0.0000005", "0"), ("0.0000015", "0.000002"), ("-3.10", "-3.1"), ("1e-7", "0")],
    "instant": [
        ("2026-03-05T08:30:00+08:00", "2026-03-05T08:30:00+08:00"),
        ("2026-03-05T00:30:00Z", "2026-03-05T08:30:00+08:00"),
        ("2026-03-05 00:30+0000", "2026-03-05T08:30:00+08:00"),
        ("2026-03-05T08:30:00.1239+08:00", "2026-03-05T08:30:00.123+08:00"),
        ("2026-03-05T08:30:00.000+08:00", "2026-03-05T08:30:00+08:00"),
    ],
    "text": [("　甲（乙）　", "甲(乙)"), ("a\r\nb", "a\nb"), ("\ufeffx\u200b", "x"), ("第１号", "第1号")],
    "verbatim": [(" text/xml ", "text/xml"), ("（", "（")],
}

REFUSED = {
    "manifest_no": [
        ("2017220100004242", InvalidLength),
        ("4413222017058232", InvalidLength),
        ("G2026320500012", InvalidFormat),
        ("LX2025-1001", InvalidFormat),
        ("ZY20240614002", InvalidFormat),
        ("18263205000123", InvalidFormat),
        ("20267105000123", UnknownCode),
        ("20269905000123", UnknownCode),
        ("", InvalidFormat),
    ],
    "uscc": [
        ("91110000600037341M", InvalidChecksum),
        ("91110000600037351L", InvalidChecksum),
        ("91110000600037341", InvalidLength),
        ("700129261", InvalidLength),
        ("91I10000600037341L", InvalidFormat),
        ("无", InvalidFormat),
        ("", InvalidFormat),
    ],
    "waste_code": [
        ("900-01-08", InvalidFormat),
        ("900-09-09", InvalidFormat),
        ("900-249-41", UnknownCode),
        ("900-249-00", UnknownCode),
        ("HW08 900-041-49", InvalidFormat),
        ("HW08", InvalidFormat),
        ("废矿物油", InvalidFormat),
    ],
    "category": [("HW41", UnknownCode), ("51", UnknownCode), ("", UnknownCode), ("HW", UnknownCode)],
    "hazard": [("爆炸性", UnknownCode), ("T，C", UnknownCode), ("", UnknownCode)],
    "form": [("粉", UnknownCode), ("G4", UnknownCode)],
    "method": [("无", InvalidFormat), ("焚烧", InvalidFormat), ("R0", InvalidFormat), ("H141", InvalidFormat)],
    "plate": [
        ("苏A1234", InvalidFormat),
        ("苏I12345", InvalidFormat),
        ("苏AO2345", InvalidFormat),
        ("A12345", InvalidFormat),
        ("苏AL12345", InvalidFormat),
        ("沪挂12345", InvalidFormat),
        ("无", InvalidFormat),
    ],
    "division": [("99", UnknownCode), ("3", InvalidFormat), ("32050", InvalidFormat), ("某市", InvalidFormat)],
    "permit_no": [("", InvalidFormat), ("  ", InvalidFormat)],
    "container_id": [("　", InvalidFormat)],
    "number": [
        ("1,250", InvalidFormat),
        ("NaN", InvalidFormat),
        ("Infinity", InvalidFormat),
        ("1e400", InvalidLength),
        ("0." + "1" * 60, InvalidLength),
        ("一", InvalidFormat),
        ("1_000", InvalidFormat),
        ("", InvalidFormat),
    ],
    "quantity": [("约5", InvalidFormat), ("5吨", InvalidFormat)],
    "instant": [
        ("2026-03-05", InvalidFormat),
        ("2026-03-05T08:30:00", InvalidFormat),
        ("2026-02-30T08:30:00Z", InvalidFormat),
        ("0001-01-01T00:00:00+23:00", InvalidFormat),
    ],
    "text": [("", InvalidFormat), ("　\u200b", InvalidFormat), ("a\x00b", InvalidFormat), ("a\ud800", InvalidFormat)],
    "verbatim": [("", InvalidFormat), ("a\nb", InvalidFormat)],
}


def module(name):
    return importlib.import_module(f"canonical_schema.values.{name}")


@pytest.mark.parametrize(("name", "written", "value"), [(n, *case) for n, cases in ACCEPTED.items() for case in cases])
def test_what_people_write_has_one_spelling(name, written, value):
    assert module(name).parse(written) == value
    assert module(name).parse(value) == value


@pytest.mark.parametrize(("name", "written", "error"), [(n, *case) for n, cases in REFUSED.items() for case in cases])
def test_what_isnt_one_is_refused_in_both_languages(name, written, error):
    with pytest.raises(InvalidValue) as caught:
        module(name).parse(written)
    assert type(caught.value) is error
    assert caught.value.value == written
    assert str(caught.value) == caught.value.en != caught.value.zh
    for lang in ("zh", "en"):
        assert module(name).describe(written, lang) == caught.value.words(lang)


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_value_is_described_in_one_sentence(name):
    written, _ = ACCEPTED[name][0]
    zh, en = module(name).describe(written), module(name).describe(written, "en")
    assert zh != en
    assert "\n" not in zh + en


def test_descriptions_say_what_the_value_means():
    assert module("waste_code").describe("90024908") == "废物代码 900-249-08, 类别 HW08 废矿物油与含矿物油废物"
    assert "江苏省" in module("manifest_no").describe("20263205000123")
    assert "should be L" in module("uscc").describe("91110000600037341M", "en")
    assert "trailer" in module("plate").describe("粤B1234挂", "en")
    assert "900" in module("container_id").describe("91350100M000100Y439002490820240305001")


def test_an_error_survives_the_way_between_processes():
    with pytest.raises(InvalidFormat) as caught:
        module("plate").parse("无")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), again.value, again.zh, again.en) == (InvalidFormat, "无", caught.value.zh, caught.value.en)
