from gateway.domain.outcome import Outcome, Verdict, of_error


def test_an_error_is_judged_by_its_class_and_not_by_its_words():
    assert of_error(retryable=True, words="permanent", wait=2.0) == Outcome(Verdict.LATER, "permanent", 2.0)
    assert of_error(retryable=False, words="please retry", wait=2.0) == Outcome(Verdict.DEAD, "please retry", None)
