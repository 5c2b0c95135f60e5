import pytest


def test_known_adapters_are_listed_as_drafts(liandan, pack):
    states = {one["id"]: one for one in liandan("adapters", "list", "--pack", pack, "--json").json["adapters"]}
    assert states["aa"]["stage"] == "draft"
    assert states["aa"]["up"] is True
    assert states["aa"]["datasets"] == ["manifests"]


def test_one_whose_secret_or_host_is_missing_is_reported_as_down(liandan, pack):
    file = pack / "adapters/provinces/cc.yaml"
    file.write_text(
        (pack / "adapters/provinces/aa.yaml")
        .read_text("utf-8")
        .replace("id: aa", "id: cc")
        .replace("driver: file", "driver: xml_drop\nfolder: ${LIANDAN_TEST_FOLDER}")
        .replace("    decode: [text:utf-8, json]", "    files: '*.zip'\n    decode: [text:utf-8, xml]"),
        "utf-8",
    )
    states = {one["id"]: one for one in liandan("adapters", "list", "--pack", pack, "--json").json["adapters"]}
    assert states["cc"]["up"] is False
    assert "LIANDAN_TEST_FOLDER" in states["cc"]["words"]
    assert states["aa"]["up"] is True


def test_a_typo_in_a_key_is_told_with_its_place_and_the_likely_key(liandan, pack):
    file = pack / "adapters/provinces/aa.yaml"
    file.write_text(file.read_text("utf-8").replace("title_en: A province", "titel_en: A province"), "utf-8")
    said = liandan("adapters", "check", "aa", "--pack", pack, "--json")
    assert said.code == 1
    problem = next(one for one in said.json["problems"] if one["suggestion"])
    assert problem["file"].endswith("adapters/provinces/aa.yaml")
    assert (problem["line"], problem["column"]) == (4, 1)
    assert problem["suggestion"] == "title_en"
    states = {one["id"]: one for one in liandan("adapters", "list", "--pack", pack, "--json").json["adapters"]}
    assert states["aa"]["up"] is False
    assert states["bb"]["up"] is True


def test_a_fault_in_a_mapping_is_found_too_and_holds_back_the_stage(liandan, pack):
    file = pack / "mappings/provinces/aa/manifests.yaml"
    file.write_text(file.read_text("utf-8").replace("key: key", "kee: key"), "utf-8")
    said = liandan("adapters", "check", "--pack", pack)
    assert said.code == 1
    assert "mappings/provinces/aa/manifests.yaml:" in said.out
    live = liandan("adapters", "stage", "aa", "live", "--reason", "x", "--pack", pack)
    assert live.code == 2
    assert liandan("adapters", "check", "bb", "--pack", pack).code == 0


def test_our_own_adapters_have_no_fault(liandan):
    said = liandan("adapters", "check", "--json")
    assert said.json["problems"] == []
    assert said.json["untold"] == {}
    assert said.code == 0


OUTWARD = """\
kind: manifest
standard: 1.0-rc
system: aa
to: json
fields: {no: national_no, shape: wastes/0/form}
left_out: {local_numbers: no place, status: no place, consignor: no place, wastes/name: no place}
"""


def test_the_faults_of_an_outward_mapping_are_found_too_and_hold_back_the_stage(liandan, pack):
    file = pack / "mappings/provinces/aa/out/manifests.yaml"
    file.parent.mkdir()
    file.write_text(OUTWARD.replace("national_no", "nationl_no").replace("consignor", "consignr"), "utf-8")
    said = liandan("adapters", "check", "aa", "--pack", pack, "--json")
    places = [(one["line"], one["column"], one["suggestion"]) for one in said.json["problems"]]
    assert (said.code, places) == (1, [(5, 14, "national_no"), (6, 55, "consignor")])
    assert liandan("adapters", "stage", "aa", "live", "--reason", "x", "--pack", pack).code == 2
    file.write_text(OUTWARD.replace("system: aa", "system: bb"), "utf-8")
    assert "out/manifests.yaml:3:1: system is 'bb'" in liandan("adapters", "check", "aa", "--pack", pack).out
    file.rename(file.with_name("others.yaml"))
    assert "out/others.yaml:1:1: aa has no dataset others" in liandan("adapters", "check", "aa", "--pack", pack).out


