from pathlib import Path

import pytest

from gateway.errors import BadSettings
from gateway.settings import load_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("LIANDAN_DATA", "LIANDAN_DATABASE", "LIANDAN_PACKS"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_lie_in_one_folder():
    settings = load_settings()
    assert settings.data == Path(".liandan")
    assert settings.database_url == "sqlite:///.liandan/liandan.db"
    assert settings.packs == ()


def test_the_database_follows_the_data_folder(monkeypatch):
    monkeypatch.setenv("LIANDAN_DATA", "/srv/liandan")
    assert load_settings().database_url == "sqlite:////srv/liandan/liandan.db"


def test_variables_stand_over_the_file(tmp_path, monkeypatch):
    (tmp_path / "liandan.toml").write_text('data = "from_file"\ndatabase = "sqlite:///file.db"\npacks = ["a", "b"]\n')
    monkeypatch.setenv("LIANDAN_DATABASE", "postgresql+psycopg://host/db")
    settings = load_settings()
    assert (settings.data, settings.database_url) == (Path("from_file"), "postgresql+psycopg://host/db")
    assert settings.packs == (Path("a"), Path("b"))


def test_packs_of_the_variable_are_parted_by_colons_and_the_command_line_adds(monkeypatch):
    monkeypatch.setenv("LIANDAN_PACKS", "one:two")
    assert load_settings([Path("two"), Path("three")]).packs == (Path("one"), Path("two"), Path("three"))


@pytest.mark.parametrize(
    ("text", "named"), [('dta = "x"\n', "dta"), ("data = [1\n", "Unclosed array"), ("body_limit = 0\n", "body_limit")]
)
def test_a_fault_in_the_file_is_named(tmp_path, text, named):
    (tmp_path / "liandan.toml").write_text(text)
    with pytest.raises(BadSettings) as caught:
        load_settings()
    assert named in caught.value.en
    assert "liandan.toml" in caught.value.en


def test_the_data_folder_is_its_owners_alone(tmp_path):
    settings = load_settings()
    settings.prepare()
    assert (tmp_path / ".liandan").stat().st_mode & 0o777 == 0o700


def test_a_data_folder_that_cant_be_made_is_told(tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("LIANDAN_DATA", str(tmp_path / "taken"))
    with pytest.raises(BadSettings, match="taken"):
        load_settings().prepare()
