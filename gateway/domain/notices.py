"""What notices (partial claims) add to a section: only what the claim that speaks for it leaves open."""

from collections.abc import Sequence
from typing import Any

from gateway.domain.claim import Claim
from gateway.domain.match import match_legs, match_wastes

Content = dict[str, Any]
MATCHED = {"wastes": match_wastes, "legs": match_legs}


def added(section_voices: Sequence[Claim]) -> Content:
    """The speaker's content with what notices of its own side add to it; where the speaker is itself a notice, on what the
    next whole claim says. Most speakers stand alone, and their content is given as it is."""
    speaker, *others = section_voices
    notices = [claim for claim in others if claim.partial and claim.division == speaker.division]
    whole = [claim for claim in others if not claim.partial][:1] if speaker.partial else []
    content = speaker.content
    for claim in (*notices, *whole):
        content = _filled(content, claim.content)
    return content


def _filled(ours: Content, theirs: Content) -> Content:
    """Ours, with theirs where ours says nothing."""
    out = dict(ours)
    for name, value in theirs.items():
        if name not in out:
            out[name] = value
        elif isinstance(value, dict) and value.keys() != {"at", "precision"} and isinstance(out[name], dict):
            out[name] = _filled(out[name], value)
        elif name in MATCHED:
            items = list(out[name])
            for mine, other in MATCHED[name](items, value):
                items[mine] = _filled(items[mine], value[other])
            out[name] = items
    return out
