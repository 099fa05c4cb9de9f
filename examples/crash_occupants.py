# ruff: noqa: ANN001, ANN201 - a script to read: names say what types would
"""A newcomer's simulator of crash occupants, corrected toward real ones and judged.

    python examples/crash_occupants.py

`simulate` is what somebody who knows cars writes in an afternoon: none of its numbers comes from
the reference, the US crash sample NASS-CDS 1997-2002. Each residual learns from one half of the
real accidents; the other half, which no fit has seen, judges. A ratio of 1 is a model trained on
the first half. The reference is looked for in SIMGEN_REFERENCE, by default ../shared/reference.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from sklearn.metrics import average_precision_score, roc_auc_score

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.c2st import ClassifierTwoSample
from simgen.metrics.models import boosted, encode, rank
from simgen.residual import Column, Rows, Shape, find_residuals

FILE = Path("driving/nass_cds_occupants.parquet")
SPEEDS = ("1-9km/h", "10-24", "25-39", "40-54", "55+")  # change of speed in the crash
AIRBAGS = ("unavail", "nodeploy", "deploy")
FLAGS = (False, True)
N_ACCIDENTS = 150_000  # simulated: three of four rows go, as fatal ones are too few
N_SEEDS = 3


# ---- the simulator: 50 lines


def happens(log_odds, chance):
    """Flags `(n,)`, True with the given log odds."""
    return chance.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))


def people(n_accidents, chance):
    """Who sits in front in cars that crash, and in what kind of car."""
    # Two of five cars carry a passenger in front.
    accident = np.repeat(np.arange(n_accidents), 1 + (chance.random(n_accidents) < 0.4))
    passenger = np.diff(accident, prepend=-1) == 0
    year = chance.integers(1997, 2003, n_accidents)[accident]
    # Cars last some fifteen years; the newest are next year's model. [years]
    car_age = np.floor(chance.gamma(1.8, 4.5, n_accidents) - 0.5).clip(-1, 40)[accident]
    driver_age = 16 + chance.gamma(1.5, 14, n_accidents)[accident]
    age = np.floor(driver_age + passenger * chance.normal(0, 14, len(accident))).clip(16, 97)
    male = happens(np.where(passenger, -0.4, 0.4), chance)
    return {
        "accident": accident,
        "accident_year": year,
        "vehicle_year": year - car_age.astype(np.int64),
        "passenger": passenger,
        "age": age.astype(np.int64),
        "male": male,
        "belted": happens(0.8 + 0.01 * (age - 40) - 0.3 * male - 0.03 * car_age, chance),
    }


def simulate(n_accidents, streams):
    """Rows of a sample of tow-away crashes, from what is commonly known of them."""
    chance = streams.generator("crashes")
    who = people(n_accidents, chance)
    frontal = (chance.random(n_accidents) < 0.6)[who["accident"]]
    # A sample in which severe crashes are over-represented. [km/h]
    speed = (20 * np.exp(0.5 * chance.normal(size=n_accidents)))[who["accident"]]
    # Airbags came with the model years around 1993.
    airbag = happens((who["vehicle_year"] - 1993.5) / 1.2, chance)
    deployed = airbag & happens(np.where(frontal, 0.2 * (speed - 18), -2.5), chance)
    # Risk doubles every 9 km/h, as with 25 years; a belt divides it by 3.
    risk = -6.0 + 0.08 * speed + 0.03 * (who["age"] - 40) - 1.2 * who["belted"]
    dead = happens(risk - 0.3 * (airbag & frontal) - 0.6 * frontal, chance)
    # Nearly all severe crashes are in the sample, and few light ones.
    weight = np.exp(6.0 - 0.06 * speed - 1.5 * dead + chance.normal(0, 1.2, len(dead)))
    return Rows.of(
        who
        | {
            "dead": dead,
            "frontal": frontal,
            "speed": np.array(SPEEDS)[np.digitize(speed, [10, 25, 40, 55])],
            "airbag": airbag,
            "airbag_state": np.where(deployed, "deploy", np.where(airbag, "nodeploy", "unavail")),
            "survey_weight": weight,
        }
    )


# ---- what a residual must know of the table


def car_age(columns):
    """Free of the year of the accident, which the year of the vehicle is not."""
    return columns["accident_year"] - columns["vehicle_year"]


def car_year(age, columns):
    """Back from the age."""
    return columns["accident_year"] - age


def log_weight(columns):
    """Free of the bound at 0; some rows weigh nothing."""
    return np.log1p(columns["survey_weight"])


def weight_again(free, _):
    """Back from the logarithm."""
    return np.expm1(free)


def has_airbag(columns):
    """Follows from the state of the airbag."""
    return columns["airbag_state"] != "unavail"


def no_car_from_the_future(columns):
    """Cars are at most of next year's model."""
    return columns["vehicle_year"] <= columns["accident_year"] + 1


def airbag_agrees_with_its_state(columns):
    """Only an airbag that is there deploys."""
    return columns["airbag"] == has_airbag(columns)


def weight_is_not_negative(columns):
    """Each row stands for some crashes, or for none."""
    return columns["survey_weight"] >= 0


