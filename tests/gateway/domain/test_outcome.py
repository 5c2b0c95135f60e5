import pytest

from gateway.domain.outcome import Outcome, Verdict, of_error, of_status


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_held(status):
    assert of_status(status).verdict is Verdict.DELIVERED


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_what_speaks_of_the_moment_is_tried_again(status):
    assert of_status(status, words="busy", wait=3.0) == Outcome(Verdict.LATER, "busy", 3.0)


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 413, 422])
def test_what_speaks_of_the_request_is_dead_with_the_targets_words(status):
    assert of_status(status, words="字段缺失", wait=3.0) == Outcome(Verdict.DEAD, "字段缺失", None)


def test_a_conflict_is_judged_by_what_the_target_holds():
    assert of_status(409, content_hash="aa", held_hash="aa").verdict is Verdict.DELIVERED
    assert of_status(409, content_hash="aa", held_hash="bb").verdict is Verdict.DEAD
    assert of_status(409, content_hash="aa").verdict is Verdict.DEAD
    assert of_status(409, held_hash=None).verdict is Verdict.DEAD


def test_an_error_is_judged_by_its_class_and_not_by_its_words():
    assert of_error(retryable=True, words="permanent", wait=2.0) == Outcome(Verdict.LATER, "permanent", 2.0)
    assert of_error(retryable=False, words="please retry", wait=2.0) == Outcome(Verdict.DEAD, "please retry", None)
