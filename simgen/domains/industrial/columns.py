"""Columns as many tables of machines have them."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import TIMESTAMP, Field


def number(name: str, unit: str, doc: str) -> Field:
    """A column of real numbers that is always there."""
    return Field(name, pa.float64(), unit, doc)


def reading(name: str, unit: str, doc: str) -> Field:
    """A column of real numbers that a broken sensor may lose."""
    text = f"{doc}; null where the reading is lost."
    return Field(name, pa.float64(), unit, text, nullable=True)


def instant(name: str, doc: str) -> Field:
    """A column of instants, null where it has not happened."""
    return Field(name, TIMESTAMP, "", doc, nullable=True)
