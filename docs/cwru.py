"""Judges the bearing rig by the real recordings of Case Western: tables, and a picture.

A random forest is trained on simulated windows and tested on every real one, beside a forest that
is trained on real windows of other recordings, and one on simulated windows that were corrected
toward these. Needs the real file (`SIMGEN_REFERENCE`).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from matplotlib.figure import Figure
from sklearn.ensemble import RandomForestClassifier

import simgen
from simgen.core import Streams
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.spectra import (
    band_levels,
    envelope_lines,
    envelope_spectrum,
    mean_frequency,
    moments,
)
from simgen.pipeline.references import references_folder
from simgen.residual import Column, Rows, Shape, find_residuals

PICTURE = Path(__file__).parent / "pictures" / "bearing-windows.png"
N_SAMPLES, RATE, SHAFT_RATE = 4_096, 12_000.0, 1_797.0 / 60.0
ORDERS = catalogue()["SKF_6205"].orders
LINES = {
    "line_outer_race": ORDERS.outer_race,
    "line_inner_race": ORDERS.inner_race,
    "line_ball": 2.0 * ORDERS.ball,
    "line_cage": ORDERS.cage,
    "line_shaft": 1.0,
}
CLASSES = {"normal": "", "IR": "inner_race_spall", "OR": "outer_race_spall", "B": "ball_spall"}
NAMES = {"normal": "sound", "IR": "inner race", "OR": "outer race", "B": "ball"}
STRIKES = {"IR": ORDERS.inner_race, "OR": ORDERS.outer_race, "B": 2.0 * ORDERS.ball}
LINES_OF = {"IR": "line_inner_race", "OR": "line_outer_race", "B": "line_ball"}
SHOWN = {"normal": 0, "IR": 7, "OR": 7, "B": 14}  # diameters in the picture [mil]
SHARP = 3.8  # kurtosis of a window in which strikes stand out
SEEDS = range(3)
DIAMETERS = (7, 14, 21)  # [mil]


def real_windows() -> pd.DataFrame:
    """Every whole window of the real recordings: fault, diameter, number, samples, features."""
    path = references_folder() / "industrial" / "cwru_bearing_0hp.parquet"
    if not path.is_file():
        sys.exit(f"there is no file {path}: set SIMGEN_REFERENCE to the folder of references")
    parts = []
    for (fault, diameter), rows in (
        pq.read_table(path).to_pandas().groupby(["fault", "diameter_mil"])
    ):
        samples = rows.sort_values("sample")["DE"].to_numpy(np.float64)
        windows = samples[: len(samples) // N_SAMPLES * N_SAMPLES].reshape(-1, N_SAMPLES)
        part = features(windows)
        part["fault"], part["diameter"], part["number"] = fault, diameter, np.arange(len(part))
        part["samples"] = list(windows)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def features(windows: np.ndarray) -> pd.DataFrame:
    """What the rig's table `windows` holds of windows `(n, samples)`."""
    envelope = envelope_spectrum(windows, RATE)
    return pd.DataFrame(
        {
            **moments(windows),
            "mean_frequency": mean_frequency(windows, RATE),
            **band_levels(windows, RATE),
            **envelope_lines(*envelope, np.full(len(windows), SHAFT_RATE), LINES),
        }
    )


def simulated_windows(seed: int) -> pd.DataFrame:
    """Windows of sound bearings and of visible spalls, as in the view `cwru_bearing`."""
    with tempfile.TemporaryDirectory() as folder:
        data = simgen.generate(
            "industrial/bearing_rig", out=folder, seed=seed, difficulty=False, quiet=True
        )
        windows = data.to_pandas("windows").merge(
            data.to_pandas("waveforms")[["window_id", "acceleration"]], how="left"
        )
    kinds = {kind: fault for fault, kind in CLASSES.items()}
    windows["fault"] = windows.event_kind.astype(str).map(kinds)
    visible = ~windows.label | (windows.spall_share >= 0.1)
    return windows[windows.fault.notna() & visible & (windows.sensor_fault == "")]


def predict(train: pd.DataFrame, test: pd.DataFrame, seed: int) -> np.ndarray:
    """The class of each test window `(n,)`, by a forest on the logarithms of the features."""
    columns = list(features(np.zeros((1, N_SAMPLES))).columns)
    forest = RandomForestClassifier(
        300, min_samples_leaf=3, class_weight="balanced", random_state=seed
    )
    forest.fit(np.log(train[columns].clip(lower=1e-4)), train.fault)
    return forest.predict(np.log(test[columns].clip(lower=1e-4)))


