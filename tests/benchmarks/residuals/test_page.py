"""The page, from results whose numbers are known."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.residuals.judging import N_RESAMPLES
from benchmarks.residuals.methods import METHODS, REAL
from benchmarks.residuals.page import page
from benchmarks.residuals.references import REFERENCES
from benchmarks.residuals.scaling import Growth, exponent
from benchmarks.residuals.sections import Section

REFERENCE = REFERENCES["crash_occupants"]
REAL_PRECISION = 0.32


def utility(precision):
    """Both measures of both model classes; resamples move all methods alike."""
    wobble = np.exp(0.05 * np.random.default_rng(0).normal(size=1 + N_RESAMPLES))
    wobble[0] = 1.0
    run = {
        "average_precision": (precision * wobble).tolist(),
        "roc_auc": (0.9 * wobble**0.1).tolist(),
    }
    return {"boosted trees": run, "logistic regression": run}


def result(precision, cpu=5.0):
    members = {"value": 0.55, "error": 0.01, "found": 0.04}
    return {
        "utility": utility(precision),
        "augmented": utility(1.2 * REAL_PRECISION),
        "c2st": {"value": 0.56, "error": 0.01},
        "membership": {"all rows": members, "rare rows": members},
        "broken_share": 0.0,
        "dropped_share": 0.0001,
        "prevalence": 0.05,
        "report": {
            "rows": 13_000,
            "fit_time": {"cpu": cpu, "wall": 9.0},
            "sampling_time": {"cpu": 1.0, "wall": 2.0},
            "peak_memory": 600.0,
            "imports_memory": 270.0,
            "python": "3.11",
            "versions": {"numpy": "2.4"},
        },
    }


@pytest.fixture
def results():
    """Every method alike, but for transport and the CTGAN."""
    counts = {"development": 13_000, "final": 12_900}
    real = {
        "utility": utility(REAL_PRECISION),
        "n_real": counts,
        "n_rare": counts,
        "c2st": {"value": 0.51, "error": 0.02},
        "broken_share": 0.003,
    }
    runs = {REAL: [real] * 5, **{m.name: [result(0.24)] * m.n_seeds for m in METHODS}}
    runs["transport"] = [result(0.31)] * 5
    runs["ctgan"] = [result(0.05, cpu=599.0)]
    return runs


def few(results):
    """The same where rare rows are few, which not every method is tried on."""
    tried = [REAL, *(method.name for method in METHODS if method.scarce)]
    return {name: results[name] for name in tried if name in results}


def test_shows_each_method_and_whether_bars_are_met(results):
    """Every method has its line in each table; a bar is met or missed by its number."""
    text = page([(REFERENCE, results, few(results))], [])

    for method in METHODS:
        assert text.count(f"| {method.title} |") == 2 + method.scarce
    bar = "| crash occupants | no | AUPRC of real ≥ 0.95, as many rows | 0.969 ± 0.000 | met |"
    assert bar in text
    assert "| AUPRC of real ≥ 0.95, 3 x the rows | 0.750 ± 0.000 | **missed** |" in text
    assert "| no rule broken | < 0.1 % | **missed** |" in text
    assert "≥ 20 x as fast as CTGAN, 300 epochs | 100 x | met |" in text
    assert "13,000 real rows to learn from" in text
    assert " | 1 | 0.510 ± 0.020 | 0.3 % | " in text
    assert "Growth with rows" not in text


def test_sealed_references_come_first(results):
    """What was seen while methods were made comes after, under a heading that says so."""
    sealed = REFERENCES["account_fraud"]
    found = [(reference, results, few(results)) for reference in (REFERENCE, sealed)]

    first, after = page(found, []).split("## Seen while the methods were made")

    assert "| chain accounts | yes | no rule broken |" in first
    assert f"\n## {sealed.title}" in first
    assert "crash occupants |" not in first
    assert "| crash occupants | no | no rule broken |" in after
    assert f"\n### {REFERENCE.title}" in after
    assert "chain accounts |" not in after


def test_nothing_is_said_of_few_rare_rows_where_none_can_be_drawn(results):
    """No bar, no table and no number, but the reason."""
    small = {**results, REAL: [results[REAL][0] | {"n_rare": {"development": 42, "final": 34}}] * 5}

    text = page([(REFERENCE, small, {})], [])

    assert "40 rare rows would do is left out: there are 42 rare rows to learn from in all." in text
    assert "40 rare rows:" not in text
    assert "real + made" not in text.split("## What is missed")[0]
    lumps = page([(REFERENCE, results, {})], [])
    assert "is left out: most sets of whole entities have many more rare rows than 40." in lumps


def test_an_attack_on_the_same_streets_counts_where_halves_are_of_others(results):
    """In a table of its own, and in the summary instead of the confounded one."""
    alike = {"value": 0.512, "error": 0.01}
    groups = {"all rows": alike, "rare rows": alike}
    results["transport"] = [{**result(0.31), "membership_alike": groups}] * 5
    apart = replace(REFERENCE, differ="streets")
    text = page([(apart, results, few(results))], [])

    assert "| **transport** | 0.512 ± 0.010 | 0.512 ± 0.010 |" in text
    assert "0.512 ± 0.010 for `transport`" in text
    assert "0.512" not in page([(REFERENCE, results | {"transport": results["smote"]}, {})], [])


def test_own_methods_alone_make_a_page(results):
    """Without peers nothing is said of them."""
    own = {name: runs for name, runs in results.items() if name != "private_1"}
    for method in METHODS:
        if method.environment:
            del own[method.name]

    text = page([(REFERENCE, own, few(own))], [])

    assert "The generators of others were not run." in text
    assert "| CTGAN" not in text
    assert "ε = 1" not in text


def test_the_best_peer_is_compared_row_for_row(results):
    """More rows than real ones would flatter it."""
    results["sequential_trees_x3"] = [result(0.31)] * 5
    results["smote"] = [result(0.29)] * 5

    assert Section.of(REFERENCE, results, few(results)).best_peer.method.name == "smote"


def test_rows_that_train_nothing_and_attacks_that_say_nothing_show_no_number(results):
    """A collapsed generator gets dashes, not zeros."""
    broken = {**result(0.1), "utility": {}, "membership": {"undefined": "too few"}}
    results["tvae"] = [broken | {"c2st": {"undefined": "too few"}}]

    text = page([(REFERENCE, results, few(results))], [])

    assert "| TVAE, 300 epochs | - | - | - | - | - | - | < 0.1 % | 5.0 % | - | - | - |" in text


def test_growth_is_told_with_its_exponent(results):
    """A time of n log n has the exponent that the page compares with."""
    sizes = (10_000, 30_000, 100_000, 300_000, 1_000_000)
    grown = [
        Growth(n_rows=n, fit_time=1e-6 * n * np.log2(n), sampling_time=0.0, peak_memory=900.0)
        for n in sizes
    ]

    text = page([(REFERENCE, results, few(results))], grown)

    assert exponent(grown) == pytest.approx(1.09, abs=0.005)
    assert "| 1,000,000 | 20 | 0 |" in text
    assert "to the power of 1.09, which" in text
