"""What an adapter file must say about the place of its dropped files: faults as (place, words)."""

import re
from collections.abc import Iterator

from adapters.decode.pieces import PATH, keeps_ascii
from adapters.decode.streams import PACKED
from adapters.decode.text import charset_of, known_charset
from adapters.decode.xpath import xpath_fault
from adapters.drop.arrival import versions_fault
from adapters.outbound.connect import literal_refusal
from adapters.secrets import VARIABLE
from adapters.spec import AdapterSpec, DatasetSpec, MarkerSpec, SftpSpec, SplitSpec

Told = Iterator[tuple[tuple[str | int, ...], str]]
POINTER = re.compile("(/([^~/]|~[01])*)+")
FINGERPRINT = re.compile("SHA256:[A-Za-z0-9+/]{43}=?")


def of_source(spec: AdapterSpec) -> Told:
    if (spec.folder is None) == (spec.sftp is None):
        words = "driver xml_drop needs either 'folder' or 'sftp' (须在 folder 与 sftp 中给出其一)"
        yield (("folder",) if spec.folder else ()), words
    if spec.sftp is None:
        return
    if spec.proxy is not None:
        yield ("proxy",), "SFTP goes through no proxy (SFTP 不经代理)"
    for place, words in _sftp(spec.sftp):
        yield ("sftp", *place), words


def _sftp(sftp: SftpSpec) -> Told:
    if not VARIABLE.search(sftp.host):
        if not re.fullmatch(r"[A-Za-z0-9._:-]+", sftp.host):
            yield ("host",), "a host's name is needed here, such as files.a.gov.cn (应为主机名)"
        elif words := literal_refusal(sftp.host):
            yield ("host",), f"{sftp.host} may not be called: {words}"
    if not sftp.host_key and sftp.known_hosts is None:
        words = "'sftp' needs 'host_key' or 'known_hosts': a host that isn't checked may be anybody (缺少主机密钥)"
        yield (), words
    for number, one in enumerate(sftp.host_key):
        if not _named(one) and not FINGERPRINT.fullmatch(one):
            words = "a fingerprint as ssh-keygen -lf writes it is needed here: SHA256:… (应为 SHA256 指纹)"
            yield ("host_key", number), words
    if sftp.known_hosts is not None and not _named(sftp.known_hosts) and len(sftp.known_hosts.split()) < 3:
        yield ("known_hosts",), "file:PATH is needed here, or the lines of such a file (应为 file:路径)"
    if sftp.password is None and sftp.key is None:
        yield (), "'sftp' needs 'password' or 'key' (缺少密码或私钥)"
    for key in ("password", "key", "passphrase"):
        declared = getattr(sftp, key)
        if declared is not None and not _named(declared):
            yield (key,), "a secret is only named here: ${NAME} or file:PATH (密钥只写名字)"
    if sftp.passphrase is not None and sftp.key is None:
        yield ("passphrase",), "a passphrase is for a 'key' (缺少私钥)"
    if not known_charset(sftp.names):
        yield ("names",), f"{sftp.names!r} is no known charset (未知字符集)"


SLOT = re.compile(r"(?<!\$)\{([A-Za-z_][A-Za-z0-9_]*)\}")
PLACES = ("archive_sha256", "archive_digest", "archive_size", "member", "member_count", "member_name", "member_rows",
          "member_sha256", "member_digest")  # fmt: skip


def of_dropped(dataset: DatasetSpec) -> Told:
    versions, marker = dataset.versions, dataset.marker
    if versions is not None and (wrong := versions_fault(versions.name)):
        yield ("versions", "name"), wrong
    for key in ("done", "failed"):
        folder = getattr(dataset.after, key, "done")
        if folder.startswith("/") or folder.strip("./") == "":
            yield ("after", key), "a folder beside the files is needed here, such as done (应为相对目录)"
    if dataset.split is not None:
        yield from _split(dataset.split, dataset)
    if marker is not None:
        if dataset.complete is not None:
            yield ("complete",), "with a 'marker' it is the marker that says so: drop one of the two (二者不可并用)"
        for place, words in _marker(marker, dataset):
            yield ("marker", *place), words


def _split(split: SplitSpec, dataset: DatasetSpec) -> Told:
    if not PATH.fullmatch(split.row):
        yield ("split", "row"), "the plain path of a row is needed here, such as /list/row (应为行的路径)"
    if split.together is not None and (wrong := xpath_fault(split.together)):
        yield ("split", "together"), wrong
    if dataset.spread:
        yield ("spread",), "rows that are spread over a file can't be read in pieces of it (不可与 split 并用)"
    kinds = [step.partition(":")[0] for step in dataset.decode]
    if kinds[-2:] != ["text", "xml"] or [one for one in kinds[:-2] if one not in PACKED] or len(kinds) > 3:
        words = "files read in pieces are XML, perhaps in one ZIP or gzip: [zip:…, text:…, xml] (应为 XML)"
        yield ("decode",), words
    elif (charset := charset_of(dataset.decode[-2].partition(":")[2])) and not keeps_ascii(charset):
        yield ("decode",), f"a file in {charset} can't be cut: < must be one byte (该字符集不支持分段)"


def _marker(marker: MarkerSpec, dataset: DatasetSpec) -> Told:
    slots = ("stem", "name", *(("batch",) if dataset.versions else ()))
    for name in SLOT.findall(marker.name):
        if name not in slots:
            there = ", ".join(f"{{{slot}}}" for slot in slots)
            yield ("name",), f"nothing fills {{{name}}}: there is {there} (没有这个占位符)"
    if (marker.member is None) != (marker.member_name is None):
        yield (), "'member' (where members stand) and 'member_name' (what each is called) go together (两项须同时给出)"
    for one, other in (("archive_sha256", "archive_digest"), ("member_sha256", "member_digest")):
        if getattr(marker, one) is not None and (getattr(marker, other) is not None or marker.digest != "sha256"):
            yield (one,), f"'{one}' is SHA-256; say '{other}' with 'digest: {marker.digest}' alone (重复或不一致)"
    if not known_charset(marker.charset or "utf-8"):
        yield ("charset",), f"{marker.charset!r} is no known charset (未知字符集)"
    for key in PLACES:
        if (declared := getattr(marker, key)) is None:
            continue
        if marker.format == "sums":
            yield (key,), "a file of sums has its places fixed: leave it out (sums 格式无须此项)"
        elif marker.format == "json":
            if not POINTER.fullmatch(declared):
                yield (key,), "a JSON Pointer that begins with / is needed here (应为 JSON Pointer)"
        elif wrong := xpath_fault(declared, nodes=key == "member"):
            yield (key,), wrong
    if marker.row is not None and (wrong := xpath_fault(marker.row, nodes=True)):
        yield ("row",), wrong


def _named(text: str) -> bool:
    return text.startswith("file:") or bool(VARIABLE.search(text))
