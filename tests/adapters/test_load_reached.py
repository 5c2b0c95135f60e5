"""What an adapter file says of how its system is reached, how often and when: read, and every fault told with its place."""

from pathlib import Path

import pytest

import adapters
from adapters.load import load_adapter, load_target
from adapters.outbound.pace import Rate
from canonical_schema.problem import ProblemsFound

JS = (Path(adapters.__file__).parent / "provinces/js.yaml").read_text("utf-8").partition("\nlimits:")[0] + "\n"
ALL = """\
hosts: [files.example.cn, "https://other.example.cn:8443"]
proxy: http://${PROXY_USER}:${PROXY_PASSWORD}@proxy.example.cn:3128
redirects: 2
tls: {ca: "file:/etc/ca.pem", min_version: "1.0"}
limits: {connect: 2s, read: 3s, write: 4s, pool: 5s, total: 6s, answer_mb: 7, rate: 90/m, burst: 3}
retry: {failures: 3, first: 20s, longest: 2h}
schedule: {cron: "*/10 6-22 * * *", jitter: 30s}
quiet: [02:00-04:30, Sat 22:00-Sun 06:00]
"""


def load(tmp_path, more):
    (tmp_path / "js.yaml").write_text(JS + more, "utf-8")
    return load_adapter(tmp_path / "js.yaml", name="js.yaml")


def test_everything_that_can_be_said(tmp_path):
    spec = load(tmp_path, ALL)
    bounds = spec.limits.bounds()
    assert (spec.redirects, spec.tls.ca, spec.tls.min_version) == (2, "file:/etc/ca.pem", "1.0")
    assert (bounds.connect, bounds.read, bounds.write, bounds.pool, bounds.total) == (2, 3, 4, 5, 6)
    assert (bounds.answer, bounds.rate) == (7 << 20, Rate(1.5, 3))
    assert (spec.schedule.cron, spec.schedule.jitter, spec.schedule.zone) == ("*/10 6-22 * * *", 30, "Asia/Shanghai")
    assert (spec.retry.failures, spec.retry.first, spec.retry.longest) == (3, 20, 7200)
    assert spec.quiet == ("02:00-04:30", "Sat 22:00-Sun 06:00")


def test_the_same_of_a_target(tmp_path):
    file = tmp_path / "t.yaml"
    head = "id: t\ntitle: 目标\ntitle_en: target\ndriver: national\nbase_url: https://a.example.cn\n"
    file.write_text(head + 'proxy: http://p:1\ntls: {ca: "${CA}"}\nlimits: {rate: 5/s}\n', "utf-8")
    spec = load_target(file)
    assert (spec.proxy, spec.tls.ca, spec.limits.bounds().rate) == ("http://p:1", "${CA}", Rate(5, 1))
    file.write_text(head + "proxy: p:1\n", "utf-8")
    with pytest.raises(ProblemsFound, match=r"t\.yaml:6:8: an address is needed"):
        load_target(file)


@pytest.mark.parametrize(
    ("said", "column", "words"),
    [
        ("proxy: proxy.example.cn:3128", 8, "an address is needed here"),
        ("proxy: socks5://a:1", 8, "an address is needed here"),
        ("proxy: http://169.254.169.254:80", 8, "may not be called: link-local"),
        ("hosts: [a.example.cn, 169.254.169.254]", 23, "may not be called: link-local"),
        ("hosts: [0x7f000001]", 9, "this machine itself"),
        ('hosts: ["[::ffff:127.0.0.1]"]', 9, "this machine itself"),
        ('hosts: ["http://"]', 9, "a host's name is needed"),
        ("redirects: 11", 12, "10"),
        ("redirects: yes", 12, ""),
        ("tls: {verify: no}", 7, "unknown key 'verify'"),
        ('tls: {min_version: "1.4"}', 20, "'1.0', '1.1', '1.2' or '1.3'"),
        ("limits: {connect: 0s}", 19, "1"),
        ("limits: {rate: 5}", 16, "a number of requests in s, m or h"),
        ("limits: {rate: 0/s}", 16, "a number of requests in s, m or h"),
        ("limits: {rate: 1/d}", 16, "a number of requests in s, m or h"),
        ("limits: {burst: 0}", 17, ""),
        ("retry: {failures: 0}", 19, ""),
        ("retry: {first: 0s}", 8, "first is above 0"),
        ("retry: {first: 2h, longest: 1h}", 8, "longest isn't below it"),
        ("limits: {conect: 3s}", 10, "did you mean 'connect'?"),
        ('schedule: {cron: "* * *"}', 18, "five fields"),
        ('schedule: {cron: "61 * * * *"}', 18, "five fields"),
        ('schedule: {cron: "0 0 31 2 *"}', 18, "Bad day-of-month"),
        ("schedule: {every: 10}", 19, "a number and s, m, h or d"),
        ("schedule: {every: 0s}", 11, "at least 1s"),
        ('schedule: {every: 10m, cron: "0 2 * * *"}', 11, "not both"),
        ("schedule: {every: 10m, zone: Beijing}", 30, "no time zone"),
        ("quiet: [2:00-4:00]", 9, "a window such as"),
        ("quiet: [02:00-24:00]", 9, "a window such as"),
        ("quiet: [02:00-02:00]", 9, "ends at another time"),
        ("quiet: [Sat 22:00-06:00]", 9, "a window such as"),
        ("quiet: [02:00-04:00, Su 01:00-Su 02:00]", 22, "a window such as"),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(tmp_path, said, column, words):
    with pytest.raises(ProblemsFound) as found:
        load(tmp_path, said + "\n")
    (fault,) = found.value.problems
    assert (fault.file, fault.line, fault.column) == ("js.yaml", JS.count("\n") + 1, column)
    assert words in str(fault)
