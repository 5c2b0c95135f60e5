"""The same drop folder twice: on this machine, and behind a real SFTP server."""

import hashlib
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from adapters.load import load_adapter
from tests.adapters.drivers.sftp_server import PASSWORD, served

SFTP = "sftp: {{host: 127.0.0.1, port: {port}, folder: /in, user: gw, password: '${{XX_PASSWORD}}', host_key: '{key}'}}"
HEAD = """\
id: xx
title: 文件
title_en: Files
driver: xml_drop
{source}
limits: {limits}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
"""
SECRETS = {"XX_PASSWORD": PASSWORD}


class Place:
    """`folder` is where the system drops; `adapter` makes the spec whose dataset says `text` besides its titles."""

    def __init__(self, root, source):
        self.root, self.folder, self.source = root, root / "in", source

    def adapter(self, text, limits="{}"):
        file = self.root / "xx.yaml"
        head = HEAD.format(source=self.source, limits=limits)
        file.write_text(head + "".join(f"    {line}\n" for line in text.splitlines()), "utf-8")
        return load_adapter(file, name="xx.yaml")

    def put(self, name, *rows, charset="gb18030", label="GB2312"):
        return self.write(name, xml(*rows, charset=charset, label=label))

    def write(self, name, body):
        (self.folder / name).write_bytes(body)
        return body

    def names(self, *under):
        return sorted(one.name for one in self.folder.joinpath(*under).iterdir() if one.is_file())


def xml(*rows, charset="gb18030", label="GB2312"):
    text = f'<?xml version="1.0" encoding="{label}"?>\n<表>' + "".join(f"<行>{one}</行>" for one in rows) + "</表>"
    return text.encode(charset)


def sha256(body):
    return hashlib.sha256(body).hexdigest()


def rows(pulled):
    return [row.text for tree in pulled.trees() for row in tree]


def later():
    return datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture(params=["folder", "sftp"])
def place(request, tmp_path):
    with ExitStack() as stack:
        (tmp_path / "in").mkdir()
        source = f"folder: {tmp_path / 'in'}"
        if request.param == "sftp":
            house = stack.enter_context(served(tmp_path))
            source = SFTP.format(port=house.port, key=house.fingerprint)
        yield Place(tmp_path, source)
