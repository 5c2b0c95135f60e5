"""The made-up platform of docs/adapters.md: its files written out, its commands run, its server asked, its output compared."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from contract_tests.lineage_check import claim_faults, leaves, parse_json
from gateway.cli.main import run
from gateway.settings import Settings
from gateway.store import changes
from gateway.store.database import open_database

TEXT = (Path(__file__).resolve().parents[2] / "docs/adapters.md").read_text("utf-8")
WALK = TEXT[TEXT.index("## A new province in an afternoon") : TEXT.index("## The file")]
ADAPTER, MAPPING = re.findall(r"^```yaml\n(.*?)^```", WALK, re.MULTILINE | re.DOTALL)
(ANSWER,) = re.findall(r"^```json\n(.*?)^```", WALK, re.MULTILINE | re.DOTALL)

# The first manifest of the answer, read by eye.
FIRST = {
    "national_no": "20263205000017",
    "local_numbers": [{"system": "yy", "number": "YY-2026-0001"}],
    "status": "received",
    "consignor": {
        "name": "某某机械(苏州)有限公司",
        "other_ids": [{"system": "yy", "id": "91320500MA1XXXXX0A"}],
        "handed_over_at": {"at": "2026-03-05T08:30:00+08:00", "precision": "minute"},
    },
    "wastes": [
        {"seq": 1, "name": "废机油", "code": "900-249-08", "quantity_t": "1.25"},
        {"seq": 2, "name": "废油桶", "code": "900-041-49", "declared": {"value": "12", "unit": "只"}},
    ],
    "legs": [
        {
            "seq": 1,
            "carrier": {"name": "某某危货运输有限公司"},
            "vehicle": {"plate": "苏ED1234"},
            "departed_at": {"at": "2026-03-05T08:30:00+08:00", "precision": "minute"},
        }
    ],
    "consignee": {"name": "某某再生资源有限公司", "received_at": {"at": "2026-03-06", "precision": "day"}},
}


class _Platform(BaseHTTPRequestHandler):
    """Gives a ticket, lets it expire once, and answers from the time that it's asked for."""

    asked: list[dict[str, list[str]]]

    def log_message(self, *_):
        pass

    def do_POST(self):
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        good = given == {"account": "who", "password": "secret"}
        self._say({"status": "OK", "result": {"ticket": "t"}} if good else {"status": "WRONG", "message": "口令错误"})

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        self.asked.append(query)
        if self.headers["X-Ticket"] != "t" or len(self.asked) == 1:
            self._say({"status": "EXPIRED", "message": "请重新登录"})
            return
        answer = json.loads(ANSWER)
        rows = [row for row in answer["result"]["items"] if row["changed"] >= query["since"][0]]
        answer["result"] = {"count": len(rows), "items": rows if query["page"] == ["1"] else []}
        self._say(answer)

    def _say(self, answer):
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def platform():
    handler = type("Platform", (_Platform,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler.asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def liandan(tmp_path, monkeypatch, capfd):
    """One command in a folder that holds the pack and the answer: exit code, standard output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIANDAN_DATA", "data")
    for name in ("LIANDAN_DATABASE", "LIANDAN_PACKS", "LIANDAN_YY_URL"):
        monkeypatch.delenv(name, raising=False)
    _write("pack/adapters/provinces/yy.yaml", ADAPTER)
    _write("pack/mappings/provinces/yy/transfers.yaml", MAPPING)
    _write("answer.json", ANSWER)

    def command(*words):
        code = run(words)
        return code, capfd.readouterr().out

    return command


def _write(file, text):
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(text, "utf-8")


def told(command):
    """What the document shows below a command."""
    shown = WALK[WALK.index(f"$ liandan {command}") :].partition("\n```")[0]
    return re.split(r"^\$ ", shown, flags=re.MULTILINE)[1].splitlines()[1:]


def test_the_check_names_the_two_slips(liandan):
    assert liandan("adapters", "check", "yy", "--pack", "pack") == (0, "")
    _write("pack/adapters/provinces/yy.yaml", ADAPTER.replace("overlap: 10m", "overlap: 10"))
    _write("pack/mappings/provinces/yy/transfers.yaml", MAPPING.replace("quantity_t", "quantity"))
    code, out = liandan("adapters", "check", "yy", "--pack", "pack")
    assert (code, out.splitlines()) == (1, told("adapters check"))


def test_the_check_knows_the_provinces(liandan):
    _write("pack/adapters/provinces/yy.yaml", ADAPTER.replace("division: 32", "division: 38"))
    code, out = liandan("adapters", "check", "yy", "--pack", "pack")
    assert (code, out) == (1, "pack/adapters/provinces/yy.yaml:3:11: no province has the code 38 (没有这个省级代码)\n")


def test_the_saved_answer_goes_the_whole_way_and_the_system_says_nothing_new(liandan, platform, monkeypatch):
    _, out = liandan("adapters", "stage", "yy", "live", "--reason", "first try", "--pack", "pack")
    assert out.splitlines() == told("adapters stage")
    _, out = liandan("ingest", "yy", "transfers", "answer.json", "--pack", "pack")
    assert out.splitlines() == told("ingest")
    _, out = liandan("quarantine", "list")
    assert out.splitlines() == told("quarantine list")
    _, out = liandan("lineage", "yy:YY-2026-0001")
    assert "\n".join(told("lineage")[:3]) in out
    assert "\n".join(told("lineage")[3:6]) in out
    assert "\n".join(told("lineage")[6:]) in out
    _, out = liandan("lineage", "yy:YY-2026-0001", "--documents", "--json")
    (claim,) = parse_json(out)["claims"]
    assert claim_faults(claim) == []

    address, asked = platform
    for name, value in (("URL", address), ("ACCOUNT", "who"), ("PASSWORD", "secret")):
        monkeypatch.setenv(f"LIANDAN_YY_{name}", value)
    _, out = liandan("adapters", "pull", "yy", "--pack", "pack")
    assert out.splitlines() == told("adapters pull")
    assert asked[0] == {"since": ["2020/01/01 00:00"], "page": ["1"], "rows": ["50"]}
    assert len(asked) > 1


def test_the_first_manifest_is_as_read_by_eye(liandan, tmp_path):
    liandan("adapters", "stage", "yy", "live", "--reason", "first try", "--pack", "pack")
    liandan("ingest", "yy", "transfers", "answer.json", "--pack", "pack")
    database = open_database(Settings(data=tmp_path / "data").database_url)
    with database.read() as conn:
        ((_, body),), more = changes.page(conn, after=0, limit=10, kind="manifest", province=None)
    database.dispose()
    envelope = orjson.loads(body)
    assert (leaves(envelope["content"]), more) == (leaves(FIRST), False)
    uscc = next(one for one in envelope["quality"]["findings"] if one["id"] == "M002")
    assert uscc["fields"] == ["/consignor/uscc"]
    assert "character 17" in uscc["message_en"]


def test_a_wrong_password_is_told_in_the_systems_own_words(liandan, platform, monkeypatch, capfd):
    liandan("adapters", "stage", "yy", "live", "--reason", "first try", "--pack", "pack")
    for name, value in (("URL", platform[0]), ("ACCOUNT", "who"), ("PASSWORD", "old")):
        monkeypatch.setenv(f"LIANDAN_YY_{name}", value)
    assert run(("adapters", "pull", "yy", "--pack", "pack")) == 1
    assert "口令错误" in capfd.readouterr().err
