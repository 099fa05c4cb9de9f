"""What a kind of machine tells: its telemetry, its windows, and what is measured on those."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import Field, Key
from simgen.domains.industrial.kernels.fleet import thicken
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes, enlarged
from simgen.kernels.arrays import Floats


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a machine does and suffers: at some instants arrays `(n,)`, at one plain numbers."""

    speed: Any  # over the rated one
    load: Any  # same
    hall: Any  # its temperature [degree Celsius]
    warmth: Any  # of what warms, which lags behind [degree Celsius]
    severity: Mapping[str, Any]  # of each defect
    disturbance: Mapping[str, Any]  # size of each look-alike that goes on, else 0

    def without(self, defects: Collection[str]) -> Conditions:
        """The same without some defects."""
        sound = {name: 0.0 * self.severity[name] for name in defects}
        return replace(self, severity={**self.severity, **sound})


def thickening(warmth: Floats) -> Floats:
    """How much cold oil and grease add to friction and noise `(n,)`: `thickness`, of many.

    Args:
        warmth: (n,) [degree Celsius]
    """
    out = np.empty(len(warmth))
    thicken(warmth, out)
    return out


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A column of telemetry; on a small machine `decimals` may be coarser than its noise."""

    name: str
    unit: str
    doc: str
    decimals: int  # of what is sent
    noise: float = 0.0  # standard deviation, in its unit; of counts it follows from them
    warming_time: float = 0.0  # with which it lags behind its steady value [s]; 0: it does not
    faults: Sizes | None = None  # median sizes of its sensor's faults; None: it has none
    is_magnitude: bool = False  # never below 0, whatever its noise
    counting_time: float = 0.0  # over which it counts, in the time of its unit; 0: it does not

    def deviation(self, steady: Floats) -> Floats | float:
        """Of its noise, at what it reads without: of counts that of Poisson's law."""
        if self.counting_time == 0.0:
            return self.noise
        return np.asarray(np.sqrt(steady / self.counting_time))

    def enlarged(self, factor: float) -> Channel:
        """That of a sensor which measures so many times more."""
        faults = None if self.faults is None else enlarged(self.faults, factor)
        return replace(self, noise=self.noise * factor, faults=faults)


class Signals(ABC):
    """A kind of machine as its sensors see it: the physics that a scenario brings along.

    `steady` and `sample` are without noise and with it: the first is read at leisure, in NumPy,
    and `Channel` says its noise; the second at kHz rates, by a kernel.
    """

    table: ClassVar[str]  # in assets/industrial
    noun: ClassVar[str]
    rated: ClassVar[Mapping[str, tuple[str, str]]]  # columns of `machines`: unit and meaning
    channels: ClassVar[tuple[Channel, ...]]  # sizes of noise and faults on the default plate
    warming: ClassVar[str]  # the channel whose heat ages parts, and that is cold at a cold start
    windows: ClassVar[str]  # what a window is
    waveforms: ClassVar[tuple[Field, ...]]  # samples of each channel of a window
    window_faults: ClassVar[Mapping[str, Sizes]]  # same, of each sensor of windows
    features: ClassVar[tuple[Field, ...]]  # what is measured on a window
    quantities: ClassVar[Mapping[str, str]]  # features that raise alarms, with their units

    @abstractmethod
    def make(self, rng: np.random.Generator) -> Any:
        """One machine's own constants, as it was built."""

    @abstractmethod
    def ratings(self) -> Mapping[str, float]:
        """The values of `rated`."""

    @cached_property
    def enlargements(self) -> Mapping[str, float]:
        """Ratings over those of the default plate, by sensors that measure them."""
        return {}

    @cached_property
    def own_channels(self) -> tuple[Channel, ...]:
        """`channels` with the sizes of this plate."""
        factors = self.enlargements
        return tuple(one.enlarged(factors.get(one.name, 1.0)) for one in self.channels)

    @cached_property
    def own_window_faults(self) -> Mapping[str, Sizes]:
        """`window_faults` with the sizes of this plate."""
        factors = self.enlargements
        return {
            name: enlarged(sizes, factors.get(name, 1.0))
            for name, sizes in self.window_faults.items()
        }

    def plate(self, made: Any) -> Mapping[str, float]:  # noqa: ARG002 - what others need
        """The same of one machine, where they are not all alike."""
        return self.ratings()

    def has(self, made: Any, component: str) -> bool:  # noqa: ARG002 - same
        """Whether a machine has such a component, where they are not all alike."""
        return True

    @abstractmethod
    def steady(self, made: Any, at: Conditions) -> Mapping[str, Floats]:
        """What each channel would read in the long run `(n,)`, without noise.

        That of `warming` follows from all but `warmth`.
        """

    def warmed(self, made: Any, at: Conditions) -> Any:
        """What `warming` would read in the long run: it alone of what `steady` gives.

        `(n,)`; at one instant a number or an array of one.
        """
        return self.steady(made, at)[self.warming]

    @abstractmethod
    def floor(self) -> float:
        """Standard deviation of a window's random part, in the unit of its samples."""

    @abstractmethod
    def sample(
        self, key: Key, window: int, made: Any, at: Conditions, *, rate: float, n_samples: int
    ) -> npt.NDArray[np.float32]:
        """A window's samples `(channels, n_samples)`.

        Args:
            key: a stream's key. (2,)
            window: identifies the window.
            made: of the machine.
            at: the conditions, of one instant.
            rate: samples per second. [Hz]
            n_samples: of the window.
        """

    @abstractmethod
    def measure(
        self, samples: npt.NDArray[np.float32], made: Any, at: Conditions, *, rate: float
    ) -> Mapping[str, float]:
        """The features of a window.

        Args:
            samples: (channels, n_samples)
            made: of the machine.
            at: the conditions, of which a tachometer tells the speed.
            rate: samples per second. [Hz]
        """
