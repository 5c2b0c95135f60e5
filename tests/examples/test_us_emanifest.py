"""Published manifests of another country through the whole way; every mapped value against what was read off by hand."""

import json
import re
from pathlib import Path

import orjson
import pytest

from contract_tests.lineage_check import claim_faults, leaves, parse_json
from gateway.cli.main import run
from gateway.settings import Settings
from gateway.store import changes
from gateway.store.database import open_database

PACK = Path(__file__).resolve().parents[2] / "docs/examples/us_emanifest"
SAMPLES = PACK / "samples"
FILES = [
    str(SAMPLES / f"{name}.json") for name in ("full_electronic", "data_and_image", "invalid", "correction_details")
]

EPA_MAIL = {"phone": "703-308-0023", "email": "EMANIFEST@EPA.GOV"}
DRIVE = "2777 S CRYSTAL DRIVE, ARLINGTON, VA, 22202"


def epa(number):
    return [{"system": "epa", "id": number}]


def at(day):
    """Noon at +08:00 is 04:00 at +0000, the hour of every signature in the samples."""
    return {"at": f"2019-03-{day}T12:00:00+08:00", "precision": "second"}


FULL_ELECTRONIC = {
    "status": "declared",
    "consignor": {"other_ids": epa("VATEST000004"), "contact": EPA_MAIL, "emergency_phone": "888-456-1234"},
    "wastes": [
        {
            "seq": 1,
            "name": "NA1993, Waste Diesel fuel, 3, III",
            "other_codes": [{"system": "epa", "code": "D001"}],
            "packages": [{"type": "Metal drums, barrels, kegs", "count": 12}],
            "declared": {"value": "480", "unit": "G"},
            "dangerous_goods": {"un_no": "NA1993"},
        },
        {
            "seq": 2,
            "name": "PCB contaminated bags",
            "packages": [{"type": "Burlap, cloth, paper, or plastic bags", "count": 12}],
            "quantity_t": "0.432",
        },
    ],
    "legs": [
        {"seq": 1, "carrier": {"other_ids": epa("VATEST000001"), "contact": {"phone": "703-308-0023"}}},
        {"seq": 2, "carrier": {"other_ids": epa("VATEST000002"), "contact": EPA_MAIL}},
        {
            "seq": 3,
            "carrier": {
                "name": "TEST TRANSPORTER 1 OF VA",
                "other_ids": epa("VATEST000001"),
                "contact": {"phone": "703-308-0023"},
            },
        },
    ],
    "consignee": {"other_ids": epa("VAD000532119"), "contact": EPA_MAIL},
}

DATA_AND_IMAGE = {
    "status": "received",
    "attachments": [{"name": "687654321FLE-print.pdf", "media_type": "application/pdf"}],
    "consignor": {
        "name": "TEST GENERATOR OF VA",
        "other_ids": epa("VATEST000004"),
        "address": DRIVE,
        "contact": EPA_MAIL,
        "emergency_phone": "888-867-2485",
        "handler": {"name": "Generator Name"},
        "handed_over_at": at(13),
    },
    "wastes": [
        {
            "seq": 1,
            "name": "UN3432, Waste Polychlorinated biphenyls, solid, 9, II",
            "other_codes": [{"system": "epa", "code": "D001"}],
            "packages": [{"type": "Fiber or plastic boxes, cartons, cases", "count": 123}],
            "quantity_t": "0.456",
            "dangerous_goods": {"un_no": "UN3432"},
            "receipt": {"note": "6500 KG"},
        },
        {
            "seq": 2,
            "name": "PCB contaminated caulk",
            "packages": [{"type": "Burlap, cloth, paper, or plastic bags", "count": 32}],
            "quantity_t": "0.055",
            "receipt": {"note": "6500 KG"},
        },
        {
            "seq": 4,
            "name": "Misc. Office Trash",
            "packages": [{"type": "Fiber or plastic boxes, cartons, cases", "count": 43}],
            "quantity_t": "0.156489",  # 345 lb of 0.45359237 kg: 0.15648936765, to 6 decimals
        },
        {
            "seq": 5,
            "name": "NA1993, Waste Diesel fuel, 3, III",
            "other_codes": [{"system": "epa", "code": "D001"}],
            "packages": [{"type": "Metal drums, barrels, kegs", "count": 1}],
            "declared": {"value": "55", "unit": "G"},
            "dangerous_goods": {"un_no": "NA1993"},
        },
        {
            "seq": 6,
            "name": "UN3210, Waste Chlorates, inorganic, aqueous solution, n.o.s, 5.1, II",
            "other_codes": [{"system": "epa", "code": "D003"}],
            "packages": [{"type": "Metal boxes, cartons, cases (including roll offs)", "count": 12}],
            "declared": {"value": "43", "unit": "G"},
            "dangerous_goods": {"un_no": "UN3210"},
        },
    ],
    "legs": [
        {
            "seq": 1,
            "carrier": {
                "name": "TEST TRANSPORTER 2 OF VA",
                "other_ids": epa("VATEST000002"),
                "address": DRIVE,
                "contact": EPA_MAIL,
            },
            "departed_at": at(14),
        },
        {
            "seq": 2,
            "carrier": {
                "name": "TEST TRANSPORTER 1 OF VA",
                "other_ids": epa("VATEST000001"),
                "address": "2777 SOUTH CRYSTAL DRIVE, ARLINGTON, VA, 22202",
                "contact": {"phone": "703-308-0023"},
            },
            "departed_at": at(15),
        },
        {
            "seq": 3,
            "carrier": {
                "name": "TEST TRANSPORTER 2 OF VA",
                "other_ids": epa("VATEST000002"),
                "address": DRIVE,
                "contact": EPA_MAIL,
            },
            "departed_at": at(16),
        },
    ],
    "consignee": {
        "name": "TEST TSDF OF VA",
        "other_ids": epa("VAD000532119"),
        "address": "123 MAIN ST, ARLINGTON, VA, 22202",
        "contact": EPA_MAIL,
        "handler": {"name": "Designated Fac Name"},
        "received_at": at(17),
    },
}


