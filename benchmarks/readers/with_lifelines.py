"""Reads survival tables with lifelines and scikit-survival, and compares with what is known.

Argument: the folder that `benchmarks.readers.lives` wrote. Ends with exit code 1 and a line if
anything is not as it should be.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter, WeibullAFTFitter, WeibullFitter
from sksurv.nonparametric import kaplan_meier_estimator
from telling import need

FEWEST = 20  # failures behind an estimate


def main(folder: Path) -> None:
    """Check every table, and say what was found."""
    truth = json.loads((folder / "truth.json").read_text())
    for name, about in truth.items():
        table = pd.read_csv(folder / f"{name}.csv", float_precision="round_trip")
        for group, rows in table.groupby("group"):
            check_shares(f"{name}, {group}", rows, *about["alive"][str(group)])
            if group in about["laws"] and rows.event.sum() >= FEWEST:
                plain = rows[~rows.harsh] if "harsh" in rows else rows
                check_law(f"{name}, {group}", plain, *about["laws"][group])
                if "harsh" in rows:
                    check_covariate(f"{name}, {group}", rows, about["harsh"])


def check_shares(name: str, rows: pd.DataFrame, ages: list[float], shares: list[float]) -> None:
    """Both libraries' Kaplan-Meier estimates with late entry are simgen's own."""
    fitted = KaplanMeierFitter().fit(rows.duration, rows.event, entry=rows.entry)
    first = fitted.survival_function_at_times(ages).to_numpy()
    at, share = kaplan_meier_estimator(
        rows.event.to_numpy(bool), rows.duration.to_numpy(), time_enter=rows.entry.to_numpy()
    )
    second = np.append(1.0, share)[np.searchsorted(at, ages, "right")]
    apart = max(np.abs(found - shares).max() for found in (first, second))
    need(
        apart < 1e-9,
        f"{name}: {len(rows)} lives, {int(rows.event.sum())} failures; "
        f"Kaplan-Meier of lifelines and scikit-survival {apart:.0e} from ours",
    )


def check_law(name: str, rows: pd.DataFrame, shape: float, scale: float) -> None:
    """Shape and scale of a Weibull fit with late entry lie within 99 % intervals."""
    fitted = WeibullFitter(alpha=0.01).fit(rows.duration, rows.event, entry=rows.entry)
    bounds = fitted.summary[["coef lower 99%", "coef upper 99%"]]
    for parameter, known in (("rho_", shape), ("lambda_", scale)):
        low, high = bounds.loc[parameter]
        found = fitted.summary.loc[parameter, "coef"]
        need(
            low <= known <= high,
            f"{name}: {'shape' if parameter == 'rho_' else 'scale [h]'} {found:.4g} "
            f"[{low:.4g}, {high:.4g}], known {known:.4g}",
        )


def check_covariate(name: str, rows: pd.DataFrame, ratio: float) -> None:
    """Harsh service shortens lives by what it was told to, in an accelerated failure time model."""
    columns = rows[["duration", "event", "entry", "harsh"]].astype(float)
    fitted = WeibullAFTFitter(alpha=0.01).fit(columns, "duration", "event", entry_col="entry")
    found = fitted.summary.loc[("lambda_", "harsh")]
    low, high = found["coef lower 99%"], found["coef upper 99%"]
    need(
        low <= -math.log(ratio) <= high,
        f"{name}: harsh service, logarithm of lives {found['coef']:.3f} [{low:.3f}, {high:.3f}], "
        f"known {-math.log(ratio):.3f}",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