def test_what_an_outward_mapping_leaves_untold_is_a_note_and_no_fault(liandan, pack):
    file = pack / "mappings/provinces/aa/out/manifests.yaml"
    file.parent.mkdir()
    file.write_text(OUTWARD, "utf-8")
    said = liandan("adapters", "check", "aa", "--pack", pack, "--json")
    assert (said.code, said.json["problems"]) == (0, [])
    [(named, fields)] = said.json["untold"].items()
    assert named.endswith("aa/out/manifests.yaml")
    assert {"wastes/code", "consignee/name"} <= set(fields)
    assert not {"national_no", "wastes/form", "wastes/name", "consignor/name", "status"} & set(fields)
    words = liandan("adapters", "check", "aa", "--pack", pack)
    assert words.out == ""
    assert "neither written nor left out: " in words.err


def test_a_dataset_without_mapping_and_a_mapping_without_dataset_are_faults(liandan, pack):
    (pack / "mappings/provinces/aa/manifests.yaml").rename(pack / "mappings/provinces/aa/others.yaml")
    said = liandan("adapters", "check", "aa", "--pack", pack, "--json")
    words = " ".join(one["words"] for one in said.json["problems"])
    assert "manifests" in words
    assert "others" in words


def test_stages_are_kept_with_who_when_and_why(liandan, pack):
    said = liandan("adapters", "stage", "aa", "live", "--reason", "合同测试", "--by", "王工", "--pack", pack, "--json")
    assert said.json == {"adapter": "aa", "before": "draft", "stage": "live"}
    again = liandan("adapters", "stage", "aa", "live", "--reason", "again", "--pack", pack, "--json")
    assert again.json == {"adapter": "aa", "before": "live", "stage": "live"}
    (change,) = liandan("adapters", "history", "aa", "--pack", pack, "--json").json["history"]
    assert (change["stage"], change["who"], change["why"]) == ("live", "王工", "合同测试")
    assert change["at"].endswith("+08:00")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["aa", "tested", "--reason", "x"], "contract run"),
        (["aa", "alive", "--reason", "x"], "live"),
        (["aa", "suspended", "--reason", "x"], "draft"),
        (["aa", "live", "--reason", "  "], "--reason"),
        (["yy", "live", "--reason", "x"], "aa"),
    ],
)
def test_a_stage_that_cant_be_had_is_refused(liandan, pack, words, named):
    said = liandan("adapters", "stage", *words, "--pack", pack)
    assert said.code == 2
    assert named in said.err


def test_an_adapter_that_only_takes_files_says_so_when_pulled(with_pack):
    said = with_pack("adapters", "pull", "aa")
    assert said.code == 2
    assert "liandan ingest aa manifests" in said.err


def test_notes_hold_nothing_back_and_go_to_standard_error(liandan, pack):
    file = pack / "adapters/provinces/aa.yaml"
    file.write_text(
        file.read_text("utf-8").replace("driver: file", "driver: file\nfolder: ${LIANDAN_TEST_FOLDER}"), "utf-8"
    )
    said = liandan("adapters", "check", "aa", "--pack", pack, "--json")
    assert (said.code, said.json["problems"]) == (0, [])
    notes = [(one["kind"], one["line"], one["words"]) for one in said.json["notes"]]
    assert [(kind, line) for kind, line, _ in notes] == [("note", 6), ("absent", 6)]
    assert "LIANDAN_TEST_FOLDER isn't set yet (环境变量尚未设置)" in notes[1][2]
    words = liandan("adapters", "check", "aa", "--pack", pack)
    assert (words.code, words.out) == (0, "")
    assert "aa.yaml:6:9: driver file doesn't use 'folder' (此接入方式不使用此项)" in words.err
    assert "发现 0 处问题, 2 条提示 · 1 checked, 0 problems, 2 notes" in words.err
    assert "isn't set yet" not in liandan("adapters", "check", "--pack", pack).err
