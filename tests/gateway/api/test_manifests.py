import pytest

from gateway.read.answer import encode
from gateway.read.lineage import lineage
from gateway.read.manifests import resolve

NUMBER, OTHER = "20263201000001", "20263201000002"


def test_the_newest_envelope_is_found_by_each_of_its_numbers(national):
    record = national.get(f"/v1/manifests/{NUMBER}").json()
    assert record["content"]["national_no"] == NUMBER
    assert {claim["adapter"] for claim in record["claims"]} == {"aa", "bb"}
    for name in (record["record_id"], "aa:A-1", "bb:B-7"):
        assert national.get(f"/v1/manifests/{name}").json() == record
    assert national.get(f"/v1/records/manifest/{record['record_id']}").json() == record


@pytest.mark.parametrize("suffix", ["", "/versions", "/claims", "/discrepancies", "/trace", "/lineage"])
def test_both_families_of_paths_answer_alike(national, suffix):
    record_id = national.get(f"/v1/manifests/{NUMBER}").json()["record_id"]
    one = national.get(f"/v1/manifests/{NUMBER}{suffix}")
    other = national.get(f"/v1/records/manifest/{record_id}{suffix}")
    assert one.status_code == other.status_code == 200
    assert one.content == other.content
    assert one.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "no",
    ["20993201999999", "nothing", "%00", "a%0Ab", "x" * 300, "aa:A-9", "苏/2026/1", "-", "0", "' OR 1=1 --", "%F0%9F"],
)
@pytest.mark.parametrize("suffix", ["", "/claims", "/lineage"])
def test_what_is_no_known_number_is_404(national, no, suffix):
    answer = national.get(f"/v1/manifests/{no}{suffix}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:liandan:problem:not-found"
    assert problem["status"] == 404
    assert problem["detail"]
    assert problem["detail_en"]


def test_another_kind_doesnt_have_the_record(national):
    record_id = national.get(f"/v1/manifests/{NUMBER}").json()["record_id"]
    for kind in ("track", "Manifest", "x" * 300, "%00"):
        assert national.get(f"/v1/records/{kind}/{record_id}").status_code == 404


def test_a_number_of_two_records_is_409_with_both(national, monkeypatch):
    both = [national.get(f"/v1/manifests/{no}").json()["record_id"] for no in (NUMBER, OTHER)]
    monkeypatch.setattr("gateway.store.records.find", lambda conn, no, kind: both)
    answer = national.get("/v1/manifests/aa:A-1")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:liandan:problem:ambiguous"
    assert answer.json()["record_ids"] == sorted(both)


def test_versions_are_all_envelopes_from_the_first(national):
    versions = national.get(f"/v1/manifests/{OTHER}/versions").json()["versions"]
    assert [one["version"] for one in versions] == [1, 2]
    assert [one["change"] for one in versions] == ["created", "voided"]
    assert versions[-1] == national.get(f"/v1/manifests/{OTHER}").json()


def test_claims_are_all_versions_of_what_each_system_says(national):
    claims = national.get(f"/v1/manifests/{NUMBER}/claims").json()["claims"]
    assert [(one["adapter"], one["dataset"], one["source_key"], one["version"]) for one in claims] == [
        ("aa", "manifests", "A-1", 1),
        ("bb", "manifests", "B-7", 1),
    ]
    assert [one["content"]["wastes"][0]["quantity_t"] for one in claims] == ["1.2505", "1.2"]
    assert set(claims[0]) == {
        *(
            "adapter",
            "dataset",
            "source_key",
            "version",
            "observed_at",
            "payload_hash",
            "mapping_hash",
            "findings",
            "content",
        )
    }
    assert len(national.get(f"/v1/manifests/{OTHER}/claims").json()["claims"]) == 2


def test_where_two_provinces_differ_both_words_are_kept(national):
    told = national.get(f"/v1/manifests/{NUMBER}/discrepancies").json()["discrepancies"]
    quantity = next(one for one in told if one["field"].endswith("quantity_t"))
    assert quantity["open"] is True
    assert {side["adapter"]: side["value"] for side in quantity["sides"]} == {"aa": "1.2505", "bb": "1.2"}


def test_lineage_is_what_the_command_prints(auditor, filled):
    with filled.database.read() as conn:
        printed = encode(lineage(conn, resolve(conn, NUMBER), documents=True))
    assert auditor.get(f"/v1/manifests/{NUMBER}/lineage?documents=true").content == printed


def test_one_field_of_the_lineage_can_be_asked_for(national):
    told = national.get(f"/v1/manifests/{NUMBER}/lineage", params={"field": "/wastes/0/quantity_t"}).json()
    assert [[one["field"] for one in claim["entries"]] for claim in told["claims"]] == [["/wastes/0/quantity_t"]] * 2


def test_unknown_methods_are_problems(national):
    answer = national.post(f"/v1/manifests/{NUMBER}")
    assert answer.status_code == 405
    assert answer.json()["type"] == "urn:liandan:problem:method"
