"""What the scores mean for someone who has to decide: four families, uses and warnings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from simgen.metrics import Score, find_metrics
from simgen.metrics.base import FAMILIES, Family
from simgen.pipeline.evaluation.levels import level_of, why_unknown
from simgen.pipeline.evaluation.verdicts import reached
from simgen.report import FamilySummary, Level

Scores = Mapping[str, Mapping[str, Score]]  # by sample and metric
Few = Mapping[str, Collection[str]]  # by sample, the parts of scores that are not judged

_NONE: Few = MappingProxyType({})

_QUESTIONS: Mapping[Family, str] = {
    "utility": "Would a model trained on it work on real data?",
    "fidelity": "Do its rows look like real rows?",
    "coverage": "Is all there that is real, rare cases too?",
    "privacy": "Does it keep real rows to itself?",
}
_ORDER: Sequence[Level] = ("close", "off", "far")
_USES: Mapping[tuple[Family, Level], str] = {
    ("utility", "close"): "Training models in place of real data, on the columns compared here.",
    ("utility", "off"): "Choosing between models and training them first, before real data "
    "settles them.",
    ("fidelity", "close"): "Showing and summing up the columns compared here.",
    ("coverage", "close"): "Trying whether software and models meet what really happens.",
}
_ALWAYS_USE = "Building and testing software: schemas, labels and causes are known."
_WARNINGS: Mapping[tuple[Family, Level], str] = {
    ("utility", "off"): "Letting a model decide that never saw real data.",
    ("utility", "far"): "Training a model that is to work on real data.",
    ("utility", "unknown"): "Concluding how well a model would work: this could not be measured.",
    ("fidelity", "off"): "Quoting figures on what is off: see the worst measures below.",
    ("fidelity", "far"): "Standing in for real data in reports, dashboards and estimates.",
    ("coverage", "off"): "Concluding that what is absent here does not happen.",
    ("coverage", "far"): "Testing against all that may happen: much of it has no counterpart here.",
    ("privacy", "off"): "Handing it to others before someone has looked at the privacy scores.",
    ("privacy", "far"): "Handing it to others: it gives real rows away.",
    ("privacy", "unknown"): "Taking it for private on the word of this page: nothing was measured.",
}


def family_summaries(scores: Scores, few: Few = _NONE) -> tuple[FamilySummary, ...]:
    """Each family at the level of its worst measure, with that measure in words."""
    return tuple(
        FamilySummary(
            title=family.capitalize(),
            question=_QUESTIONS[family],
            level=_worst(scores, family, few),
            answer=_answer(scores, family, few),
        )
        for family in FAMILIES
    )


def uses(scores: Scores, few: Few = _NONE) -> tuple[str, ...]:
    """What the data is good for, as far as was measured."""
    found = (_USES.get((family, _worst(scores, family, few))) for family in FAMILIES)
    return (*(text for text in found if text), _ALWAYS_USE)


def warnings(scores: Scores, few: Few = _NONE) -> tuple[str, ...]:
    """What not to do with the data."""
    found = (_WARNINGS.get((family, _worst(scores, family, few))) for family in FAMILIES)
    return tuple(text for text in found if text)


def _judged(scores: Scores, family: Family, few: Few) -> Iterator[tuple[str, str, Level, Score]]:
    """Sample, metric, level and score of all that is defined, and known of enough to tell."""
    kinds = find_metrics()
    for sample, found in scores.items():
        for name, score in found.items():
            level = level_of(kinds[name], score, few.get(sample, ()))
            if kinds[name].family == family and level != "unknown":
                yield sample, name, level, score


def _worst(scores: Scores, family: Family, few: Few) -> Level:
    found = list(_judged(scores, family, few))
    levels = [level for _, _, level, _ in found]
    worst: Level = max(levels, key=_ORDER.index, default="unknown")
    # Without a model that was trained, a bad measure warns, and good ones promise nothing.
    promised = family != "utility" or any(name == "tstr" for _, name, _, _ in found)
    return worst if promised or worst == "far" else "unknown"


def _answer(scores: Scores, family: Family, few: Few) -> str:
    found = list(_judged(scores, family, few))
    n_close = sum(level == "close" for _, _, level, _ in found)
    if _worst(scores, family, few) == "unknown":
        reasons = {
            why
            for sample, held in scores.items()
            for name, score in held.items()
            if (kind := find_metrics()[name]).family == family
            and (why := why_unknown(kind, score, few.get(sample, ())))
        }
        told = f"Not measured: {'; '.join(sorted(reasons)) or 'no such measure was asked for'}."
        return f"{told} Of other measures, {n_close} of {len(found)} are good." if found else told
    trained = [score for _, name, _, score in found if name == "tstr"]
    if trained:
        worst = min(trained, key=lambda score: score.value or 0.0)
        return (
            f"A model trained on it reaches {reached(worst)} of the precision of one trained on "
            "real rows."
        )
    told = f"{n_close} of {len(found)} measures are good."
    if n_close == len(found):
        return told
    worst_level = _worst(scores, family, few)
    names = [
        f"{find_metrics()[name].title.lower()} ({sample.replace('_', ' ')})"
        for sample, name, level, _ in found
        if level == worst_level
    ]
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"{told} Worst: {'; '.join(names[:2])}{more}."
