"""The worker against a target that misbehaves: everything arrives once, in order; what is refused is dead at once."""

import threading
import time


def names(count: int, prefix: str = "") -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def rid(name: str) -> str:
    return f"00000000-0000-5000-8000-{name:0>12}"


def test_all_of_it_arrives_once_and_in_order_in_batches(owing, unruly, destination, deliver) -> None:
    owing.owe([(name, version) for version in (1, 2, 3) for name in names(120)])
    deliver(destination(batch=50))
    assert owing.counts() == {"delivered": 360, "dead": 0, "pending": 0, "attempts": 360}
    assert all(unruly.versions_of(rid(name)) == [1, 2, 3] for name in names(120))
    assert (unruly.again, unruly.mixed, unruly.out_of_order) == (0, 0, 0)
    assert len(unruly.requests) < 30, "batches, not single records"


def test_one_by_one_where_the_target_takes_no_batches(owing, unruly, destination, deliver) -> None:
    owing.owe([(name, version) for name in names(30) for version in (1, 2)])
    deliver(destination(batch=1, senders=4))
    assert owing.counts() == {"delivered": 60, "dead": 0, "pending": 0, "attempts": 60}
    assert all(unruly.versions_of(rid(name)) == [1, 2] for name in names(30))
    assert unruly.connections <= 4, "each sender keeps its one connection"


def test_an_unknown_batch_path_costs_nothing_but_the_speed(owing, unruly, destination, deliver) -> None:
    unruly.takes_batches = False
    owing.owe([(name, 1) for name in names(10)])
    deliver(destination(batch=10, senders=1))
    assert owing.counts()["delivered"] == 10


def test_503_is_tried_again_and_its_words_are_kept(owing, unruly, destination, deliver) -> None:
    unruly.faults[rid("7")] = ["503", "503"]
    owing.owe([("7", 1)])
    deliver(destination())
    assert [attempt[:2] for attempt in owing.history("7")] == [(1, "retry"), (2, "retry"), (3, "delivered")]
    assert owing.history("7")[0][2] == "503 told to say 503"


def test_a_line_cut_after_storing_is_asked_again_with_the_same_key_and_counts_as_held(
    owing, unruly, destination, deliver
) -> None:
    unruly.faults[rid("7")] = ["drop"]
    unruly.faults["batch"] = ["drop"]
    owing.owe([("7", 1), ("8", 1), ("9", 1)])
    deliver(destination(batch=2, senders=1))
    assert owing.counts()["delivered"] == 3
    assert sorted(unruly.held) == [(rid(name), 1) for name in "789"]
    assert unruly.again >= 2, "it held them already"
    assert all(len(places) == 1 for places in unruly.keys.values())


def test_retry_after_is_obeyed(owing, unruly, destination, deliver) -> None:
    unruly.faults[rid("7")] = ["429 1"]
    owing.owe([("7", 1), ("8", 1)])
    began = time.monotonic()
    deliver(destination())
    assert time.monotonic() - began >= 1.0
    assert unruly.arrivals == [(rid("8"), 1), (rid("7"), 1)], "only the one that was told to wait waits"


def test_422_is_dead_at_once_with_the_targets_words_and_its_next_version_goes_out(
    owing, unruly, destination, deliver
) -> None:
    unruly.faults[rid("7")] = ["422"]
    owing.owe([("7", 1), ("7", 2), ("8", 1)])
    deliver(destination())
    assert (owing.row("7", 1).state, owing.row("7", 1).words) == ("dead", "422 told to say 422")
    assert owing.history("7", 1) == [(1, "dead", "422 told to say 422")]
    assert unruly.versions_of(rid("7")) == [2]
    assert owing.counts() == {"delivered": 2, "dead": 1, "pending": 0, "attempts": 3}


def test_one_poisoned_record_takes_no_other_of_its_batch_with_it(owing, unruly, destination, deliver) -> None:
    unruly.faults[rid("500")] = ["422"]
    owing.owe([(name, 1) for name in names(1000)])
    deliver(destination(batch=100))
    assert owing.counts() == {"delivered": 999, "dead": 1, "pending": 0, "attempts": 1000}


def test_a_batch_that_is_refused_as_a_whole_is_sent_one_by_one(owing, unruly, destination, deliver) -> None:
    unruly.faults["batch"] = ["422"]
    unruly.faults[rid("3")] = ["422"]
    owing.owe([(name, 1) for name in names(10)])
    deliver(destination(batch=10, senders=1))
    assert owing.counts() == {"delivered": 9, "dead": 1, "pending": 0, "attempts": 10}


def test_409_with_our_hash_is_held_with_another_it_is_dead(owing, unruly, destination, deliver) -> None:
    owing.owe([("7", 1), ("8", 1)])
    unruly.held[rid("8"), 1] = "0" * 64
    deliver(destination(batch=1))
    assert owing.row("7").state == "delivered"
    assert (owing.row("8").state, owing.row("8").words) == ("dead", "409 already held")


def test_a_target_that_hangs_is_left_after_its_time(owing, unruly, destination, deliver) -> None:
    unruly.faults[rid("7")] = ["hang"]
    owing.owe([("7", 1)])
    deliver(destination())
    assert [attempt[1] for attempt in owing.history("7")] == ["retry", "delivered"]


def test_a_refused_credential_or_a_login_page_kills_nothing(owing, unruly, destination, deliver) -> None:
    unruly.faults[rid("7")] = ["401", "html"]
    owing.owe([("7", 1)])
    deliver(destination())
    assert [attempt[1] for attempt in owing.history("7")] == ["retry", "retry", "delivered"]


def test_a_target_that_is_down_gets_few_attempts_and_then_everything(owing, unruly, destination, deliver) -> None:
    unruly.faults["batch"] = ["503"] * 8
    owing.owe([(name, 1) for name in names(200)])
    deliver(destination(batch=10, senders=2))
    assert owing.counts()["delivered"] == 200
    # Batches of ten until the breaker opened (5 failures and one under way), then single probes.
    assert len(unruly.requests) < 60
    assert owing.counts()["attempts"] <= 200 + 80


def test_a_hanging_target_keeps_no_other_waiting(owing, unruly, destination, deliver) -> None:
    owing.owe([(name, 1) for name in names(8)])
    owing.owe([(name, 1) for name in names(5, "9")], target="other")
    stuck = destination(batch=1)
    unruly.faults.update({rid(name): ["hang"] for name in names(8)})
    other = destination("other", batch=10)
    arrived = []

    def watch() -> None:
        while not all((rid(name), 1) in unruly.held for name in names(5, "9")):
            time.sleep(0.01)
        arrived.append(time.monotonic())

    began = time.monotonic()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    deliver(stuck, other)
    watcher.join(1)
    assert arrived[0] - began < 0.9, "sooner than the first hang was given up"
    assert owing.counts()["delivered"] == 13
