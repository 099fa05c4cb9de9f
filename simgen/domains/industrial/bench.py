"""The bench on which a hall's windows are measured, while what happens in the hall goes on."""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from simgen.domains.industrial.bearings import FaultOrders
from simgen.domains.industrial.spectra import Samples, features

if TYPE_CHECKING:
    from simgen.domains.industrial.monitoring import Monitoring

Floats = npt.NDArray[np.float64]
Window = npt.NDArray[np.float32]

_AT_ONCE = 128  # windows that are measured together: at each step of a lot one waits for Python
_AHEAD = 2  # such lots that may wait to be measured, so that memory stays flat


class Lot(NamedTuple):
    """Some windows, measured."""

    features: dict[str, Samples]  # (n,) each
    kept: list[Window]  # samples of those that are kept [g]


class Bench:
    """Measures windows some at a time, in a thread: transforms hold no lock of Python's.

    Which windows go together depends on their order alone, so what comes out does as well.
    """

    def __init__(self, monitoring: Monitoring, faults: FaultOrders) -> None:
        self._monitoring = monitoring
        self._orders = {
            "line_outer_race": faults.outer_race,
            "line_inner_race": faults.inner_race,
            "line_ball": 2.0 * faults.ball,
            "line_cage": faults.cage,
            "line_shaft": 1.0,
        }
        self._lots: list[Future[Lot]] = []
        self._worker = ThreadPoolExecutor(1, "bench")
        self._clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown(cancel_futures=True)

    def place(self) -> Window:
        """Where the next window's samples belong `(samples,)`."""
        place: Window = self._samples[len(self._shaft_rates)]
        return place

    def take(self, shaft_rate: float, *, kept: bool) -> None:
        """Measure the window that was put there.

        Args:
            shaft_rate: turns per second. [Hz]
            kept: whether its samples are kept.
        """
        if kept:
            self._kept.append(len(self._shaft_rates))
        self._shaft_rates.append(shaft_rate)
        if len(self._shaft_rates) == _AT_ONCE:
            self._hand_over()

    def lots(self) -> list[Lot]:
        """All windows that were taken, in their order."""
        if self._shaft_rates:
            self._hand_over()
        return [lot.result() for lot in self._lots]

    def _clear(self) -> None:
        self._samples = np.empty((_AT_ONCE, self._monitoring.n_samples), np.float32)
        self._shaft_rates: list[float] = []
        self._kept: list[int] = []

    def _hand_over(self) -> None:
        if len(self._lots) >= _AHEAD:
            self._lots[-_AHEAD].result()
        n = len(self._shaft_rates)
        lot = self._samples[:n], np.array(self._shaft_rates), self._kept
        self._lots.append(self._worker.submit(self._measure, *lot))
        self._clear()

    def _measure(self, samples: Window, shaft_rates: Floats, kept: list[int]) -> Lot:
        found = features(samples, self._monitoring.sample_rate, shaft_rates, self._orders)
        # A copy, unless all are kept: a row would hold the memory of the others.
        return Lot(found, list(samples if len(kept) == len(samples) else samples[kept]))


def is_kept(number: int, share: float) -> bool:
    """Whether a machine's window of this number, from 0, is one of the share that is kept."""
    return math.floor((number + 1) * share) > math.floor(number * share)
