"""The first day of a simulated world."""

from __future__ import annotations

from datetime import date

from simgen.core import RequestError


def first_day(start_date: str) -> date:
    """The day that a parameter `start_date` names; RequestError if it names none."""
    try:
        return date.fromisoformat(start_date)
    except ValueError:
        raise RequestError(
            f"start_date = {start_date!r} is no date: write it as 2024-01-31"
        ) from None
