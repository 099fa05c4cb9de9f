"""How many components are still alive: Kaplan and Meier's estimate from censored, late lives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats

_Z = 1.959963984540054  # of a 95 % interval


class Survival(NamedTuple):
    """A share that falls at each failure, and its 95 % interval."""

    age: Floats  # 0, then that of each failure. (m,)
    share: Floats  # alive from then on. (m,)
    low: Floats  # (m,)
    high: Floats  # (m,)


def kaplan_meier(duration: Floats, failed: npt.NDArray[np.bool_], entry: Floats) -> Survival:
    """The share of components alive by age.

    Who came late is at risk only from then on (left truncation). Intervals are Greenwood's on the
    scale of log(-log), which keeps them within 0 and 1. They have no width before the first
    failure; where nobody of those at risk is left alive, the upper end stays what it was.

    Args:
        duration: age at failure or at the end of observation. (n,)
        failed: whether it failed then. (n,)
        entry: age at which it came under observation. (n,)

    References:
        Kalbfleisch, Prentice (2002), The Statistical Analysis of Failure Time Data, 2nd edition,
        sections 1.3 and 1.4.
    """
    ages = np.unique(duration[failed])
    at_risk = ((entry < ages[:, None]) & (duration >= ages[:, None])).sum(1)
    deaths = (duration[failed] == ages[:, None]).sum(1)
    share = np.cumprod(1.0 - deaths / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(deaths / (at_risk * (at_risk - deaths)))) / np.log(share)
        low, high = share ** np.exp(-_Z * spread), share ** np.exp(_Z * spread)
    low, high = np.append(1.0, np.where(share > 0.0, low, 0.0)), np.append(1.0, high)
    kept = np.maximum.accumulate(np.where(np.isfinite(high), np.arange(len(high)), 0))
    return Survival(np.append(0.0, ages), np.append(1.0, share), low, high[kept])
