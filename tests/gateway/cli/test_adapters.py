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
    assert said.code == 0


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
