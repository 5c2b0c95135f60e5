"""Values that stand in a short code list: the code, its titles and the list's spellings all mean the code."""

from collections.abc import Callable

from canonical_schema.codes import code_list
from canonical_schema.errors import UnknownCode
from canonical_schema.values.text import compact, shown


def listed(list_name: str, zh: str, en: str) -> Callable[[str], str]:
    """The parse function of a list. `zh` and `en` name what the value is, for the words of a refusal."""
    rows = code_list(list_name).rows
    spellings = code_list(list_name).spellings()

    def parse(text: str) -> str:
        if text in rows:
            return text
        code = spellings.get("".join(compact(text).casefold().split()))
        if code is None:
            code = spellings.get(compact(text).casefold())
        if code is None:
            known = "、".join(rows) if len(rows) <= 8 else ""
            among, among_en = (f"({known})", f" ({known.replace('、', ', ')})") if known else ("", "")
            quoted = shown(text)
            raise UnknownCode(text, f"“{quoted}”不是已知的{zh}{among}", f"'{quoted}' is no known {en}{among_en}")
        return code

    return parse
