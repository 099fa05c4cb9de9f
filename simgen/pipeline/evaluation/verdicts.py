"""What scores mean, in sentences for someone who reads only the first screen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from simgen.metrics import Metric, Sample, Score, find_metrics
from simgen.metrics.class_marginals import CLASSES, FEWEST_OF_A_CLASS
from simgen.metrics.resampling import entity_codes
from simgen.pipeline.evaluation.levels import level_of, why_unknown
from simgen.report.page import Level

Scores = Mapping[str, Score]  # by metric

_COLUMNWISE = ("class_marginals", "marginal_ks", "marginal_total_variation", "pair_dependence")
_MODEL = "tstr"
_DETECTOR = "c2st"
_RARE = "rare_coverage"
_RULES = "rule_adherence"
_SCHEMA = "schema_adherence"
_HISTORIES = {
    "spectra": "{share} of the power in histories lies at other frequencies",
    "discriminative": "a model says rightly of {right} of the histories whether they are real",
    "predictive": "the error in predicting an entity's next row is {ratio} that of a model "
    "that learned from real rows",
}
_ATTACKS = {
    "membership_inference": "an attack tells who was in the real data",
    "learned_membership": "an attack that was shown examples tells who was in the real data",
}
_COPIES = {
    "exact_copies": "{share} of the simulated rows repeat a real row, beyond what is usual",
    "near_copies": "{share} of the simulated rows are suspiciously near to a real row",
}
_WORDS: Mapping[Level, str] = {
    "close": "close",
    "off": "somewhat off",
    "far": "far off",
    "unknown": "known of too few to tell",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The scores in words: a headline, and a sentence for each thing that matters."""

    headline: str
    level: Level
    sentences: tuple[tuple[Level, str], ...]


def too_few(real: Sample, synthetic: Sample) -> frozenset[str]:
    """Parts of scores, by name, of which a side has a value in too few rows or entities to tell.

    Resampling shows how far entities differ only if there are some, so that few of them have narrow
    intervals. All entities of a class are enough, if they are several.
    """
    found: set[str] = set()
    for side in (real, synthetic):
        every, codes = side.weight > 0.0, entity_codes(side.entity, side.n_rows)
        classes = {"": every}
        if side.label is not None:
            classes |= {
                f" of {name} rows": every & (side.label == c) for name, c in CLASSES.items()
            }
        filled = {name: ~np.isnan(values) for name, values in side.numeric.items()}
        filled |= dict.fromkeys(side.categorical, every)
        for ending, rows in classes.items():
            fewest = max(2, min(FEWEST_OF_A_CLASS, len(np.unique(codes[rows]))))
            for name, has in filled.items():
                mine = codes[rows & has]
                if len(mine) < FEWEST_OF_A_CLASS or len(np.unique(mine)) < fewest:
                    found.add(name + ending)
    columns = [*real.numeric, *real.categorical]
    pairs = {f"{one} x {other}": {one, other} for one in columns for other in columns}
    return frozenset(found | {name for name, pair in pairs.items() if pair & found})


