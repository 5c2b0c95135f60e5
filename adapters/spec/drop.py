"""Files that a system drops."""

from adapters.spec.strict import Strict
from adapters.texts import Seconds, Text


class MarkerSpec(Strict):
    """The control file that says a drop is complete. `{stem}` is the dropped file's name without its suffix; XPaths say
    where the digest of the whole, the members, and a member's name, count of rows and digest stand; `row` is the XPath
    of the rows that are counted inside a member. While a file differs from its control file and was changed less than
    `settle` ago, it is taken to be still under way."""

    name: Text
    archive_sha256: Text | None = None
    member: Text
    member_name: Text
    member_rows: Text | None = None
    member_sha256: Text | None = None
    row: Text | None = None
    settle: Seconds = 60
