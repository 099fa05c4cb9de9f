"""A small table with every kind of column, as it is in reality and as somebody simulates it."""

import numpy as np

from simgen.core import Streams
from simgen.residual import Column, Rows, Shape

KINDS = ("food", "books", "tools", "toys")


def rows(name, n_rows=3_000, *, real=False, seed=1):
    """Payments; in reality dearer, more of them in tools, and the rare ones of another kind."""
    chance = Streams(seed).generator(name)
    rare = chance.random(n_rows) < (0.10 if real else 0.15)
    old = chance.integers(18, 80, n_rows)
    shares = [0.2, 0.3, 0.4, 0.1] if real else [0.4, 0.3, 0.2, 0.1]
    kind = np.array(KINDS)[chance.choice(4, n_rows, p=shares)]
    kind = np.where(rare & (chance.random(n_rows) < (0.7 if real else 0.3)), "toys", kind)
    price = np.exp((2.5 if real else 2.0) + 0.5 * rare + 0.5 * chance.normal(size=n_rows))
    price = np.where(chance.random(n_rows) < 0.2, 0.0, price)
    delay = np.where(kind == "books", np.nan, chance.gamma(2.0, 1.5 if real else 1.0, n_rows))
    return Rows(
        columns={
            "payment": np.arange(n_rows),
            "customer": chance.integers(0, n_rows // 3, n_rows),
            "rare": rare,
            "age": old,
            "adult_years": old - 18 - np.floor(chance.random(n_rows) * (old - 17)).astype(int),
            "kind": kind,
            "price": price,
            "delay": delay,
            "member": chance.random(n_rows) < 0.5,
            "dear": price > 10,
        },
        weight=chance.uniform(0.5, 1.5, n_rows),
    )


def missing_share(columns):
    """The part of adult life before joining."""
    return columns["adult_years"] / (columns["age"] - 17)


def adult_years(free, columns):
    """Back from the part."""
    return np.floor(free * (columns["age"] - 17) + 1e-9)


def is_dear(columns):
    """Whether the price is above ten."""
    return columns["price"] > 10


def years_fit_age(columns):
    """Nobody has been adult for longer than since eighteen."""
    return columns["adult_years"] <= columns["age"] - 18


def dear_agrees(columns):
    """The flag follows from the price."""
    return columns["dear"] == (columns["price"] > 10)


SHAPE = Shape(
    columns=(
        Column(name="age", whole=True),
        Column(name="adult_years", forward=missing_share, inverse=adult_years),
        Column(name="kind", categories=KINDS),
        Column(name="price"),
        Column(name="delay"),
        Column(name="member", categories=(False, True)),
    ),
    label="rare",
    entity="customer",
    derived={"dear": is_dear},
    rules=(years_fit_age, dear_agrees),
)
