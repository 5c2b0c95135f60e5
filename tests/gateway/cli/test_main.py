import subprocess
import sys
from importlib import import_module

import pytest
import typer

from gateway.cli.main import OWN


def every_command():
    """The words of every command, found in the groups themselves."""
    for name, module in OWN.items():
        app = import_module(module).app
        yield [name]
        if app.registered_callback is not None:
            yield from ([name, one.name or one.callback.__name__] for one in app.registered_commands)


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_each_help_is_in_two_languages_and_has_an_example(liandan, words):
    said = liandan(*words, "--help")
    assert said.code == 0
    assert f"liandan {words[0]}" in said.out
    assert "例 Example:" in said.out
    assert any("一" <= letter <= "鿿" for letter in said.out)


def test_the_list_of_commands_names_all(liandan):
    said = liandan("--help")
    assert said.code == 0
    assert all(f"  {name} " in said.out for name in OWN)


def test_help_needs_none_of_the_heavy_parts():
    code = (
        "import sys; from gateway.cli import main; main.entry_points = lambda group: []; main.run(['--help']); "
        "print(sorted({'fastapi', 'sqlalchemy', 'zeep', 'lxml', 'pydantic', 'rich', 'httpx', 'msgspec'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "words",
    [["keyz"], ["keys", "create"], ["keys", "create", "x"], ["trace"], ["--wrong"], ["ingest", "a", "b", "no file"]],
)
def test_what_is_used_wrongly_ends_with_2_and_words(liandan, words):
    said = liandan(*words)
    assert said.code == 2
    assert said.out == ""
    assert "Usage" in said.err


def test_a_likely_typo_is_suggested(liandan):
    assert "'quarantine'" in liandan("quarantin").err


def test_a_command_of_another_package_comes_by_its_entry_point(liandan, monkeypatch):
    def greet(name: str) -> None:
        print(f"hello {name}")  # noqa: T201

    class Entry:
        name = "greet"

        @staticmethod
        def load():
            return greet

    monkeypatch.setattr("gateway.cli.main.entry_points", lambda group: [Entry] if group == "liandan.commands" else [])
    assert "greet" in liandan("--help").out
    assert liandan("greet", "world").out == "hello world\n"


def test_a_package_that_cant_be_loaded_takes_no_other_command_with_it(liandan, monkeypatch):
    class Entry:
        name = "broken"

        @staticmethod
        def load():
            raise ImportError("no such module")

    monkeypatch.setattr("gateway.cli.main.entry_points", lambda group: [Entry])
    said = liandan("--help")
    assert said.code == 0
    assert "broken" in said.err
    assert liandan("broken").code == 2


def test_exit_codes_of_commands_are_kept(liandan, monkeypatch):
    def refuse() -> None:
        raise typer.Exit(1)

    class Entry:
        name = "refuse"

        @staticmethod
        def load():
            return refuse

    monkeypatch.setattr("gateway.cli.main.entry_points", lambda group: [Entry])
    assert liandan("refuse").code == 1


@pytest.mark.parametrize("text", ["sqlite://", "mysql://x", "nonsense"])
def test_a_database_that_cant_be_is_told(liandan, monkeypatch, text):
    monkeypatch.setenv("LIANDAN_DATABASE", text)
    said = liandan("keys", "list")
    assert said.code == 2
    assert said.out == ""
    assert said.err
