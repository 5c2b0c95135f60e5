"""How records are handed over to a system."""

from typing import Literal

from adapters.spec.answer import AnswerSpec
from adapters.spec.request import RequestSpec
from adapters.spec.strict import Strict
from adapters.texts import Name, Pointer, Text


class HeldSpec(Strict):
    """How it is known that the system holds a record already, when an answer was lost. `repeatable`: sending it once more does
    no harm there (it replaces, or knows our key). `codes`: what it says to one that it has. `request` asks before any further
    attempt: it holds the version if the answer says at each place of `same` what that slot says of ours."""

    repeatable: bool = False
    codes: tuple[str, ...] = ()
    request: RequestSpec | None = None
    decode: tuple[Text, ...] | None = None
    answer: AnswerSpec | None = None
    same: dict[Pointer, Name] = {}


class SentFileSpec(Strict):
    """A file in `folder`, beside the dropped files: there whole or not at all. `marker` is an empty file that says so to
    systems which look for one. In the names the slots of the record are filled in; in `marker` {name} too."""

    folder: Text
    name: Text
    charset: Text = "utf-8"
    pack: Literal["zip", "gzip"] | None = None
    member: Text | None = None
    marker: Text | None = None


class SendSpec(Strict):
    """`request` carries the record in the system's own form, as `out/DATASET.yaml` writes it: `{document}` as text,
    `{document64}` in Base64, `{content}` alone in `json` as values. `fields`: slot → place in that document. `decode` and
    `answer` are for what the system says to it; else those of the dataset. `file`: a dropped file instead."""

    request: RequestSpec | None = None
    file: SentFileSpec | None = None
    decode: tuple[Text, ...] | None = None
    answer: AnswerSpec | None = None
    fields: dict[Name, Pointer] = {}
    held: HeldSpec | None = None
