"""Experts judge examples, not knowing which are real: answers, score, and the page they use."""

from simgen.report.review.answers import Answer as Answer, Answers as Answers
from simgen.report.review.scoring import (
    ReviewScore as ReviewScore,
    Share as Share,
    score_answers as score_answers,
)
from simgen.report.review.server import Example as Example, ReviewServer as ReviewServer