def by_diameter(
    real: pd.DataFrame, made: Callable[[pd.DataFrame], pd.DataFrame], seed: int
) -> np.ndarray:
    """Predictions for each diameter by what is made of the others.

    The one sound recording is cut in three.
    """
    third = (real.number * 3 // (1 + real.number[real.fault == "normal"].max())).clip(upper=2)
    fold = np.where(real.fault == "normal", np.array(DIAMETERS)[third], real.diameter)
    found = np.empty(len(real), object)
    for diameter in DIAMETERS:
        test = fold == diameter
        found[test] = predict(made(real[~test]), real[test], seed)
    return found


def corrected(simulated: pd.DataFrame, real: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Simulated windows moved by `transport` to where real ones of the same fault lie."""
    names = list(features(np.zeros((1, N_SAMPLES))).columns)
    streams, faults = Streams(seed), tuple(NAMES)
    shape = Shape(
        columns=tuple(
            Column(
                name=name,
                forward=lambda rows, name=name: np.log(np.maximum(rows[name], 1e-4)),
                inverse=lambda free, _rows: np.exp(free),
                causes=tuple(
                    lambda rows, fault=fault: (rows["fault"] == fault).astype(float)
                    for fault in faults[1:]
                ),
            )
            for name in names
        ),
        label="label",
    )

    def rows(windows: pd.DataFrame) -> Rows:
        columns = {name: windows[name].to_numpy(np.float64) for name in names}
        fault = windows.fault.to_numpy(str)
        return Rows(
            columns=columns | {"fault": fault, "label": fault != faults[0]},
            weight=np.ones(len(windows)),
        )

    made = rows(simulated)
    moved = (
        find_residuals()["transport"]().fit(made, rows(real), shape, streams).apply(made, streams)
    )
    return pd.DataFrame(dict(moved.columns))


def print_table(real: pd.DataFrame, predictions: dict[str, list[np.ndarray]]) -> None:
    """Recall of each class and their mean: lowest and highest over the seeds."""
    print("| trained on | " + " | ".join(NAMES.values()) + " | mean | all windows |")
    print("|---|" + "---:|" * (len(NAMES) + 2))
    for name, runs in predictions.items():
        hits = np.array([run == real.fault for run in runs])
        recalls = np.array([[hit[real.fault == c].mean() for c in CLASSES] for hit in hits])
        columns = [*recalls.T, recalls.mean(1), hits.mean(1)]
        cells = [f"{values.min():.2f} to {values.max():.2f}" for values in columns]
        print(f"| {name} | " + " | ".join(cells) + " |")
    for name, runs in predictions.items():
        print(f"\n{name}, first seed:")
        recording = real.fault + real.diameter.astype(str)
        print(pd.crosstab(recording, runs[0], rownames=["real"], colnames=["found"]).to_string())


def print_peaks(real: pd.DataFrame, simulated: pd.DataFrame) -> None:
    """Share of windows whose highest line of the envelope stands at the fault's frequency."""

    def share(windows: pd.DataFrame, samples: str, shaft_rate: np.ndarray) -> float:
        frequency, amplitudes = envelope_spectrum(
            np.stack([np.asarray(window, np.float64) for window in windows[samples]]), RATE
        )
        peak = frequency[1:][amplitudes[:, 1:].argmax(1)]
        fault = STRIKES[windows.fault.iloc[0]] * shaft_rate
        # A bin, or the slip where that is more.
        return float(np.mean(np.abs(peak - fault) <= np.maximum(frequency[1], 0.02 * fault)))

    kept = simulated[simulated.acceleration.notna()]
    sharp = np.where(kept["kurtosis"] > SHARP, "sharp", "dull")
    for fault in LINES_OF:
        for diameter, windows in real[real.fault == fault].groupby("diameter"):
            found = share(windows, "samples", np.full(len(windows), SHAFT_RATE))
            print(f"real {fault}, {diameter} mil: {found:.2f} of {len(windows)}")
        for how, windows in kept[kept.fault == fault].groupby(sharp[kept.fault == fault]):
            found = share(windows, "acceleration", windows.speed.to_numpy() / 60.0)
            print(f"simulated {fault}, {how}: {found:.2f} of {len(windows)}")


def draw(real: pd.DataFrame, simulated: pd.DataFrame) -> None:
    """Windows and envelope spectra, real beside simulated, one row for each class."""
    figure = Figure(figsize=(13, 9), layout="constrained")
    axes = figure.subplots(len(CLASSES), 4)
    kept = simulated[simulated.acceleration.notna()]
    for row, (fault, name) in zip(axes, NAMES.items(), strict=True):
        one = real[(real.fault == fault) & (real.diameter == SHOWN[fault])].iloc[5]
        own = kept[kept.fault == fault]
        # The nearest simulated window: spalls come in all sizes and shapes.
        alike = ["rms", "kurtosis", *([LINES_OF[fault]] if fault in LINES_OF else [])]
        away = [np.log(own[name] / one[name]) ** 2 for name in alike]
        other = own.iloc[np.argmin(sum(away))]
        pair = {"real": one.samples, "simulated": np.asarray(other.acceleration, np.float64)}
        limit = 1.1 * max(np.abs(samples).max() for samples in pair.values())
        for place, (side, samples) in enumerate(pair.items()):
            wave, spectrum = row[place], row[2 + place]
            wave.plot(np.arange(1_200) / RATE * 1e3, samples[:1_200], linewidth=0.5)
            wave.set(
                title=f"{name}, {side}", ylim=(-limit, limit), xlabel="time [ms]", ylabel="[g]"
            )
            frequency, amplitudes = envelope_spectrum(samples[None], RATE)
            spectrum.plot(frequency[1:140], amplitudes[0, 1:140], linewidth=0.8)
            if fault in STRIKES:
                spectrum.axvline(STRIKES[fault] * SHAFT_RATE, color="tab:red", linewidth=0.6)
            spectrum.set(
                title=f"envelope, {side}", xlabel="frequency [Hz]", ylabel="[g]", ylim=(0, None)
            )
    figure.savefig(PICTURE, dpi=75)


def main() -> None:
    """Simulate, judge, print, draw."""
    real = real_windows()
    simulated = [simulated_windows(seed) for seed in SEEDS]
    predictions = {
        "real, other diameters": [by_diameter(real, lambda rows: rows, seed) for seed in SEEDS],
        "simulated": [
            predict(rows, real, seed) for seed, rows in zip(SEEDS, simulated, strict=True)
        ],
        "simulated, corrected toward other diameters": [
            by_diameter(real, partial(corrected, rows, seed=seed), seed)
            for seed, rows in zip(SEEDS, simulated, strict=True)
        ],
    }
    print_table(real, predictions)
    print_peaks(real, pd.concat(simulated))
    draw(real, simulated[0])


if __name__ == "__main__":
    main()
