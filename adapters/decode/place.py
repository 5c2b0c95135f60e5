"""Where in a text something stands, for people: line and column from 1."""


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Of the character at `offset`; columns count characters, lines end at a line feed.

    >>> line_and_column("ab\\ncd", 4)
    (2, 2)
    """
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1
