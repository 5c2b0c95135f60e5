"""Which word counts, whatever the order of arrival."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.observe import ObservedClaim, Verdict
from gateway.intake.page import ClaimDraft
from gateway.store.known_claims import KnownClaim, KnownVersion

WORDS = st.tuples(st.sampled_from("ab"), st.one_of(st.none(), st.sampled_from("1234")))


def draft(word, newer):
    return ClaimDraft(
        adapter="js",
        division="32",
        dataset="manifests",
        kind="manifest",
        source_key="k",
        content={"word": word},
        content_bytes=word.encode(),
        content_hash=hashlib.sha256(word.encode()).hexdigest(),
        newer=newer,
        findings=(),
        mapping_hash="",
        payload_hash="",
        observed_at="",
        document="d1",
        remainder=b"",
    )


def told(words, claim=None):
    claim = claim or ObservedClaim("k")
    return claim, [claim.observe(draft(*word), 1) for word in words]


def reloaded(claim):
    """The same claim as the store would hand it to the next page."""
    versions = tuple(
        KnownVersion(
            number, one.version, one.content_hash, one.findings, one.first, one.last, one.mapping, one.exchange or 1
        )
        for number, one in enumerate(claim.versions, 1)
    )
    return ObservedClaim.known("k", KnownClaim(1, 1, claim.newest.version, versions))


def test_a_first_word_counts_and_again_is_unchanged():
    assert told([("a", "1"), ("a", "1")])[1] == [Verdict.COUNTS, Verdict.UNCHANGED]


def test_an_older_word_is_late_and_known_from_then_on():
    assert told([("a", "2"), ("b", "1"), ("b", "1")])[1] == [Verdict.COUNTS, Verdict.LATE, Verdict.UNCHANGED]


def test_without_an_order_of_its_own_arrival_decides():
    assert told([("a", None), ("b", None), ("a", None)])[1] == [Verdict.COUNTS] * 3


def test_a_word_without_order_never_replaces_one_that_has_it():
    claim, verdicts = told([("a", "1"), ("b", None)])
    assert verdicts == [Verdict.COUNTS, Verdict.LATE]
    assert claim.newest.version == 1


def test_two_words_at_one_value_go_by_arrival_and_a_repeat_changes_nothing():
    claim, verdicts = told([("a", "1"), ("b", "1"), ("a", "1")])
    assert verdicts == [Verdict.COUNTS, Verdict.COUNTS, Verdict.UNCHANGED]
    assert claim.newest.version == 2


@given(st.dictionaries(st.sampled_from("12345"), st.sampled_from("abc"), min_size=1), st.randoms(), st.integers(0, 5))
def test_with_one_word_per_value_the_order_of_arrival_makes_no_difference(words, shuffled, cut):
    said = [(word, newer) for newer, word in words.items()] * 2
    shuffled.shuffle(said)
    claim, _ = told(said[:cut])
    if claim.versions:
        claim = reloaded(claim)
    claim, _ = told(said[cut:], claim)
    best = max(words)
    assert claim.newest.content_hash == hashlib.sha256(words[best].encode()).digest()
    assert claim.newest.last == best


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_all_that_is_declared_is_unchanged_when_it_comes_again(words):
    claim, _ = told(words)
    ordered = [word for word in words if word[1] is not None]
    assert set(told(ordered, reloaded(claim))[1]) <= {Verdict.UNCHANGED}


def exchanged(words):
    """The claim after exchanges 1, 2, … that each told one word."""
    claim = ObservedClaim("k")
    for exchange, word in enumerate(words, 1):
        claim.observe(draft(*word), 1)
        for one in claim.versions:
            one.exchange = one.exchange or exchange
        claim = reloaded(claim)
    return claim


def replayed(claim, words, mended):
    """(the claim, the verdicts) after the same exchanges under a mapping that says `mended` of each word."""
    verdicts = []
    for exchange, (word, newer) in enumerate(words, 1):
        verdicts.append(claim.observe_again(draft(mended(word), newer), 2, exchange))
        for one in claim.versions:
            one.exchange = one.exchange or exchange
        claim = reloaded(claim)
    return claim, verdicts


def newest_word(claim):
    return claim.newest.content_hash, claim.newest.last


def hashed(word):
    return hashlib.sha256(word.encode()).digest()


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_a_mapping_that_says_the_same_changes_nothing(words):
    claim = exchanged(words)
    before = newest_word(claim)
    claim, verdicts = replayed(claim, words, str)
    assert set(verdicts) == {Verdict.UNCHANGED}
    assert newest_word(claim) == before


ONE_EACH = st.dictionaries(st.sampled_from("12345"), st.sampled_from("abc"), min_size=1)
UNORDERED = st.lists(st.tuples(st.sampled_from("abc"), st.none()), min_size=1, max_size=8)


@given(st.one_of(ONE_EACH.map(lambda told: [(word, newer) for newer, word in told.items()]), UNORDERED), st.randoms())
def test_a_mended_mapping_says_its_word_of_the_observation_that_counts_and_only_once(words, shuffled):
    shuffled.shuffle(words)
    claim = exchanged(words)
    counted = next(word for word in "abc" if hashed(word) == claim.newest.content_hash)
    claim, verdicts = replayed(claim, words, str.upper)
    assert newest_word(claim) == (hashed(counted.upper()), max((newer for _, newer in words if newer), default=None))
    assert verdicts.count(Verdict.COUNTS) == 1
    _, verdicts = replayed(claim, words, str.upper)
    assert set(verdicts) == {Verdict.UNCHANGED}
