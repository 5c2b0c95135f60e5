"""Files that a system drops."""

from pathlib import PurePath
from typing import Literal

from adapters.spec.strict import Strict
from adapters.texts import Count, Seconds, Text


class CompleteSpec(Strict):
    """When a file without a control file counts as complete: its time of change is `unchanged` ago, by our clock; with
    `looks`, it also has the same size and time when it is looked at again so much later (for servers whose clock is wrong;
    then `unchanged` is 0 unless it is said)."""

    unchanged: Seconds | None = None
    looks: Seconds | None = None

    @property
    def age(self) -> int:
        if self.unchanged is not None:
            return self.unchanged
        return 60 if self.looks is None else 0


class VersionsSpec(Strict):
    """Files whose name says which of them is newer. `name` is a pattern (RE2) of the whole name with the groups `batch`,
    alike for all versions of one drop, and `seq`, a number that rises from version to version."""

    name: Text


class AfterSpec(Strict):
    """Where a file goes once all of it is stored: folders beside the files, made where there are none. One of which
    something couldn't be read goes to `failed`, with a note why. Without this nothing is moved."""

    done: Text = "done"
    failed: Text = "failed"


class SplitSpec(Strict):
    """Files larger than memory: each is handed on in pieces of `rows` rows, each piece with what stands before the first.
    `row` is the plain path of a row, /names/as/written; nothing else in the file has that last name. With `together`, an
    XPath from a row, rows that stand together and give the same text there are never parted. `largest_mb` bounds the file as
    it lies there (over SFTP it is fetched whole onto this machine's disk), and all that is unpacked of it."""

    row: Text
    rows: Count = 1000
    largest_mb: Count = 20_480
    together: Text | None = None


class MarkerSpec(Strict):
    """The control file that says a drop is complete. With `name` alone it is a mere marker: nothing of it is read.

    In `name`, {stem} is the dropped file's name without its suffix, {name} with it, {batch} that of `versions`. Of the
    dropped file it may say digest, size in bytes and count of members; of its members name, count of rows and digest. For
    `xml` all these places are XPaths, for `json` pointers, for `sums` (lines as sha256sum writes them) they are known.
    `digest` is the algorithm of all digests; the keys ending in sha256 are the same as those in digest. `row` is the
    XPath of the rows that are counted inside a member. While a file differs from its control file and was changed less
    than `settle` ago, it is taken to be still under way."""

    name: Text
    format: Literal["xml", "json", "sums"] = "xml"
    charset: str = ""
    digest: Literal["sha256", "sha1", "sha512", "md5", "sm3"] = "sha256"
    archive_sha256: Text | None = None
    archive_digest: Text | None = None
    archive_size: Text | None = None
    member: Text | None = None
    member_count: Text | None = None
    member_name: Text | None = None
    member_rows: Text | None = None
    member_sha256: Text | None = None
    member_digest: Text | None = None
    row: Text | None = None
    settle: Seconds = 60

    @property
    def bare(self) -> bool:
        """Whether its being there says all."""
        return self.format == "xml" and all(one is None for one in (self.member, self.archive, self.archive_size))

    @property
    def own(self) -> bool:
        """Whether it speaks of one dropped file alone."""
        return "{stem}" in self.name or "{name}" in self.name

    @property
    def archive(self) -> str | None:
        return self.archive_digest or self.archive_sha256

    @property
    def member_named(self) -> str | None:
        return "name" if self.format == "sums" else self.member_name

    @property
    def member_said(self) -> str | None:
        return "digest" if self.format == "sums" else self.member_digest or self.member_sha256

    def of(self, name: str, batch: str = "") -> str:
        """The name of a dropped file's control file."""
        return self.name.replace("{stem}", PurePath(name).stem).replace("{name}", name).replace("{batch}", batch)