def judge(
    scores: Mapping[str, Scores],
    few: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Verdict:
    """The verdict on the scores of each sample.

    Args:
        scores: by sample and metric.
        few: by sample, the parts of scores that are not judged: those of `too_few`.
    """
    kinds = find_metrics()
    sentences = [
        entry
        for name, found in scores.items()
        for entry in _sample(name, found, kinds, few.get(name, ()))
    ]
    levels = [level for level, _ in sentences if level != "unknown"]
    n_close, n_far = levels.count("close"), levels.count("far")
    level: Level = "off"
    if not levels:
        level = "unknown"
    elif n_close == len(levels):
        level = "close"
    elif 2 * n_far > len(levels):
        level = "far"
    opening = {
        "close": "The simulated data is close to the real data in everything measured.",
        "off": f"The simulated data is close to the real data in {n_close} of {len(levels)} "
        f"respects and far off in {n_far}.",
        "far": "The simulated data is far from the real data in "
        f"{n_far} of {len(levels)} respects.",
        "unknown": "Nothing could be measured.",
    }[level]
    models = [found[_MODEL] for found in scores.values() if _MODEL in found]
    return Verdict(
        headline=f"{opening} {_would_it_work(models)}".strip(),
        level=level,
        sentences=tuple(sentences),
    )


def _would_it_work(models: list[Score]) -> str:
    if not models:
        return "Whether a model trained on it would work was not asked."
    kind = find_metrics()[_MODEL]
    values = [score.value for score in models if level_of(kind, score) != "unknown"]
    if not values:
        reasons = "; ".join(sorted({why_unknown(kind, score) for score in models}))
        return f"Whether a model trained on it would work can't be told: {reasons}."
    how = {
        "close": "would work about as well on real data as",
        "off": "would work on real data, but worse than",
        "far": "would work far worse on real data than",
        "unknown": "",
    }[kind.level(min(value for value in values if value is not None))]
    return f"A model trained on it {how} one trained on real data, as far as these columns go."


def _sample(
    name: str, scores: Scores, kinds: Mapping[str, type[Metric]], few: Collection[str]
) -> Iterator[tuple[Level, str]]:
    title = name.replace("_", " ").capitalize()
    yield from _adherence(title, scores, kinds)
    yield from _alike(title, scores, kinds, few)
    yield from _useful(title, scores, kinds)
    yield from _private(title, scores, kinds)


def _adherence(
    title: str, scores: Scores, kinds: Mapping[str, type[Metric]]
) -> Iterator[tuple[Level, str]]:
    """What breaks a rule or lies outside of the real values; rules that real rows break, too."""
    if (score := scores.get(_RULES)) and score.value is not None:
        broken = {
            rule.replace("_", " "): counts
            for rule, counts in score.details["rows_that_break"].items()
            if any(counts.values())
        }
        told = "; ".join(
            f"{counts['synthetic']:,} simulated and {counts['real']:,} real ones break {rule!r}"
            for rule, counts in broken.items()
        )
        real, synthetic = score.details["rows"]
        of_all = f"of {synthetic:,} simulated and {real:,} real rows"
        yield (
            kinds[_RULES].level(score.value),
            (f"{title}: {of_all}, {told}." if told else f"{title}: every row obeys every rule."),
        )
    if (score := scores.get(_SCHEMA)) and kinds[_SCHEMA].level(score.value) in {"off", "far"}:
        parts = score.details["parts"]
        least = min(parts, key=lambda column: parts[column]["value"])
        outside = _percent(1 - parts[least]["value"])
        yield (
            kinds[_SCHEMA].level(score.value),
            (
                f"{title}: {outside} of the simulated rows have a value of "
                f"{least.replace('_', ' ')} that no real row has."
            ),
        )


def _alike(
    title: str, scores: Scores, kinds: Mapping[str, type[Metric]], few: Collection[str]
) -> Iterator[tuple[Level, str]]:
    for metric in _COLUMNWISE:
        # Class by class says all that the columns as a whole say, and more.
        labelled = "class_marginals" in scores and scores["class_marginals"].value is not None
        if metric in scores and not (labelled and metric.startswith("marginal")):
            yield from _parts(title, scores[metric], kinds[metric], few)
    if (score := scores.get(_DETECTOR)) and score.value is not None:
        yield kinds[_DETECTOR].level(score.value), _detector(title, score)
    for metric, text in _HISTORIES.items():
        if (score := scores.get(metric)) and score.value is not None:
            numbers = {
                "share": _percent(score.value),
                "right": _percent(0.5 + score.value),
                "ratio": f"{score.value:.2f} times",
            }
            yield kinds[metric].level(score.value), f"{title}: {text.format(**numbers)}."


def _useful(
    title: str, scores: Scores, kinds: Mapping[str, type[Metric]]
) -> Iterator[tuple[Level, str]]:
    for metric, told in ((_MODEL, _model), (_RARE, _rare)):
        if (score := scores.get(metric)) and score.value is not None:
            yield level_of(kinds[metric], score), told(title, score)


def _private(
    title: str, scores: Scores, kinds: Mapping[str, type[Metric]]
) -> Iterator[tuple[Level, str]]:
    for metric, text in _COPIES.items():
        score = scores.get(metric)
        if score and score.value is not None and kinds[metric].level(score.value) != "close":
            told = text.format(share=_percent(score.value))
            yield kinds[metric].level(score.value), f"{title}: {told}."
    for metric, text in _ATTACKS.items():
        if (score := scores.get(metric)) and score.value is not None:
            told = f"{text} with an area of {score.value:.2f} (0.5 is a coin toss)"
            yield kinds[metric].level(score.value), f"{title}: {told}."


def _parts(
    title: str, score: Score, kind: type[Metric], few: Collection[str]
) -> Iterator[tuple[Level, str]]:
    by_level: dict[Level, list[str]] = {}
    for name, part in score.details.get("parts", {}).items():
        level: Level = "unknown" if name in few else kind.level(part["value"])
        by_level.setdefault(level, []).append(name.replace("_", " "))
    for level, word in _WORDS.items():
        names = by_level.get(level, [])
        if names and kind.name == "pair_dependence":
            pairs = "; ".join(name.replace(" x ", " and ") for name in names)
            yield level, f"{title}: the way in which {pairs} go together is {word}."
        elif names:
            be = "are" if len(names) > 1 else "is"
            yield level, f"{title}: {'; '.join(names)} {be} {word}."


def _detector(title: str, score: Score) -> str:
    losses: Mapping[str, float] = score.details["area_lost_without"]
    culprit = max(losses, key=lambda name: losses[name])
    told = (
        f"{title}: a model tells real from simulated rows with an area under the ROC curve of "
        f"{score.value:.2f} (0.5 is a coin toss)"
    )
    return (
        f"{told}, mostly by {culprit.replace('_', ' ')}." if losses[culprit] > 0.02 else f"{told}."
    )


def _model(title: str, score: Score) -> str:
    why = why_unknown(find_metrics()[_MODEL], score)
    real, synthetic = (score.details[source] for source in ("real", "synthetic"))
    return (
        f"{title}: a model trained on simulated rows reaches {reached(score)} of the average "
        f"precision of one trained on real rows; area under the ROC curve "
        f"{synthetic['roc_auc']:.2f} against {real['roc_auc']:.2f}{why and f'; {why}'}."
    )


def reached(score: Score) -> str:
    """A share with its interval, if it has one."""
    if score.low is None or score.high is None:
        return f"{_percent(score.value)} (interval unknown)"
    return f"{_percent(score.value)} ({100 * score.low:.0f} to {_percent(score.high)})"


def _rare(title: str, score: Score) -> str:
    parts = {name: part["value"] for name, part in score.details["parts"].items()}
    told = (
        f"{title}: {_percent(parts['coverage'])} of the real rare rows have a simulated one beside "
        f"them, and {_percent(parts['precision'])} of the simulated ones lie among real ones"
    )
    least = min(parts, key=lambda name: parts[name])
    if least in {"coverage", "precision"}:
        return f"{told}."
    return f"{told}; {least.replace('_', ' ')} is the least, {_percent(parts[least])}."


def _percent(share: Any) -> str:
    return f"{100 * share:.0f} %"
