"""Ranges given as parameters."""

from __future__ import annotations

from simgen.core import RequestError


def refuse_reversed(name: str, limits: tuple[int, int]) -> None:
    """RequestError if the first limit exceeds the second."""
    fewest, most = limits
    if fewest > most:
        raise RequestError(
            f"{name} = {list(limits)} is upside down: the fewest must not exceed the most"
        )
