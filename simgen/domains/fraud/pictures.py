"""What an expert is shown: a customer's purchases along time."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import HOUR, WEEK, Picture, RequestError

_WIDTH, _HEIGHT = 480, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 470, 26, 208  # edges of the plot
_DAYS_APART = 28  # between two marks on the axis of time
_AMOUNTS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)  # marks on the axis of amounts
_FOUR_WEEKS = 4 * WEEK / HOUR  # [h]

_Floats = npt.NDArray[np.float64]


def purchase_timeline(rows: pa.Table, shown: pa.Table) -> str:
    """One customer's purchases: a stem for each, at its day, as high as its amount.

    Args:
        rows: `day` since the observation began and `relative_amount` [medians] of one customer.
        shown: the same of every customer shown, for the axes.
    """
    days, amounts = _numbers(rows, "day"), _numbers(rows, "relative_amount")
    last_day = max(float(_numbers(shown, "day").max()), 1.0)
    heights = np.log10(_numbers(shown, "relative_amount"))
    span = float(heights.min()) - 0.15, float(heights.max()) + 0.15

    def x(day: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * day / last_day

    def y(amount: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (math.log10(amount) - span[0]) / (span[1] - span[0])

    marks = [_mark_of_time(x(day), day) for day in np.arange(0, last_day + 1, _DAYS_APART)]
    marks += [
        _mark_of_amount(y(amount), amount)
        for amount in _AMOUNTS
        if span[0] < math.log10(amount) < span[1]
    ]
    stems = [_stem(x(day), y(amount)) for day, amount in zip(days, amounts, strict=True)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{_words(days, amounts)}" font-size="15" fill="currentColor">'
        f"{''.join(marks)}{''.join(stems)}"
        f'<text x="{_RIGHT}" y="{_HEIGHT - 6}" text-anchor="end">day</text>'
        f'<text x="0" y="{_TOP - 10}">amount [medians]</text></svg>'
    )


def payments_timeline(rows: pa.Table, shown: pa.Table) -> str:
    """Four weeks of one customer's payments, drawn as `purchase_timeline` draws purchases.

    Args:
        rows: `at` [h] and `amount` of one customer.
        shown: the same of every customer shown, for the axes.

    Raises:
        RequestError: no payment shown has an amount.
    """
    all_amounts = _numbers(shown, "amount") if "amount" in shown.column_names else np.zeros(0)
    if np.isnan(all_amounts).all():
        raise RequestError("no payment has an amount, by which it is drawn: add column 'amount'")
    median = float(np.nanmedian(all_amounts)) or 1.0

    def relative(payments: pa.Table) -> pa.Table:
        days, amounts = _numbers(payments, "at") % _FOUR_WEEKS / 24.0, _numbers(payments, "amount")
        told = ~np.isnan(amounts)
        # A card that is only verified pays nothing, of which there is no logarithm.
        heights = np.maximum(amounts[told] / median, _AMOUNTS[0])
        return pa.table({"day": days[told], "relative_amount": heights})

    return purchase_timeline(relative(rows), relative(shown))


def _numbers(rows: pa.Table, name: str) -> _Floats:
    return np.asarray(rows[name].cast(pa.float64()).to_numpy(), np.float64)


def _mark_of_time(x: float, day: float) -> str:
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_BOTTOM}" stroke="currentColor" '
        f'stroke-opacity="0.15"/><text x="{x:.1f}" y="{_BOTTOM + 18}" '
        f'text-anchor="middle">{day:g}</text>'
    )


def _mark_of_amount(y: float, amount: float) -> str:
    return (
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" '
        f'stroke-opacity="0.15"/><text x="{_LEFT - 8}" y="{y + 4:.1f}" '
        f'text-anchor="end">{amount:g}</text>'
    )


def _stem(x: float, y: float) -> str:
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_BOTTOM}" y2="{y:.1f}" stroke="currentColor" '
        f'stroke-width="1.5"/><circle cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
    )


def _words(days: _Floats, amounts: _Floats) -> str:
    order = np.argsort(days, kind="stable")
    told = (f"day {days[i]:.0f}: {amounts[i]:.2f}" for i in order)
    return f"Purchases, each with its amount in medians: {'; '.join(told)}"


PICTURES = {
    "cdnow": Picture(
        doc="Purchases of one customer who came back to an online media shop. Each stem is a "
        "purchase: when, in days since the observation began, and how much, in medians.",
        key=("customer_id", "merchant_id"),
        columns=("day", "relative_amount"),
        draw=purchase_timeline,
        fewest_rows=2,
    ),
    "payments": Picture(
        doc="Payments of one customer in four weeks. Each stem is a payment: when, in days, and "
        "how much, in medians of all payments shown.",
        key=("customer_id",),
        columns=("at", "amount"),
        draw=payments_timeline,
        fewest_rows=5,
        stretch=("at", _FOUR_WEEKS),
    ),
}
