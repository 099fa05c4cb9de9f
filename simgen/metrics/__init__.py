"""The evaluation suite: base, one metric per file."""

from simgen.metrics.base import (
    Metric as Metric,
    Sample as Sample,
    Score as Score,
    find_metrics as find_metrics,
)
from simgen.metrics.difficulty import Difficulty as Difficulty, difficulty as difficulty
from simgen.metrics.history import history_features as history_features
