"""How far off a score is in a word, and why some have none."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from simgen.metrics import Metric, Score
from simgen.metrics.experiments import Experiment
from simgen.metrics.resampling import NORMAL_95
from simgen.report.page import Level

_FEW = "known of too few to tell"
_CHANCE = "from these columns a model of real rows tells no better than chance: nothing to compare"


def level_of(kind: type[Metric], score: Score, few: Collection[str] = ()) -> Level:
    """How far off a score is; unknown if there is a reason why that can't be told."""
    return "unknown" if why_unknown(kind, score, few) else kind.level(score.value)


def why_unknown(kind: type[Metric], score: Score, few: Collection[str] = ()) -> str:
    """Why a score has no level; "" if it has one.

    It is undefined; or all its parts are `few`, as `too_few` names them; or it compares models, and
    that of real rows has no skill, or a good score's interval reaches to where it would be far off.
    """
    if score.value is None:
        return score.reason
    parts = score.details.get("parts", {})
    if parts and parts.keys() <= set(few):
        return _FEW
    if not issubclass(kind, Experiment):
        return ""
    if not _has_skill(score):
        return _CHANCE
    is_sure = "no_interval" not in score.details and kind.level(score.low) != "far"
    return "" if is_sure or kind.level(score.value) != "close" else _FEW


def _has_skill(score: Score) -> bool:
    """Whether the model of real rows beats chance beyond a 95 % interval over splits."""
    if "splits" not in score.details:
        return True
    real, n_splits = score.details["real"], score.details["splits"]
    error = NORMAL_95 * real["roc_auc_spread"] * np.sqrt(1 / n_splits + 1)
    return bool(real["roc_auc"] - error > 0.5)
