"""An evaluation of made-up payments: all that a report shows, in two seconds."""

from functools import cache

import numpy as np

from simgen.core import Streams
from simgen.metrics import Sample, find_metrics
from simgen.metrics.slices import worst_slices
from simgen.pipeline.evaluation.page import Findings
from simgen.pipeline.evaluation.verdicts import judge
from simgen.pipeline.references import Column, Reference, SampleView
from simgen.pipeline.samples import Pair

METRICS = ("class_marginals", "exact_copies", "pair_dependence", "prdc", "spectra")
VIEW = SampleView(
    name="payments",
    doc="Payments of a <small> shop & its customers.",
    view="payments",
    real="FROM reference",
    label="label",
    entity="customer",
    at="day",
    columns=(
        Column(name="amount", kind="numeric", unit="EUR", scale="log", doc="Amount paid"),
        Column(name="hour", kind="numeric", unit="h", doc="Hour of day"),
        Column(name="age", kind="numeric", unit="a", doc="Age"),
        Column(name="kind", kind="categorical", unit="", doc="Kind of shop"),
        Column(name="dollars", kind="numeric", unit="USD", doc="Dollars", scored=False),
    ),
)
REFERENCE = Reference(
    name="toy",
    title="Payments at a toy shop",
    domain="toys",
    file="toys.parquet",
    source="nobody",
    licence="none needed",
    notes=("Nothing here is real.",),
    samples=(VIEW,),
)


def payments(name, *, n_rows=600, dearer=0.0):
    """Payments; the rare ones are dearer."""
    chance = Streams(3).generator(name)
    label = chance.random(n_rows) < 0.2
    return Sample(
        numeric={
            "amount": chance.lognormal(3 + dearer + label, 1.0),
            "hour": chance.uniform(0, 24, n_rows),
            "age": np.where(chance.random(n_rows) < 0.1, np.nan, chance.uniform(18, 80, n_rows)),
        },
        categorical={"kind": chance.choice(["food", "books", "<toys>"], n_rows)},
        label=label,
        entity=chance.integers(0, 1 + n_rows // 6, n_rows),
        at=np.floor(chance.uniform(0, 60, n_rows)),
        weight=np.ones(n_rows),
    )


@cache
def findings(*, dearer=0.6):
    """What an evaluation of them found; simulated amounts are e^`dearer` times too high."""
    real, synthetic = payments("real"), payments("synthetic", dearer=dearer)
    pair = Pair(
        view=VIEW,
        real=real,
        synthetic=synthetic,
        shown={"dollars": (real.numeric["amount"] / 0.9, synthetic.numeric["amount"] / 0.9)},
    )
    scores = {name: find_metrics()[name]().compute(real, synthetic) for name in METRICS}
    first = real.entity < 50
    halves = {
        name: find_metrics()[name]().compute(real.take(first), real.take(~first))
        for name in METRICS
    }
    return Findings(
        reference=REFERENCE,
        manifest={
            "scenario": {"name": "toys/shop", "version": 1},
            "seed": 7,
            "versions": {"simgen": "0"},
            "totals": {"rows": 1_200},
            "difficulty": None,
        },
        pairs=[pair],
        scores={"payments": scores},
        ceilings={"payments": halves},
        slices={"payments": worst_slices(real, synthetic)},
        verdict=judge({"payments": scores}),
        seed=0,
    )
