"""Numbers as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.residuals.estimates import Estimate

ABSENT = "-"  # where there is nothing to say


def plus(estimate: Estimate | None, digits: int = 3) -> str:
    """A value and half its interval."""
    if estimate is None:
        return ABSENT
    return f"{estimate.value:.{digits}f} ± {estimate.error:.{digits}f}"


def ratio(estimate: Estimate | None) -> str:
    """A ratio and half its interval; its third digit is noise."""
    return plus(estimate, 2)


def share(value: float) -> str:
    """A share in percent; what is not 0 does not look like 0."""
    return f"{100 * value:.1f} %" if value == 0 or value >= 0.0005 else "< 0.1 %"


def short(value: float) -> str:
    """Two digits that count, or all before the point."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def rate(value: float) -> str:
    """Two digits that count of a large number."""
    return f"{float(f'{value:.2g}'):,.0f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, the first column of words and the others of numbers."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