@pytest.fixture
def liandan(tmp_path, monkeypatch, capfd):
    """One command on data of its own: exit code, standard output, standard error."""
    monkeypatch.setenv("LIANDAN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("LIANDAN_DATABASE", raising=False)
    monkeypatch.delenv("LIANDAN_PACKS", raising=False)

    def command(*words):
        code = run(words)
        told = capfd.readouterr()
        return code, told.out, told.err

    return command


@pytest.fixture
def ingested(liandan):
    code, _, _ = liandan("adapters", "stage", "us", "live", "--reason", "published examples", "--pack", str(PACK))
    assert code == 0
    code, out, _ = liandan("ingest", "us", "manifests", *FILES, "--pack", str(PACK), "--json")
    assert (code, json.loads(out)) == (0, {"pulled": 4, "accepted": 2, "unchanged": 0, "quarantined": 2})
    return liandan


def records(tmp_path):
    """File name → envelope."""
    database = open_database(Settings(data=tmp_path / "data").database_url)
    with database.read() as conn:
        page, _ = changes.page(conn, after=0, limit=10, kind="manifest", province=None)
    database.dispose()
    envelopes = [orjson.loads(body) for _, body in page]
    return {one["claims"][0]["source_key"]: one for one in envelopes}


@pytest.mark.parametrize(
    ("file", "wanted"), [("full_electronic.json", FULL_ELECTRONIC), ("data_and_image.json", DATA_AND_IMAGE)]
)
def test_every_value_is_as_read_off_by_hand(ingested, tmp_path, file, wanted):
    assert leaves(records(tmp_path)[file]["content"]) == leaves(wanted)


def test_the_warnings_are_in_plain_words(ingested, tmp_path):
    found = {
        file: [(one["id"], one["message_en"]) for one in envelope["quality"]["findings"]]
        for file, envelope in records(tmp_path).items()
    }
    gallons = "the quantity of waste {} isn't known in tonnes; the source says '{} G'"
    no_number = ("M004", "the manifest has no number, neither national nor local")
    assert found["full_electronic.json"] == [("M003", gallons.format(1, 480)), no_number]
    placeholder, *others = found["data_and_image.json"]
    assert placeholder[0] == "M000"
    assert "'CHANGE ME' is no tracking number" in placeholder[1]
    confirmed = ("M021", "receipt was to be confirmed by 2019-03-22 (5 working days); it isn't done")
    assert others == [("M003", gallons.format(5, 55)), ("M003", gallons.format(6, 43)), no_number, confirmed]


def test_the_invalid_one_names_its_eight_faults_and_the_one_that_isnt_json_its_place(ingested):
    _, out, _ = ingested("quarantine", "list", "--json")
    items = {item["place"]: item["reasons"] for item in json.loads(out)["items"]}
    assert sorted(items) == ["correction_details.json", "invalid.json"]
    assert [reason.partition(": ")[0] for reason in items["invalid.json"]] == [
        *["/wastes/0"] * 4,
        "/wastes/0/br",
        "/wastes/0/brInfo",
        "/wastes/0/dotInformation",
        "/wastes/0/quantity/quantity",
    ]
    assert "/wastes/0/quantity/quantity: 应为 integer 类型 / 1.67 is no integer" in items["invalid.json"]
    assert "/wastes/0: 缺少必需的字段 pcb / the required field pcb is missing" in items["invalid.json"]
    (reason,) = items["correction_details.json"]
    assert "line 169, column 1" in reason


def test_the_pack_tells_of_its_output_as_it_is(ingested):
    text = (PACK / "README.md").read_text("utf-8")
    _, out, _ = ingested("quarantine", "show", "1")
    assert text.partition("quarantine show 1\n")[2].partition("```")[0] == out[out.index("reasons:") :]
    _, out, _ = ingested("quarantine", "show", "2")
    (told,) = re.findall("`(line 169.*?)`", text)
    assert f"  - {told}" in out


def test_the_payload_is_kept_whole(ingested):
    _, out, _ = ingested("quarantine", "list", "--json")
    broken = next(item for item in json.loads(out)["items"] if item["place"] == "correction_details.json")
    code, out, _ = ingested("quarantine", "show", str(broken["id"]), "--payload")
    assert (code, out.encode()) == (0, (SAMPLES / "correction_details.json").read_bytes())


def test_every_lineage_entry_is_true(ingested, tmp_path):
    for envelope in records(tmp_path).values():
        code, out, _ = ingested("lineage", envelope["record_id"], "--documents", "--json")
        (claim,) = parse_json(out)["claims"]
        assert (code, claim_faults(claim)) == (0, [])
        told = {entry["field"]: entry["value"] for entry in claim["entries"] if "value" in entry}
        assert told == leaves(envelope["content"])


def test_the_same_files_again_change_nothing(ingested):
    code, out, _ = ingested("ingest", "us", "manifests", *FILES, "--pack", str(PACK), "--json")
    assert (code, json.loads(out)) == (0, {"pulled": 4, "accepted": 0, "unchanged": 4, "quarantined": 0})


def test_it_is_refused_before_it_is_live_naming_the_command(liandan):
    code, out, err = liandan("ingest", "us", "manifests", *FILES, "--pack", str(PACK))
    assert (code, out) == (2, "")
    assert f"liandan adapters stage us live --reason '…' --pack {PACK}" in err
