import io
import sys

import pytest

from gateway.cli.output import emit_json, table

ROWS = [("js", "江苏", None), ("tj\x1b[2J", "天津\n市", 3)]


class Stream(io.TextIOWrapper):
    def __init__(self, *, terminal):
        super().__init__(io.BytesIO(), "utf-8")
        self.terminal = terminal

    def isatty(self):
        return self.terminal

    def text(self):
        self.flush()
        return self.buffer.getvalue().decode()


@pytest.fixture
def standard_output(monkeypatch):
    def use(*, terminal):
        stream = Stream(terminal=terminal)
        monkeypatch.setattr(sys, "stdout", stream)
        return stream

    return use


def test_a_pipe_gets_whole_lines_parted_by_tabs_without_control_characters(standard_output):
    out = standard_output(terminal=False)
    table(("id", "名称"), ROWS, empty="nothing")
    assert out.text() == "js\t江苏\t\ntj [2J\t天津 市\t3\n"


def test_a_pipe_gets_nothing_where_there_is_nothing(standard_output):
    out = standard_output(terminal=False)
    table(("id",), [], empty="nothing")
    assert out.text() == ""


def test_a_terminal_gets_a_table_and_words_where_there_is_nothing(standard_output, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    out = standard_output(terminal=True)
    table(("id", "名称", "n"), ROWS, empty="nothing")
    table(("id",), [], empty="nothing here")
    assert "江苏" in out.text()
    assert "名称" in out.text()
    assert "nothing here" in out.text()
    assert "\x1b[2J" not in out.text()


def test_no_color_means_none(standard_output, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    out = standard_output(terminal=True)
    table(("id", "名称", "n"), ROWS, empty="nothing")
    assert "\x1b[3" not in out.text()
    assert "\x1b[9" not in out.text()


def test_json_is_one_value_and_a_line_feed(standard_output):
    out = standard_output(terminal=True)
    emit_json({"名称": "江苏"})
    emit_json(b'{"a":1.50}')
    assert out.text() == '{"名称":"江苏"}\n{"a":1.50}\n'
