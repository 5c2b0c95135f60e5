"""Each wrong setting of `cipher` is told with its line, its column and what is expected."""

from pathlib import Path

import pytest

import adapters
from adapters.load import load_adapter
from canonical_schema.problem import ProblemsFound

PROVINCES = Path(adapters.__file__).parent / "provinces"
POST = ("path: /api/manifests", "method: POST\n      path: /api/manifests\n      json: {a: b}")


@pytest.fixture
def told(tmp_path):
    """What `check` says of an adapter with this cipher, as (the file's text from the place on, words, suggestion)."""

    def check(cipher, name="js", old=POST[0], new=POST[1]):
        text = (PROVINCES / f"{name}.yaml").read_text("utf-8")
        file = tmp_path / f"{name}.yaml"
        text = text.replace(old, new) + f"\ncipher: {cipher}\n"
        file.write_text(text, "utf-8")
        try:
            load_adapter(file)
        except ProblemsFound as found:
            lines = text.splitlines()
            return [(lines[one.line - 1][one.column - 1 :], one.words, one.suggestion) for one in found.problems]
        return []

    return check


KEY = "key: '${K}'"


@pytest.mark.parametrize(
    "cipher",
    [
        f"{{kind: sm4-ecb, {KEY}, encrypt: body, decrypt: body}}",
        "{kind: aes-cbc, key: 'hex:${K}', iv: 'hex:00112233445566778899aabbccddeeff', encrypt: /a, decrypt: /data/0/x}",
        "{kind: sm4-cbc, key: 'file:/run/k', iv: 'base64:${IV}', padding: zero, text: raw, decrypt: body, login: no}",
        f"{{kind: sm4-cbc, {KEY}, iv: prefix, text: HEX, wrap: {{d: '{{cipher}}', t: '{{time}}', k: '{{token}}'}}}}",
        f"{{kind: sm4-cbc, {KEY}, iv: '1234567890123456', encrypt: body}}",
    ],
)
def test_what_can_be_said(told, cipher):
    assert told(cipher) == []


@pytest.mark.parametrize(
    ("cipher", "at", "words", "meant"),
    [
        (f"{{kind: sm4cbc, {KEY}, encrypt: body}}", "sm4cbc,", "is none of 'sm4-cbc', 'sm4-ecb'", "sm4-cbc"),
        ("{kind: sm4-ecb, encrypt: body}", "{kind", "key 'key' is missing", ""),
        ("{kind: sm4-ecb, key: 0123456789abcdef, encrypt: body}", "0123", "a secret is named here", ""),
        ("{kind: sm4-ecb, key: 'hex:00112233', encrypt: body}", "'hex:", "a secret is named here", ""),
        (f"{{kind: sm4-ecb, {KEY}, padding: pkcs5, encrypt: body}}", "pkcs5", "is none of 'pkcs7' or 'zero'", "pkcs7"),
        (f"{{kind: sm4-ecb, {KEY}, iv: prefix, encrypt: body}}", "prefix", "sm4-ecb has no initial vector", ""),
        (f"{{kind: sm4-cbc, {KEY}, encrypt: body}}", "{kind", "'iv' is missing", ""),
        (
            f"{{kind: sm4-cbc, {KEY}, iv: 'hex:0011', encrypt: body}}",
            "'hex:0011'",
            "16 bytes is needed, not one of 2",
            "",
        ),
        (f"{{kind: sm4-cbc, {KEY}, iv: 'hex:xy', encrypt: body}}", "'hex:xy'", "isn't written in hex", ""),
        (f"{{kind: sm4-ecb, {KEY}}}", "{kind", "'encrypt', 'wrap' or 'decrypt' says", ""),
        (f"{{kind: sm4-ecb, {KEY}, encrypt: data}}", "data}", "'body', or the JSON Pointer of a field", ""),
        (f"{{kind: sm4-ecb, {KEY}, encrypt: body, wrap: {{d: '{{cipher}}'}}}}", "body,", "not both", ""),
        (f"{{kind: sm4-ecb, {KEY}, wrap: {{d: x}}}}", "{d", "needs {cipher}", ""),
        (
            f"{{kind: sm4-ecb, {KEY}, wrap: {{d: '{{cipher}}{{cihper}}'}}}}",
            "'{cipher}{",
            "nothing fills {cihper}",
            "{cipher}",
        ),
        (f"{{kind: sm4-ecb, {KEY}, text: raw, decrypt: /data}}", "raw,", "a field holds text", ""),
        (f"{{kind: sm4-ecb, {KEY}, decrypt: body, pading: zero}}", "pading", "unknown key 'pading'", "padding"),
        (f"{{kind: sm4-ecb, {KEY}, decrypt: body, login: maybe}}", "maybe", "yes or no is needed here", ""),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(told, cipher, at, words, meant):
    ((place, said, suggestion),) = told(cipher)
    assert place.startswith(at), place
    assert words in said
    assert suggestion == meant


def test_what_is_enciphered_must_be_there(told):
    cipher = f"{{kind: sm4-ecb, {KEY}, encrypt: body}}"
    ((_, words, _),) = told(cipher, new=POST[0])
    assert "no request has a body" in words
    ((_, words, _),) = told(f"{{kind: sm4-ecb, {KEY}, decrypt: body}}", "tj")
    assert "driver soap knows no cipher" in words


@pytest.mark.parametrize("body", ["text: <a/>", "form: {a: b}"])
def test_a_body_enciphered_whole_may_be_any(told, body):
    post = POST[1].replace("json: {a: b}", body)
    assert told(f"{{kind: sm4-ecb, {KEY}, encrypt: body}}", new=post) == []


def test_a_field_of_a_form_cant_be_enciphered(told):
    post = POST[1].replace("json: {a: b}", "form: {a: b}")
    ((_, words, _),) = told(f"{{kind: sm4-ecb, {KEY}, encrypt: /a}}", new=post)
    assert "no request has a body" in words
