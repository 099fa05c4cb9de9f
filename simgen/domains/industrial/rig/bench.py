"""The bench on which a hall's windows are measured, while what happens in the hall goes on."""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from simgen.core import Key
from simgen.domains.industrial.bearings import FaultOrders
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.listening import WINDOW, listen
from simgen.domains.industrial.kernels.vibration import DEFECT
from simgen.domains.industrial.kernels.windows import deviation
from simgen.domains.industrial.sensing import spoil_samples
from simgen.domains.industrial.spectra import features
from simgen.domains.industrial.transforms import Samples
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.rig.monitoring import Monitoring

Window = npt.NDArray[np.float32]
Records = npt.NDArray[np.void]

_AT_ONCE = 128  # windows that are measured together: at each step of a lot one waits for Python
_AHEAD = 2  # such lots that may wait to be measured, so that memory stays flat
_LARGEST_ROOM = 1 << 28  # samples that one array of the shelf may hold


@dataclass(frozen=True, kw_only=True)
class Ears:
    """What the machines of a hall are heard with; see `listen`."""

    window_key: Key
    sensor_key: Key
    rig: Records  # of dtype RIG (1,)
    machines: Records  # of dtype MACHINE (k,)
    modes: Records  # of dtype MODE (k, m)
    harmonics: Floats  # (k, h, 2) [g]


class Lot(NamedTuple):
    """Some windows, measured."""

    windows: Records  # of dtype WINDOW (n,)
    features: dict[str, Samples]  # (n,) each


@dataclass(kw_only=True)
class _Pile:
    """Windows that were taken and are not measured yet."""

    windows: Records  # of dtype WINDOW (n,)
    defects: Records  # of dtype DEFECT (n,)
    samples: Window  # (n, samples) [g]
    faults: list[tuple[int, Event]] = field(default_factory=list)  # that have still to spoil one
    n: int = 0  # windows so far


class Shelf:
    """Where the samples of windows stand that are kept, one after the other.

    Room is asked for before anybody knows how much is needed: what is not used takes no memory.
    """

    def __init__(self, n_samples: int, n_most: int) -> None:
        """For windows of `n_samples` each, `n_most` of them as far as one can tell."""
        n_rows = max(1, min(n_most, _LARGEST_ROOM // n_samples))
        self._shape = math.ceil(n_rows / _AT_ONCE) * _AT_ONCE, n_samples
        self._rooms: list[Window] = []
        self._n_used: list[int] = []  # of each of them

    def place(self, n: int) -> Window:
        """Where the next windows belong `(n, samples)`; no more than go together."""
        if not self._rooms or self._n_used[-1] + n > len(self._rooms[-1]):
            self._rooms.append(np.empty(self._shape, np.float32))
            self._n_used.append(0)
        self._n_used[-1] += n
        place: Window = self._rooms[-1][self._n_used[-1] - n : self._n_used[-1]]
        return place

    def give_back(self, n: int) -> None:
        """So many of the last places are not needed."""
        self._n_used[-1] -= n

    def windows(self) -> list[Window]:
        """All that stand here, in their order, in few arrays `(n, samples)`."""
        return [room[:n] for room, n in zip(self._rooms, self._n_used, strict=True) if n]


class Bench:
    """Hears windows and measures them, some at a time, in a thread that holds no lock of Python's.

    Which windows go together depends on their order alone, so what comes out does as well.
    """

    def __init__(
        self, monitoring: Monitoring, faults: FaultOrders, ears: Ears, n_most: int
    ) -> None:
        """For windows of which about `n_most` are kept at the most."""
        self._monitoring = monitoring
        self._shelf = Shelf(monitoring.n_samples, n_most)
        self._keeps_all = monitoring.waveform_share == 1.0
        self._ears = ears
        self._orders = {
            "line_outer_race": faults.outer_race,
            "line_inner_race": faults.inner_race,
            "line_ball": 2.0 * faults.ball,
            "line_cage": faults.cage,
            "line_shaft": 1.0,
        }
        self._lots: list[Future[Lot]] = []
        self._worker = ThreadPoolExecutor(1, "bench")
        self._pile = self._empty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.shutdown(cancel_futures=True)

    def take(self, window: tuple[Any, ...], defect: Any, fault: Event | None) -> None:
        """Take a window; its samples are there when it is measured, or its level is asked for.

        Args:
            window: the fields of dtype WINDOW up to `kept`.
            defect: a record of dtype DEFECT, if something strikes.
            fault: of the sensor, if one goes on.
        """
        if self._pile.n == _AT_ONCE:
            self._hand_over()
            self._pile = self._empty()
        pile = self._pile
        place = pile.n
        pile.windows[place] = (*window, False, 0.0)
        if defect is not None:
            pile.defects[place] = defect
        if fault is not None:
            pile.faults.append((place, fault))
        pile.n = place + 1

    def level(self) -> float:
        """The standard deviation of the window that was taken last [g]."""
        pile = self._pile
        self._hear(pile, pile.n - 1)
        level: float = deviation(pile.samples[pile.n - 1])
        return level

    def finish(self) -> tuple[list[Lot], list[Window]]:
        """All windows that were taken, in their order, and the samples of those that are kept [g].

        The samples stand in few arrays `(n, samples)`.
        """
        self._hand_over()
        lots = [lot.result() for lot in self._lots]
        if self._keeps_all:
            self._shelf.give_back(_AT_ONCE - self._pile.n)
        return lots, self._shelf.windows()

    def _empty(self) -> _Pile:
        shape = _AT_ONCE, self._monitoring.n_samples
        return _Pile(
            windows=np.empty(_AT_ONCE, WINDOW),
            defects=np.zeros(_AT_ONCE, DEFECT),
            samples=self._shelf.place(_AT_ONCE) if self._keeps_all else np.empty(shape, np.float32),
        )

    def _hand_over(self) -> None:
        if len(self._lots) >= _AHEAD:
            self._lots[-_AHEAD].result()
        if self._pile.n:
            self._lots.append(self._worker.submit(self._measure, self._pile))

    def _hear(self, pile: _Pile, first: int) -> None:
        """Make the samples of windows from one place on; nothing where they are there."""
        ears = self._ears
        listen(
            ears.window_key,
            ears.rig,
            ears.machines,
            ears.modes,
            ears.harmonics,
            pile.windows,
            pile.defects,
            first,
            pile.n,
            pile.samples,
        )
        while pile.faults and pile.faults[-1][0] >= first:
            place, fault = pile.faults.pop()
            window, at = pile.windows["window_id"][place], pile.windows["at"][place]
            spoil_samples(
                fault, pile.samples[place], key=ears.sensor_key, window=window, now=float(at)
            )

    def _measure(self, pile: _Pile) -> Lot:
        self._hear(pile, 0)
        windows, samples = pile.windows[: pile.n], pile.samples[: pile.n]
        shaft_rates, kept = windows["speed"] / 60.0, windows["kept"]
        found = features(samples, self._monitoring.sample_rate, shaft_rates, self._orders)
        if not self._keeps_all:
            places = np.flatnonzero(kept)
            # Clipped, it is written where it belongs without a copy on the way.
            samples.take(places, axis=0, out=self._shelf.place(len(places)), mode="clip")
        return Lot(windows, found)
