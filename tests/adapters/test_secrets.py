import pytest

from adapters.errors import Misconfigured
from adapters.secrets import Secret, resolve


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
