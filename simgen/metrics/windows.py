"""Histories cut into windows of equal length, and what random convolutions see in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.metrics.base import Indices, Sample
from simgen.metrics.histories import in_time, intervals
from simgen.metrics.resampling import entity_codes
from simgen.metrics.space import Space
from simgen.metrics.weighted import ranks

FEWEST_STEPS, MOST_STEPS = 4, 24  # rows of a window; the upper one is that of TimeGAN's data sets
FEWEST_WINDOWS = 40  # of each sample: half of them train, half test
N_KERNELS = 100  # two features each
N_TAPS = 3  # of a kernel; short, as windows are
MOST_CHANNELS = 4  # that one kernel reads
_CENTRE = 0.5  # of the mixed space: rows beyond the ends of a window count as lying there


@dataclass(frozen=True, kw_only=True, eq=False)
class Windows:
    """Successive rows of one entity, as many in each window.

    Attributes:
        values: the rows' points, in the order of time `(w, s, d)`.
        entity: whose each window is, as a number from 0 `(w,)`.
        weight: the mean weight of its rows `(w,)`.
        last: which row of the sample is the last of each `(w,)`.
    """

    values: Floats
    entity: Indices
    weight: Floats
    last: Indices

    @property
    def n_windows(self) -> int:
        """How many windows there are."""
        return len(self.entity)


def usual_length(*samples: Sample) -> int:
    """Rows of a window: half of the rows of each sample are of an entity that has as many."""
    lengths = []
    for sample in samples:
        codes = entity_codes(sample.entity, sample.n_rows)
        lengths.append(int(np.median(np.bincount(codes)[codes])))
    return min(*lengths, MOST_STEPS)


def place_steps(real: Sample, synthetic: Sample) -> tuple[Floats, Floats]:
    """Points `(n, d)` and `(m, d)` of the mixed space, and of time in one more dimension.

    That is the time since the entity's row before, by its rank among the real ones.
    """
    space = Space.of(real, synthetic)
    since = [intervals(side) for side in (real, synthetic)]
    known = np.sort(since[0][~np.isnan(since[0])])
    place = ranks(known, np.ones(len(known)))
    first, second = (
        np.column_stack(
            [
                space.place(side),
                np.where(np.isnan(gaps), _CENTRE, np.interp(gaps, known, place)),
            ]
        )
        for side, gaps in zip((real, synthetic), since, strict=True)
    )
    return first, second


def cut(sample: Sample, points: Floats, n_steps: int, *, stride: int) -> Windows:
    """Windows of `n_steps` successive rows of one entity, beginning every `stride` rows of it.

    Args:
        sample: whose rows; those without a time take no part.
        points: what the windows hold of each row `(n, d)`.
        n_steps: rows of a window; entities with fewer have none.
        stride: rows from one window's beginning to the next one's.
    """
    codes, order = in_time(sample)
    codes = codes[order]
    place = np.arange(len(order)) - np.searchsorted(codes, codes)
    starts = np.flatnonzero(place % stride == 0)
    starts = starts[starts + n_steps <= len(order)]
    starts = starts[codes[starts] == codes[starts + n_steps - 1]]
    rows = order[starts[:, None] + np.arange(n_steps)]
    return Windows(
        values=points[rows],
        entity=codes[starts],
        weight=sample.weight[rows].mean(axis=1),
        last=rows[:, -1],
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Convolutions:
    """Random kernels, as in ROCKET (Dempster et al., 2020), and the biases of their outputs.

    Attributes:
        channels: which dimensions each kernel reads.
        taps: its weights `(N_TAPS, c)`, each channel's summing to 0.
        dilations: rows from tap to tap.
        biases: above which its output counts as positive.
    """

    channels: tuple[Indices, ...]
    taps: tuple[Floats, ...]
    dilations: tuple[int, ...]
    biases: tuple[float, ...]

    @classmethod
    def drawn(cls, values: Floats, generator: np.random.Generator) -> Convolutions:
        """Kernels for windows like `values` `(w, s, d)`.

        As in MiniRocket (Dempster et al., 2021), a bias is a quantile of outputs, here of all.
        """
        _, n_steps, n_channels = values.shape
        widest = max(1, (n_steps - 1) // (N_TAPS - 1))
        parts = []
        for _ in range(N_KERNELS):
            n_read = int(generator.integers(1, min(MOST_CHANNELS, n_channels) + 1))
            channels = generator.permutation(n_channels)[:n_read]
            taps = generator.normal(size=(N_TAPS, n_read))
            taps -= taps.mean(axis=0)
            dilation = int(widest ** generator.random())
            output = _convolved(values, channels, taps, dilation)
            parts.append((channels, taps, dilation, float(np.quantile(output, generator.random()))))
        channels_of, taps_of, dilations, biases = zip(*parts, strict=True)
        return cls(channels=channels_of, taps=taps_of, dilations=dilations, biases=biases)

    def features(self, values: Floats) -> Floats:
        """The largest output of each kernel and its share of positive ones `(w, 2 * N_KERNELS)`."""
        found = []
        for channels, taps, dilation, bias in zip(
            self.channels, self.taps, self.dilations, self.biases, strict=True
        ):
            output = _convolved(values, channels, taps, dilation)
            found += [output.max(axis=1), (output > bias).mean(axis=1)]
        return np.column_stack(found)


def _convolved(values: Floats, channels: Indices, taps: Floats, dilation: int) -> Floats:
    """The output `(w, s)` of one kernel; beyond the ends of a window lies the centre."""
    n_steps = values.shape[1]
    reach = dilation * (N_TAPS // 2)
    padded = np.pad(values[:, :, channels] - _CENTRE, ((0, 0), (reach, reach), (0, 0)))
    output = np.zeros(values.shape[:2])
    for tap, weights in enumerate(taps):
        output += padded[:, tap * dilation : tap * dilation + n_steps] @ weights
    return output
