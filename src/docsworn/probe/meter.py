"""The one deadline and the phases of an exchange that is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from docsworn.errors import DocswornError
from docsworn.model import Failure, FailureReason, Timings


class ExchangeError(DocswornError):
    """No complete response will come; ``failure`` says why, without any value of the exchange."""

    def __init__(self, reason: FailureReason, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(reason, detail)


class Meter:
    """Bounds one exchange by ``seconds`` from now and notes how long each phase took.

    ``received`` counts bytes from the peer, ``peer_closed`` says that it ended the connection,
    ``connected`` that this exchange opened one.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._started = clock()
        self._phases: dict[str, float] = {}
        self._open: dict[str, float] = {}
        self.connected = False
        self.received = 0
        self.peer_closed = False
        self.certificate_expiry: float | None = None

    def remaining(self, limit: float | None = None) -> float:
        """Seconds left, at most ``limit``; ExchangeError when there are none."""
        left = self._started + self._seconds - self._clock()
        if left <= 0:
            raise self.timeout()
        return left if limit is None else min(left, limit)

    def timeout(self) -> ExchangeError:
        """The failure of an exchange that took longer than it may, with the phase it was in."""
        phase = next(reversed(self._open), None)
        where = f" in the phase {phase}" if phase else ""
        return ExchangeError(FailureReason.TIMEOUT, f"no complete response in {self._seconds:g} s{where}")

    def start(self, phase: str) -> None:
        """A phase begins."""
        self._open[phase] = self._clock()

    def stop(self, phase: str) -> None:
        """A phase ends; one that never began is left alone."""
        began = self._open.pop(phase, None)
        if began is not None:
            self._phases[phase] = self._phases.get(phase, 0.0) + self._clock() - began

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """The phase that lasts as long as the block, however it ends."""
        self.start(name)
        try:
            yield
        finally:
            self.stop(name)

    def timings(self) -> Timings:
        """What each phase took until now, in seconds."""
        for name in tuple(self._open):
            self.stop(name)
        return Timings(total=self._clock() - self._started, **self._phases)
