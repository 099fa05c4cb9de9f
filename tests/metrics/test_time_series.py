"""Windows, spectra and models of histories, against known frequencies and known laws."""

import dataclasses

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.discriminative import Discriminative
from simgen.metrics.predictive import Predictive
from simgen.metrics.spectra import Spectra
from simgen.metrics.windows import Convolutions, cut, usual_length

N_MACHINES, N_ROWS = 40, 64


def histories(values, at=None):
    """Machines, a row of `values` `(m, n)` each."""
    values = np.asarray(values, float)
    n_machines, n_rows = values.shape
    at = np.tile(np.arange(float(n_rows)), n_machines) if at is None else np.ravel(at)
    return Sample(
        numeric={"x": values.ravel()},
        entity=np.repeat(np.arange(n_machines), n_rows),
        at=at,
        weight=np.ones(values.size),
    )


def hum(name, period, noise=0.3, irregular=0.0):
    """A sine of this period [rows] at random phases, with noise, at times that stray."""
    chance = Streams(8).generator(name)
    at = np.arange(float(N_ROWS)) + irregular * chance.uniform(0, 1, (N_MACHINES, N_ROWS))
    phase = chance.uniform(0, 1, (N_MACHINES, 1))
    wave = np.sin(2 * np.pi * (at / period + phase))
    return histories(wave + noise * chance.normal(size=wave.shape), at)


def walks(name, memory):
    """Autoregressive series: the best prediction keeps `memory` of the last value."""
    chance = Streams(9).generator(name)
    shocks = chance.normal(size=(200, 20))
    values = np.zeros((200, 20))
    for step in range(1, 20):
        values[:, step] = memory * values[:, step - 1] + shocks[:, step]
    return histories(values)


class TestSpectra:
    """Power by frequency."""

    @pytest.mark.parametrize("irregular", [0.0, 0.9])
    def test_a_line_lies_at_its_frequency(self, irregular):
        """A period of 8 rows has its power at one eighth, regular times or not."""
        signal = hum("a", 8, irregular=irregular)
        details = Spectra().compute(signal, signal).details
        spectrum = details["spectra"]["x"]["real"]
        at = details["frequencies"][int(np.argmax(spectrum))]
        assert at == pytest.approx(1 / 8, rel=0.05)
        assert sum(spectrum) == pytest.approx(1.0)

    def test_another_frequency_is_far_and_another_size_is_not(self):
        """Where power lies counts, not how much."""
        real = hum("a", 8)
        fast, loud = hum("b", 4), hum("c", 8)
        loud = dataclasses.replace(loud, numeric={"x": 3 * loud.numeric["x"]})
        assert Spectra().compute(real, fast).value > 0.7
        assert Spectra().compute(real, loud).value < 0.15

    def test_an_instant_far_from_zero_changes_nothing(self):
        """Seconds since 1970 are as good as seconds since the start."""
        real, synthetic = hum("a", 8), hum("b", 6)
        late = [
            dataclasses.replace(side, at=side.at + 1_600_000_000.0) for side in (real, synthetic)
        ]
        expected = Spectra().compute(real, synthetic).value
        assert Spectra().compute(*late).value == pytest.approx(expected, abs=1e-4)

    def test_a_number_that_never_changes_has_no_spectrum(self):
        """It is said to be undefined."""
        flat = histories(np.ones((N_MACHINES, N_ROWS)))
        assert Spectra().compute(flat, flat).value is None

    def test_short_histories_have_none_either(self):
        """Seven rows show no frequency."""
        short = histories(np.zeros((50, 7)))
        assert "windows of 8 rows" in Spectra().compute(short, short).reason


class TestWindows:
    """Histories in pieces."""

    def test_a_window_holds_rows_of_one_entity_in_order(self):
        """Rows come shuffled; a rest that is too short is dropped."""
        order = Streams(1).generator("order").permutation(3 * 5)
        whole = histories(np.arange(15.0).reshape(3, 5)).take(order)
        found = cut(whole, whole.numeric["x"][:, None], 2, stride=2)
        expected = [[0, 1], [2, 3], [5, 6], [7, 8], [10, 11], [12, 13]]
        assert found.values[:, :, 0].tolist() == expected
        assert found.entity.tolist() == [0, 0, 1, 1, 2, 2]
        assert whole.numeric["x"][found.last].tolist() == [1, 3, 6, 8, 11, 13]

    def test_half_of_the_rows_are_of_entities_as_long(self):
        """One busy entity does not make windows that the others can't fill."""
        entity = np.repeat(np.arange(21), [9] * 20 + [150])
        sample = Sample(numeric={}, entity=entity, at=np.zeros(330), weight=np.ones(330))
        assert usual_length(sample) == 9

    def test_kernels_see_no_level(self):
        """The taps of a channel sum to 0: windows that differ by a constant inside look alike."""
        values = Streams(1).generator("values").random((30, 9, 2))
        read = Convolutions.drawn(values, Streams(1).generator("kernels"))
        assert all(np.allclose(taps.sum(axis=0), 0.0) for taps in read.taps)
        assert read.features(values).shape == (30, 2 * len(read.taps))


class TestModels:
    """What models make of histories."""

    def test_histories_of_one_nature_can_t_be_told(self):
        """Accuracy one half, and as good a prediction."""
        pair = walks("a", 0.8), walks("b", 0.8)
        assert Discriminative().compute(*pair).value < 0.08
        score = Predictive().compute(*pair)
        assert score.value == pytest.approx(1.0, abs=0.03)

    def test_rows_in_another_order_are_told_though_each_is_right(self):
        """The marginal distribution is the same; only the history is not."""
        real, other = walks("a", 0.9), walks("b", 0.9)
        shuffled = other.numeric["x"].reshape(200, 20)[:, Streams(2).generator("x").permutation(20)]
        assert Discriminative().compute(real, histories(shuffled)).value > 0.3

    def test_a_wrong_law_predicts_worse(self):
        """What comes next goes the other way."""
        score = Predictive().compute(walks("a", 0.9), walks("b", -0.9))
        assert score.low > 1.5
        assert score.details["error"]["synthetic"] > 1.5 * score.details["error"]["real"]

    def test_short_histories_are_said(self):
        """Three rows are no history."""
        short = histories(np.arange(300.0).reshape(100, 3))
        for metric in (Discriminative(), Predictive()):
            assert "fewer than 4" in metric.compute(short, short).reason
