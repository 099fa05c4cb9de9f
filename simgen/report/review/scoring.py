"""How often an expert was right, and what chance would have given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scipy.stats import binomtest

from simgen.report.review.answers import SURENESS, Answer


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of some answers were right, with Wilson's 95 % interval of their share (1927)."""

    n_answers: int
    n_right: int

    @property
    def value(self) -> float:
        """The share that was right; 0 if there is no answer."""
        return self.n_right / self.n_answers if self.n_answers else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The ends of the interval; 0 and 1 if there is no answer."""
        if not self.n_answers:
            return 0.0, 1.0
        found = binomtest(self.n_right, self.n_answers).proportion_ci(method="wilson")
        return float(found.low), float(found.high)

    def plain(self) -> dict[str, Any]:
        """The share as JSON would hold it."""
        low, high = self.interval
        return {
            "n_answers": self.n_answers,
            "n_right": self.n_right,
            "value": self.value,
            "low": low,
            "high": high,
        }


@dataclass(frozen=True, kw_only=True)
class ReviewScore:
    """What a review found.

    Attributes:
        reviewer: who judged.
        n_examples: how many examples there were.
        whole: all answers; a share of 0.5 is what guessing gives, as half the examples are real.
        by_truth: answers to "real" and to "synthetic" examples.
        by_sureness: answers by how sure the expert was.
        remarks: example, whether it is real, whether it was taken for real, and the text.
    """

    reviewer: str
    n_examples: int
    whole: Share
    by_truth: Mapping[str, Share]
    by_sureness: Mapping[str, Share]
    remarks: Sequence[tuple[int, bool, bool, str]]

    @property
    def headline(self) -> str:
        """The score in a sentence."""
        low, high = self.whole.interval
        if low > 0.5:
            meaning = "real and synthetic can be told apart"
        elif high < 0.5:
            meaning = "synthetic examples were taken for real ones, and real ones for synthetic"
        else:
            meaning = "real and synthetic can't be told apart for certain"
        return (
            f"{self.reviewer} judged {self.whole.n_right} of {self.whole.n_answers} examples "
            f"correctly: {100 * self.whole.value:.0f} % ({100 * low:.0f} % to {100 * high:.0f} %), "
            f"where guessing gives 50 %: {meaning}."
        )

    def plain(self) -> dict[str, Any]:
        """The score as JSON would hold it."""
        return {
            "reviewer": self.reviewer,
            "headline": self.headline,
            "n_examples": self.n_examples,
            "whole": self.whole.plain(),
            "by_truth": {name: share.plain() for name, share in self.by_truth.items()},
            "by_sureness": {name: share.plain() for name, share in self.by_sureness.items()},
            "remarks": [
                {"example": example, "is_real": truth, "taken_for_real": said, "remark": text}
                for example, truth, said, text in self.remarks
            ],
        }


def score_answers(
    given: Mapping[int, Answer], truth: Sequence[bool], *, reviewer: str
) -> ReviewScore:
    """The score of the answers given so far, by example; `truth` says which examples are real."""
    answers = list(given.values())
    return ReviewScore(
        reviewer=reviewer,
        n_examples=len(truth),
        whole=_share(answers, truth),
        by_truth={
            name: _share([answer for answer in answers if truth[answer.example] == value], truth)
            for name, value in (("real", True), ("synthetic", False))
        },
        by_sureness={
            name: _share([answer for answer in answers if answer.sureness == level], truth)
            for level, name in SURENESS.items()
        },
        remarks=[
            (answer.example, truth[answer.example], answer.is_real, answer.remark)
            for answer in answers
            if answer.remark
        ],
    )


def _share(answers: Sequence[Answer], truth: Sequence[bool]) -> Share:
    n_right = sum(answer.is_real == truth[answer.example] for answer in answers)
    return Share(n_answers=len(answers), n_right=n_right)
