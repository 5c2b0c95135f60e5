import pytest

from adapters.errors import Misconfigured
from adapters.secrets import Revealed, Secret, resolve


def test_a_secret_shows_itself_only_when_asked():
    secret = Secret("hunter2")
    assert secret.reveal() == "hunter2"
    assert "hunter2" not in f"{secret} {secret!r} {secret:>20} {[secret]}"


def test_from_the_environment_and_from_a_file(tmp_path):
    (tmp_path / "pw").write_text("密码\n", "utf-8")
    assert resolve("a ${ONE} b", {"ONE": "1"}).reveal() == "a 1 b"
    assert resolve("file:${DIR}/pw", {"DIR": str(tmp_path)}).reveal() == "密码"


def test_what_is_missing_is_named():
    with pytest.raises(Misconfigured, match=r"js\.yaml: misconfigured: not set: LIANDAN_A, LIANDAN_B"):
        resolve("${LIANDAN_A}${LIANDAN_B}${C}", {"C": "1", "LIANDAN_B": ""}, where="js.yaml")
    with pytest.raises(Misconfigured, match="FileNotFoundError"):
        resolve("file:/nowhere/pw", {})


def test_what_was_revealed_is_hidden_from_then_on(tmp_path):
    (tmp_path / "pw").write_text("pass/word", "utf-8")
    revealed = Revealed({"ID": "abcd", "KEY": "abcd1234", "NO": "7"}, "js.yaml")
    assert revealed.hide("abcd1234") == "abcd1234"
    assert revealed.reveal("Bearer ${ID}.${KEY} ${NO}") == "Bearer abcd.abcd1234 7"
    revealed.reveal(f"file:{tmp_path}/pw")
    # the longer one first; one of a single character would blacken everything
    assert revealed.hide("Bearer abcd1234 by abcd: pass/word, pass%2Fword, 7") == "Bearer *** by ***: ***, ***, 7"


@pytest.mark.parametrize(
    "echo",
    [
        'pass/word+&"密', "pass%2Fword%2B%26%22%E5%AF%86", "pass/word%2B%26%22%E5%AF%86", "pass%2fword%2b%26%22%e5%af%86",
        r'pass/word+&\"密', r'pass/word+&\"\u5bc6', "pass/word+&amp;&quot;密", 'pass/word+&amp;"密',
    ],
)  # fmt: skip
def test_a_secret_is_known_again_as_systems_write_it(echo):
    revealed = Revealed({"KEY": 'pass/word+&"密'}, "js.yaml")
    revealed.reveal("${KEY}")
    assert revealed.hide(f"<{echo}>") == "<***>"
    assert revealed.hide_bytes(f"\xff<{echo}>".encode()) == "\xff<***>".encode()


def test_of_an_address_user_and_password_are_secret():
    revealed = Revealed({"URL": "https://user-5:pw%2F91@host/a/"}, "js.yaml")
    assert revealed.address("${URL}") == "https://user-5:pw%2F91@host/a"
    assert (
        revealed.hide("https://host/a user-5 pw%2F91 pw/91 Basic dXNlci01OnB3Lzkx")
        == "https://host/a *** *** *** Basic ***"
    )


@pytest.mark.parametrize(
    ("url", "shown"), [("host/a", "'host/a'"), ("ftp://host?key=x", "'ftp://host'"), ("http://user:p/w@host", "***")]
)
def test_a_wrong_address_is_told_without_its_secrets(url, shown):
    with pytest.raises(Misconfigured) as told:
        Revealed({"URL": url}, "js.yaml").address("${URL}")
    assert str(told.value) == f"js.yaml: misconfigured: base_url is no http or https address: {shown} (网址错误)"
