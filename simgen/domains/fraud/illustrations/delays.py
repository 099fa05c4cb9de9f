"""How late the bank learns which payments were fraud."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simgen.core import Curve, Plot, Source
from simgen.domains.fraud.schema import RARE_KINDS

_LONGEST = 60.0  # delay shown [days]

_DELAYS = """
SELECT event_kind::VARCHAR AS kind, weight,
    epoch(observed_at - "at") / 86400 AS delay
FROM transactions
LEFT JOIN (FROM observed_labels WHERE observed_label) USING (transaction_id)
WHERE label
"""


def delays(source: Source) -> list[Plot]:
    """When the bank records payments as fraud, counted from the payment."""
    rows = source.ask(_DELAYS)
    kinds, weight = np.asarray(rows["kind"].to_pylist()), rows["weight"].to_numpy()
    delay = np.maximum(rows["delay"].cast(pa.float64()).fill_null(np.inf).to_numpy(), 0.0)
    curves, told = [], []
    for kind in RARE_KINDS:
        ours, name = kinds == kind, kind.replace("_", " ")
        if not ours.any():
            continue
        order = np.argsort(delay[ours], kind="stable")
        times, whole = delay[ours][order], weight[ours].sum()
        reached = np.cumsum(weight[ours][order]) / whole
        inside = times < _LONGEST
        within = float(reached[inside][-1]) if inside.any() else 0.0
        curves.append(
            Curve(
                name=name,
                x=np.concatenate([[0.0], times[inside], [_LONGEST]]),
                y=np.concatenate([[0.0], reached[inside], [within]]),
                steps=True,
            )
        )
        soon = weight[ours & (delay <= 1.0)].sum() / whole
        told.append(f"{name}: {soon:.0%} within a day, {within:.0%} within {_LONGEST:.0f}")
    if not curves:
        return []
    return [
        Plot(
            title="Payments of frauds that the bank has recorded as fraud",
            x="time since the payment [days]",
            y="share",
            curves=curves,
            alt=f"{'; '.join(told)}. The rest is recorded later, as genuine, or never.",
            x_range=(0.0, _LONGEST),
            y_range=(0.0, 1.0),
        )
    ]
