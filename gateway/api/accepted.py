"""Which form of an answer a reader asks for."""


def asks_for(media_type: str, accept: str) -> bool:
    """Whether the Accept header names this type. Naming it is asking: no client says so by chance.

    >>> asks_for("text/csv", "text/csv"), asks_for("text/csv", "*/*"), asks_for("text/csv", "text/csv;q=0, */*")
    (True, False, False)
    """
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name == media_type:
            return not any(one.replace(" ", "") in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for one in parameters)
    return False
