"""One call for many who ask, and results that stay until there are better ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from docsworn.errors import UnknownNameError
from docsworn.observe.journal import Remaining
from docsworn.watch.desk import Desk
from docsworn.watch.outcome import Outcome
from docsworn.watch.pool import Pool, map_together
from docsworn.watch.prober import Prober
from docsworn.watch.watched import Watched
from tests.derive.site import Site, serving
from tests.watch.kites import fly, probing, target

WAIT = 20.0


class Bench:
    """A desk with one prober of a real target, and what it was told."""

    def __init__(self, prober: Prober) -> None:
        self.told: list[Outcome] = []
        self.prober = prober
        self.desk = Desk(
            {"kites": prober}, tell=lambda _, outcome: self.told.append(outcome), submit=Pool(4).submit
        )

    def asked(self, module: str = "default") -> Outcome:
        """What somebody gets who asks."""
        return self.desk.ask("kites", module, None).result(WAIT)


@pytest.fixture
def site() -> Iterator[Site]:
    """An API where every kite flies."""
    with serving() as found:
        fly(found)
        yield found


@contextmanager
def bench(watched: Watched) -> Iterator[Bench]:
    """A desk of this target."""
    with probing(watched, time.time) as (prober, _):
        yield Bench(prober)


def test_who_asks_at_once_gets_the_same(tmp_path: Path, site: Site) -> None:
    """However many ask, one round is held; later ones get it again while it is young."""
    with bench(target(tmp_path, site.url, "scheduled: false", "min_interval: 3600")) as one:
        flights = [one.desk.ask("kites", "default", None) for _ in range(20)]
        assert len({id(flight.result(WAIT)) for flight in flights}) == 1
        assert one.desk.now("kites") is None
        assert one.asked() is one.desk.last("kites")
    assert len(site.asked) == 6  # the schedule's own round does not ask whether there is a young one
    assert len(one.told) == 2


def test_an_old_result_is_fetched_anew(tmp_path: Path, site: Site) -> None:
    """Beyond the minimum interval the provider is asked again."""
    with bench(target(tmp_path, site.url, "scheduled: false", "min_interval: 0.001")) as one:
        first = one.asked()
        time.sleep(0.01)
        assert one.asked() is not first
    assert len(site.asked) == 6


def test_a_pause_leaves_the_last_result(tmp_path: Path, site: Site) -> None:
    """While the provider must not be asked, what it said last is still told, with the pause."""
    with bench(target(tmp_path, site.url, "interval: 600")) as one:
        one.desk.now("kites")
        site.pages["/kites/k1"] = (429, {"Retry-After": "100"}, b"")
        pause = one.desk.now("kites")
        assert pause is not None
        assert 90 < pause <= 101
        before = one.desk.last("kites")
        assert one.desk.now("kites") is not None
        after = one.desk.last("kites")
    assert before is not None
    assert after is not None
    assert after.runs is before.runs
    assert [len(outcome.runs) for outcome in one.told] == [1, 1, 0]


def test_a_failing_probe_is_told_to_all_who_wait(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own fault reaches everybody, and the next who asks tries again."""

    def crash(*_: object) -> Outcome:
        raise RuntimeError

    with bench(target(tmp_path, site.url, "scheduled: false")) as one:
        with monkeypatch.context() as patch:
            patch.setattr(Prober, "probe", crash)
            with pytest.raises(RuntimeError):
                one.asked()
        assert one.asked().reached


def test_names_nobody_knows(tmp_path: Path, site: Site) -> None:
    """Targets and modules are those of the configuration."""
    with bench(target(tmp_path, site.url)) as one:
        with pytest.raises(UnknownNameError, match=r'^unknown target "kits": did you mean "kites"'):
            one.desk.ask("kits", "default", None)
        with pytest.raises(UnknownNameError, match=r'^unknown module "slow"'):
            one.desk.ask("kites", "slow", None)
    assert site.asked == []


def test_what_comes_after_the_end_is_dropped(tmp_path: Path, site: Site) -> None:
    """A round that outlives its desk, or its target, changes nothing."""
    with bench(target(tmp_path, site.url)) as one:
        one.desk.close(grace_seconds=0)
        one.desk.now("kites")
        assert (one.told, one.desk.last("kites")) == ([], None)


def test_a_changed_target_begins_anew(tmp_path: Path, site: Site) -> None:
    """Who is the same keeps the result; who has changed does not."""
    watched = target(tmp_path, site.url)
    with bench(watched) as one:
        one.desk.now("kites")
        assert one.desk.all_seen()
        one.desk.replace({"kites": one.prober})
        assert one.desk.all_seen()
        with probing(replace(watched, jitter=0.5), time.time) as (other, _):
            assert not other.watched.is_same(watched)
            one.desk.replace({"kites": other})
            assert not one.desk.all_seen()


@pytest.mark.parametrize("at_once", [1, 3, 9])
def test_work_is_done_together_and_in_order(at_once: int) -> None:
    """Results come in the order of the items, and no more are under way than allowed."""
    busy, most, lock = [0], [0], threading.Lock()

    def work(number: int) -> int:
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.005)
        with lock:
            busy[0] -= 1
        return number * number

    assert map_together(work, range(9), at_once) == tuple(number * number for number in range(9))
    assert most[0] <= at_once
    assert map_together(work, [], at_once) == ()


def test_what_work_raises_is_raised() -> None:
    """A mistake in one of them is not swallowed."""

    def work(number: int) -> int:
        return 1 // number

    with pytest.raises(ZeroDivisionError):
        map_together(work, [1, 0, 1], 2)


def test_a_pool_lets_idle_threads_go() -> None:
    """What was started for a burst does not stay for ever."""
    pool, done = Pool(3, idle_seconds=0.01), threading.Semaphore(0)
    release: Callable[[], None] = done.release
    for _ in range(10):
        pool.submit(release)
    assert all(done.acquire(timeout=WAIT) for _ in range(10))
    deadline = time.monotonic() + WAIT
    while pool.threads and time.monotonic() < deadline:
        time.sleep(0.01)
    assert pool.threads == 0
    pool.submit(release)
    assert done.acquire(timeout=WAIT)


def test_an_outcome_says_what_it_is() -> None:
    """Without runs nothing was sent."""
    outcome = Outcome("kites", "default", 0.0, 1.0, (), Remaining(1, 1))
    assert outcome.held
    assert not outcome.reached
    assert outcome.sent == 0