SHAPE = Shape(
    columns=(
        Column(name="accident_year", whole=True),
        Column(name="vehicle_year", whole=True, forward=car_age, inverse=car_year),
        Column(name="passenger", categories=FLAGS),
        Column(name="age", whole=True),
        Column(name="male", categories=FLAGS),
        Column(name="belted", categories=FLAGS),
        Column(name="frontal", categories=FLAGS),
        Column(name="speed", categories=SPEEDS),
        Column(name="airbag_state", categories=AIRBAGS),
        Column(name="survey_weight", forward=log_weight, inverse=weight_again),
    ),
    label="dead",
    entity="accident",
    derived={"airbag": has_airbag},
    rules=(no_car_from_the_future, airbag_agrees_with_its_state, weight_is_not_negative),
)


# ---- the comparison


def read_reference(path):
    """The real rows, under the simulator's names; the one without a year of vehicle is left out."""
    table = pq.read_table(path).to_pandas().dropna(subset=["yearVeh"])
    return Rows.of(
        {
            "accident": np.unique(table["caseid"].to_numpy(str), return_inverse=True)[1],
            "accident_year": table["yearacc"].to_numpy(np.int64),
            "vehicle_year": table["yearVeh"].to_numpy(np.int64),
            "passenger": (table["occRole"] == "pass").to_numpy(bool),
            "age": table["ageOFocc"].to_numpy(np.int64),
            "male": (table["sex"] == "m").to_numpy(bool),
            "belted": (table["seatbelt"] == "belted").to_numpy(bool),
            "dead": (table["dead"] == "dead").to_numpy(bool),
            "frontal": (table["frontal"] == 1).to_numpy(bool),
            "speed": table["dvcat"].to_numpy(str),
            "airbag": (table["airbag"] == "airbag").to_numpy(bool),
            "airbag_state": table["abcat"].to_numpy(str),
            "survey_weight": table["weight"].to_numpy(np.float64),
        }
    )


def sample(rows):
    """The rows as the evaluation suite takes them."""
    words = ("speed", "airbag_state")
    apart = (*words, "dead", "accident")
    return Sample(
        numeric={k: v.astype(np.float64) for k, v in rows.columns.items() if k not in apart},
        categorical={name: rows.columns[name] for name in words},
        label=rows.columns["dead"],
        entity=rows.columns["accident"],
        weight=rows.weight,
    )


def utility(train, test, seed):
    """AUPRC and ROC-AUC `(2,)` on `test` of trees trained on `train`, the mean of three models."""
    features, test_features, codes = encode(sample(train), sample(test))
    label, truth = train.columns["dead"], test.columns["dead"]
    scores = []
    for again in range(3):
        model = boosted(features, label, None, categorical=codes, n_trees=60, seed=3 * seed + again)
        chance = rank(model, test_features)
        scores.append([average_precision_score(truth, chance), roc_auc_score(truth, chance)])
    return np.mean(scores, axis=0)


def at_most(rows, n_rows, streams):
    """A random part of the rows."""
    kept = streams.generator("kept").permutation(rows.n_rows)[:n_rows]
    return rows.take(np.sort(kept))


def compare(real, seed):
    """By method: rows, AUPRC ratio, AUC ratio, C2ST, rule breaks, fit time and apply time [s]."""
    streams = Streams(seed)
    accident = real.columns["accident"]
    first = streams.generator("halves").random(accident.max() + 1) < 0.5
    train, test = real.take(first[accident]), real.take(~first[accident])
    ceiling = utility(train, test, seed)
    pool = simulate(N_ACCIDENTS, streams)
    for name, kind in find_residuals().items():
        began = perf_counter()
        fitted = kind().fit(pool, train, SHAPE, streams.child("fit"))
        learned = perf_counter()
        corrected = fitted.apply(pool, streams.child("apply"))
        ended = perf_counter()
        for n_times in (1, 3) if name == "transport" else (1,):
            rows = at_most(corrected, n_times * train.n_rows, streams)
            broken = sum(int((~obeys).sum()) for obeys in SHAPE.obeys(rows).values())
            distance = ClassifierTwoSample().compute(
                sample(test), sample(at_most(rows, test.n_rows, streams))
            )
            yield (
                f"{name} x{n_times}",
                [
                    rows.n_rows,
                    *(utility(rows, test, seed) / ceiling),
                    distance.value or np.nan,
                    broken,
                    learned - began,
                    ended - learned,
                ],
            )


def main():
    """Print the comparison, mean and spread over seeds."""
    console = Console(width=100)
    path = Path(os.environ.get("SIMGEN_REFERENCE", "../shared/reference")) / FILE
    if not path.is_file():
        console.print(f"Skipped: there is no {path}. Set SIMGEN_REFERENCE to the reference folder.")
        return
    results: dict[str, list[list[float]]] = {}
    for seed in range(N_SEEDS):
        for name, row in compare(read_reference(path), seed):
            results.setdefault(name, []).append(row)
    table = Table(
        "residual", "rows", "AUPRC ratio", "AUC ratio", "C2ST", "breaks", "fit s", "apply s"
    )
    for name, rows in results.items():
        mean, spread = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1)
        scores = [f"{mean[i]:.3f} ± {spread[i]:.3f}" for i in (1, 2, 3)]
        times = [f"{mean[i]:.1f}" for i in (5, 6)]
        table.add_row(name, f"{mean[0]:.0f}", *scores, f"{mean[4]:.0f}", *times)
    console.print(table)


if __name__ == "__main__":
    main()
