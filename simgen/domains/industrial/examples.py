"""How an expert is shown what is no course over time: a vibration window, a disk's counts."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa

from simgen.core import Lane, lanes_drawn
from simgen.domains.industrial.spectra import envelope_spectrum

_SHOWN_TIME = 0.1  # of a window [s]
_SHOWN_ORDERS = (0.3, 16.0)  # of an envelope's spectrum, in turns of the shaft

_COUNTS = {
    "reallocated": "remapped sectors",
    "pending": "pending sectors",
    "uncorrectable": "failed reads",
}
_WIDTH, _LINE, _TOP = 480, 44, 64  # of the picture, of a count's line, and where the first stands
_LEFT, _RIGHT = 150, 440  # edges of the axis of counts
_MARKS = (0, 1, 10, 100, 1_000, 10_000)


def window(rows: pa.Table, shown: pa.Table) -> str:
    """A tenth of a second of a window, and the spectrum of its envelope, each on its own scale.

    Args:
        rows: `acceleration` [g], `sample_rate` [Hz] and `speed` [rpm] of one window.
        shown: unused: levels differ a hundredfold between windows.
    """
    del shown
    row = rows.to_pylist()[0]
    samples = np.array(row["acceleration"], np.float64)
    seconds = np.arange(len(samples)) / row["sample_rate"]
    first = seconds < _SHOWN_TIME
    frequency, amplitudes = envelope_spectrum(samples[None], row["sample_rate"])
    orders = frequency / (row["speed"] / 60.0)
    near = (orders > _SHOWN_ORDERS[0]) & (orders < _SHOWN_ORDERS[1])
    envelope = np.asarray(amplitudes[0, near], np.float64)
    return lanes_drawn(
        [
            Lane(
                title="acceleration [g]",
                x=seconds[first],
                y=samples[first],
                shown=samples[first],
                foot=f"{_SHOWN_TIME} s",
            ),
            Lane(
                title="its envelope [g]",
                x=orders[near],
                y=envelope,
                shown=envelope,
                foot=f"order {_SHOWN_ORDERS[1]:g} of the shaft",
            ),
        ]
    )


def disk_month(rows: pa.Table, shown: pa.Table) -> str:
    """What a disk had counted 30 days ago (ring) and now (dot), on a logarithmic axis.

    Args:
        rows: one row of the view `backblaze`.
        shown: unused: the axis is always the same.
    """
    del shown
    row = rows.to_pylist()[0]
    bottom = _TOP + _LINE * len(_COUNTS)
    marks = "".join(
        f'<line x1="{_across(mark):.1f}" x2="{_across(mark):.1f}" y1="{_TOP - 20}" y2="{bottom}" '
        f'stroke="currentColor" stroke-opacity="0.15"/>'
        f'<text x="{_across(mark):.1f}" y="{bottom + 16}" text-anchor="middle">{mark}</text>'
        for mark in _MARKS
    )
    lines, words = [], []
    for place, (name, title) in enumerate(_COUNTS.items()):
        before = float(row[f"{name}_before"])
        now = float(row["pending"] if name == "pending" else before + row[f"{name}_rise"])
        lines.append(_change(title, before, now, _TOP + _LINE * place))
        words.append(f"{title}: {before:.0f}, then {now:.0f}")
    head = f"{row['model']}, {row['age']:.0f} days old, {row['power_cycles']:.0f} times switched on"
    foot = f"{row['timeouts']:.0f} timeouts, {row['high_fly']:.0f} high writes"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {bottom + 46}" role="img" '
        f'aria-label="{head}; {"; ".join(words)}; {foot}" font-size="14" fill="currentColor">'
        f'<text x="12" y="20">{head}</text>{marks}{"".join(lines)}'
        f'<text x="12" y="{bottom + 40}">{foot}</text></svg>'
    )


def _across(count: float) -> float:
    """Where a count stands; beyond the last mark at the edge."""
    share = math.log10(1.0 + count) / math.log10(1.0 + _MARKS[-1])
    return _LEFT + (_RIGHT - _LEFT) * min(share, 1.0)


def _change(title: str, before: float, now: float, y: float) -> str:
    return (
        f'<text x="12" y="{y + 5}">{title}</text>'
        f'<line x1="{_across(before):.1f}" x2="{_across(now):.1f}" y1="{y}" y2="{y}" '
        f'stroke="currentColor" stroke-width="2"/>'
        f'<circle cx="{_across(before):.1f}" cy="{y}" r="6" fill="none" stroke="currentColor"/>'
        f'<circle cx="{_across(now):.1f}" cy="{y}" r="3.5"/>'
    )
