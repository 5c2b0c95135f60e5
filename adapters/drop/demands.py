"""What an adapter file must say about its dropped files and where they are."""

import re

from adapters.auth.demands import is_named, named_secret
from adapters.decode.pieces import PATH, keeps_ascii
from adapters.decode.streams import PACKED
from adapters.decode.text import charset_of, known_charset
from adapters.decode.xpath import xpath_fault
from adapters.drop.arrival import versions_fault
from adapters.fault import Fault, Faults, unfilled
from adapters.outbound.connect import literal_refusal
from adapters.secrets import VARIABLE
from adapters.spec import AdapterSpec, DatasetSpec, MarkerSpec, SftpSpec, SplitSpec
from adapters.texts import POINTER

FINGERPRINT = re.compile("SHA256:[A-Za-z0-9+/]{43}=?")


def of_source(spec: AdapterSpec) -> Faults:
    if (spec.folder is None) == (spec.sftp is None):
        words = "driver xml_drop needs either 'folder' or 'sftp' (须在 folder 与 sftp 中给出其一)"
        yield Fault((("folder",) if spec.folder else ()), words)
    if spec.sftp is None:
        return
    if spec.proxy is not None:
        yield Fault(("proxy",), "SFTP goes through no proxy (SFTP 不经代理)")
    for fault in _sftp(spec.sftp):
        yield fault.inside(("sftp",))


def _sftp(sftp: SftpSpec) -> Faults:
    if not VARIABLE.search(sftp.host):
        if not re.fullmatch(r"[A-Za-z0-9._:-]+", sftp.host):
            yield Fault(("host",), "a host's name is needed here, such as files.a.gov.cn (应为主机名)")
        elif words := literal_refusal(sftp.host):
            yield Fault(("host",), f"{sftp.host} may not be called: {words}")
    if not sftp.host_key and sftp.known_hosts is None:
        words = "'sftp' needs 'host_key' or 'known_hosts': a host that isn't checked may be anybody (缺少主机密钥)"
        yield Fault((), words)
    for number, one in enumerate(sftp.host_key):
        if not is_named(one) and not FINGERPRINT.fullmatch(one):
            words = "a fingerprint as ssh-keygen -lf writes it is needed here: SHA256:… (应为 SHA256 指纹)"
            yield Fault(("host_key", number), words)
    if sftp.known_hosts is not None and not is_named(sftp.known_hosts) and len(sftp.known_hosts.split()) < 3:
        yield Fault(("known_hosts",), "file:PATH is needed here, or the lines of such a file (应为 file:路径)")
    if sftp.password is None and sftp.key is None:
        yield Fault((), "'sftp' needs 'password' or 'key' (缺少密码或私钥)")
    for key in ("password", "key", "passphrase"):
        if (declared := getattr(sftp, key)) is not None:
            yield from named_secret((key,), declared)
    if sftp.passphrase is not None and sftp.key is None:
        yield Fault(("passphrase",), "a passphrase is for a 'key' (缺少私钥)")
    if not known_charset(sftp.names):
        yield Fault(("names",), f"{sftp.names!r} is no known charset (未知字符集)")


PLACES = ("archive_sha256", "archive_digest", "archive_size", "member", "member_count", "member_name", "member_rows",
          "member_sha256", "member_digest")  # fmt: skip


def of_dropped(dataset: DatasetSpec) -> Faults:
    versions, marker = dataset.versions, dataset.marker
    if versions is not None and (wrong := versions_fault(versions.name)):
        yield Fault(("versions", "name"), wrong)
    for key in ("done", "failed"):
        if not is_beside(getattr(dataset.after, key, "done")):
            yield Fault(("after", key), "a folder beside the files is needed here, such as done (应为相对目录)")
    if dataset.split is not None:
        yield from _split(dataset.split, dataset)
    if marker is not None:
        if dataset.complete is not None:
            yield Fault(
                ("complete",), "with a 'marker' it is the marker that says so: drop one of the two (二者不可并用)"
            )
        for fault in _marker(marker, dataset):
            yield fault.inside(("marker",))


def _split(split: SplitSpec, dataset: DatasetSpec) -> Faults:
    if not PATH.fullmatch(split.row):
        yield Fault(("split", "row"), "the plain path of a row is needed here, such as /list/row (应为行的路径)")
    if split.together is not None and (wrong := xpath_fault(split.together)):
        yield Fault(("split", "together"), wrong)
    if dataset.spread:
        yield Fault(("spread",), "rows that are spread over a file can't be read in pieces of it (不可与 split 并用)")
    kinds = [step.partition(":")[0] for step in dataset.decode]
    if kinds[-2:] != ["text", "xml"] or [one for one in kinds[:-2] if one not in PACKED] or len(kinds) > 3:
        words = "files read in pieces are XML, perhaps in one ZIP or gzip: [zip:…, text:…, xml] (应为 XML)"
        yield Fault(("decode",), words)
    elif (charset := charset_of(dataset.decode[-2].partition(":")[2])) and not keeps_ascii(charset):
        yield Fault(("decode",), f"a file in {charset} can't be cut: < must be one byte (该字符集不支持分段)")


def _marker(marker: MarkerSpec, dataset: DatasetSpec) -> Faults:
    slots = ("stem", "name", *(("batch",) if dataset.versions else ()))
    yield from unfilled((), {"name": marker.name}, slots)
    if (marker.member is None) != (marker.member_name is None):
        yield Fault(
            (), "'member' (where members stand) and 'member_name' (what each is called) go together (两项须同时给出)"
        )
    for one, other in (("archive_sha256", "archive_digest"), ("member_sha256", "member_digest")):
        if getattr(marker, one) is not None and (getattr(marker, other) is not None or marker.digest != "sha256"):
            yield Fault(
                (one,), f"'{one}' is SHA-256; say '{other}' with 'digest: {marker.digest}' alone (重复或不一致)"
            )
    if not known_charset(marker.charset or "utf-8"):
        yield Fault(("charset",), f"{marker.charset!r} is no known charset (未知字符集)")
    for key in PLACES:
        if (declared := getattr(marker, key)) is None:
            continue
        if marker.format == "sums":
            yield Fault((key,), "a file of sums has its places fixed: leave it out (sums 格式无须此项)")
        elif marker.format == "json":
            if not re.fullmatch(POINTER, declared):
                yield Fault((key,), "a JSON Pointer that begins with / is needed here (应为 JSON Pointer)")
        elif wrong := xpath_fault(declared, nodes=key == "member"):
            yield Fault((key,), wrong)
    if marker.row is not None and (wrong := xpath_fault(marker.row, nodes=True)):
        yield Fault(("row",), wrong)


def is_beside(folder: str) -> bool:
    """Whether it is a folder below that of the files that are read."""
    return not folder.startswith("/") and ".." not in folder.split("/") and folder.strip("./") != ""
