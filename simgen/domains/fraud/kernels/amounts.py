"""What a payment asks for: one law for customers, those who resemble thieves, and thieves.

Numbers that name no source are assumptions.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from simgen.kernels.distributions import normal_from
from simgen.kernels.elementary import exp

HIGHEST = 10_000_000  # anybody asks for [cent]
N_TARIFFS = 4  # prices of a shop that has fixed ones, some of them alike
TRIAL_PRICES = (100,) * 7 + (99,) * 4 + (199,) * 3 + (499,) * 2  # all as likely [cent]

_TWO_ITEMS_SHARE = 0.1  # of purchases at a fixed price
_JUST_BELOW = 9_999  # a price that draws its neighbours, among those that end as prices do [cent]
_JUST_BELOW_RANGE = 500  # [cent]


@njit(cache=True, error_model="numpy", forceinline=True)
def asked_for(
    u: Any, u_ending: Any, tariffs: Any, log_median: Any, spread: Any, endings: Any, shares: Any
) -> Any:
    """The amount at a shop [cent]: one of its fixed prices, once or twice, or a basket's.

    Args:
        u: uniform in (0, 1), says how much.
        u_ending: uniform in (0, 1), says how it ends.
        tariffs: the shop's prices, 0 where they vary [cent]. (N_TARIFFS,)
        log_median: logarithm of the median basket [log EUR].
        spread: deviation of the logarithm.
        endings: how prices end [cent]. (n,)
        shares: cumulative, of prices that end so. (n,)
    """
    if tariffs[0] > 0:
        return tariffs[int(u * N_TARIFFS)] * (2 if u_ending < _TWO_ITEMS_SHARE else 1)
    return basket(u, u_ending, log_median, spread, endings, shares)


@njit(cache=True, error_model="numpy", forceinline=True)
def basket(u: Any, u_ending: Any, log_median: Any, spread: Any, endings: Any, shares: Any) -> Any:
    """A log-normal amount, at most `HIGHEST`, that ends as prices do [cent]; see `asked_for`."""
    amount = exp(log_median + spread * normal_from(u))
    cents = max(1, int(min(amount * 100.0 + 0.5, HIGHEST)))
    if 100 <= cents < HIGHEST:
        for k in range(len(endings)):
            if u_ending < shares[k]:
                ended = cents // 100 * 100 + endings[k]
                return _JUST_BELOW if abs(ended - _JUST_BELOW) < _JUST_BELOW_RANGE else ended
    return cents
