"""A bearing rig in pictures: windows and envelope spectra of sound and struck bearings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.core import Curve, Illustration, Plot, Source
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.spectra import envelope_spectrum

_SHOWN_TIME = 0.1  # of a window [s]
_SHOWN_ORDERS = 16.0  # of the envelope's spectrum, in turns of the shaft

# Of each kind the window whose line stands out farther than nine tenths of the others' do.
_WINDOWS = """
WITH kept AS (
    SELECT window_id, speed, event_kind::VARCHAR AS kind,
        row_number() OVER (PARTITION BY event_kind ORDER BY CASE event_kind
            WHEN 'inner_race_spall' THEN line_inner_race
            WHEN 'outer_race_spall' THEN line_outer_race ELSE line_ball END, window_id) AS place,
        count(*) OVER (PARTITION BY event_kind) AS n
    FROM windows SEMI JOIN waveforms USING (window_id)
    WHERE sensor_fault = '' AND (label OR event_kind = '')
)
SELECT kind, speed, sample_rate, acceleration FROM kept JOIN waveforms USING (window_id)
WHERE place = n - n // 10 ORDER BY kind
"""


def spectra(sources: Mapping[str, Source]) -> list[Plot]:
    """A window and its envelope's spectrum for a sound bearing and each fault."""
    source = next(iter(sources.values()))
    faults = catalogue()[source.parameters["bearing"]].orders
    lines = {
        "inner_race_spall": faults.inner_race,
        "outer_race_spall": faults.outer_race,
        "ball_spall": 2.0 * faults.ball,
    }
    plots = []
    for row in source.ask(_WINDOWS).to_pylist():
        samples = np.array(row["acceleration"], np.float64)
        name = row["kind"].replace("_", " ") or "sound bearing"
        seconds = np.arange(len(samples)) / row["sample_rate"]
        shown = seconds < _SHOWN_TIME
        plots.append(
            Plot(
                title=f"{name}: acceleration",
                x="time [s]",
                y="[g]",
                curves=[Curve(name="", x=seconds[shown], y=samples[shown])],
                alt=f"Acceleration of a {name}: root mean square {samples.std():.3f} g.",
                is_wide=False,
            )
        )
        frequency, amplitudes = envelope_spectrum(samples[None], row["sample_rate"])
        orders = frequency / (row["speed"] / 60.0)
        near = (orders > 0.3) & (orders < _SHOWN_ORDERS)
        order = lines.get(row["kind"])
        peak = orders[near][amplitudes[0, near].argmax()]
        plots.append(
            Plot(
                title=f"{name}: its envelope",
                x="order [turns of the shaft]",
                y="[g]",
                curves=[Curve(name="", x=orders[near], y=amplitudes[0, near])],
                marks=[("order of the fault, and twice", order * k) for k in (1, 2)]
                if order
                else [],
                alt=f"Envelope spectrum of a {name}: its highest line is at order {peak:.2f}.",
                is_wide=False,
            )
        )
    return plots


ILLUSTRATIONS = (
    Illustration(
        title="What a bearing sounds like",
        doc="A tenth of a second of the housing's acceleration, and the spectrum of its envelope "
        "between 2 and 5 kHz, where the order of a fault stands out. Of each kind that window is "
        "shown whose line stands out farther than nine tenths of the others' do.",
        plot=spectra,
    ),
)
