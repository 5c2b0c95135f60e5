"""A record handed over as a file: there whole or not at all, over nothing that is there."""

import gzip
import io

from adapters.drop.source import Source
from adapters.errors import Malformed, Misconfigured, Rejected
from adapters.limits import Limits
from adapters.protocol.gathered import zipped
from adapters.protocol.template import Reveal, fill
from adapters.sending import Outgoing, Receipt, encoded, slots_of
from adapters.spec import SendSpec, SentFileSpec

PART = ".part"


async def put(
    source: Source, send: SendSpec, file: SentFileSpec, outgoing: Outgoing, limits: Limits, reveal: Reveal
) -> Receipt:
    """Raises Rejected where another file of this name lies there, Malformed where the record can't be written so."""
    filled = slots_of(outgoing, send.fields, file.charset)
    name = _name(fill(file.name, filled, reveal))
    body = written(file, outgoing.text, _name(fill(file.member, filled, reveal)) if file.member else name)
    place = f"{file.folder}/{name}"
    held = await source.entry(place)
    if held is not None and await source.read(place, max(limits.unpacked, len(body))) != body:
        raise Rejected(f"another file lies at {place} (已有同名的其他文件)", where=source.where)
    marker = _name(fill(file.marker, {**filled, "name": name}, reveal)) if file.marker is not None else None
    try:
        if held is None:
            await _moved_in(source, file.folder, name, body)
        if marker is not None and await source.entry(f"{file.folder}/{marker}") is None:
            await source.write(file.folder, marker, b"")
    except Rejected as error:
        # a folder that takes nothing is no fault of the record
        raise Misconfigured(error.words, where=source.where) from None
    return Receipt(0, already_held=held is not None, words=place)


async def _moved_in(source: Source, folder: str, name: str, body: bytes) -> None:
    """Under another name first: whoever looks meanwhile finds no half of it."""
    part = await source.free(folder, name + PART)
    await source.write(folder, part, body)
    entry = await source.entry(f"{folder}/{part}")
    if entry is None:
        raise Misconfigured(f"{part} was taken away while it was written (写入时被移走)", where=source.where)
    await source.move(entry, folder, name)


def written(file: SentFileSpec, text: str, member: str) -> bytes:
    """The file's bytes: the same for the same record."""
    declared = f'<?xml version="1.0" encoding="{file.charset}"?>\n' if text.startswith("<") else ""
    body = encoded(declared + text, file.charset)
    if file.pack == "zip":
        return zipped({member: body})
    if file.pack == "gzip":
        packed = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as stream:
            stream.write(body)
        return packed.getvalue()
    return body


def _name(text: str) -> str:
    """Raises Malformed for what can't be a file's name there."""
    if not text.strip(". ") or not text.isprintable() or {"/", "\\"} & set(text) or len(text.encode()) > 200:
        raise Malformed(f"{text[:80]!r} can't be the name of a file (不能作为文件名)")
    return text
