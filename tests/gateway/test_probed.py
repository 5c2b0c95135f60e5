"""Which part of an adapter file is the credential, and what is said of it once a look has ended."""

import pytest

from adapters.driver import Probe
from adapters.errors import Denied
from adapters.load import load_adapter
from gateway.probed import adapter_steps

DROPS = """\
id: xx
title: 文件
title_en: Files
driver: xml_drop
{place}
datasets:
  manifests: {{title: 联单, title_en: Manifests, files: "*.xml", decode: [text, xml]}}
"""
SFTP = "sftp: {host: a.gov.cn, folder: /out, user: gw, password: '${XX_PASSWORD}', host_key: '${XX_HOST_KEY}'}"
CASES = [
    (SFTP, Probe(read=1.0), "ok", ""),
    (SFTP, Probe(answered=0.1, error=Denied("no")), "failed", "(XX_PASSWORD)"),
    ("folder: /drop", Probe(read=1.0), "skipped", ""),
]


@pytest.mark.parametrize(("place", "probe", "outcome", "named"), CASES)
def test_the_credential_of_a_drop_folder_is_that_of_sftp(tmp_path, place, probe, outcome, named):
    (tmp_path / "xx.yaml").write_text(DROPS.format(place=place), "utf-8")
    steps = {one.name: one for one in adapter_steps(load_adapter(tmp_path / "xx.yaml"), probe)}
    credential = steps["credential"]
    assert credential.outcome == outcome
    assert named in (credential.todo or ("",))[0]
