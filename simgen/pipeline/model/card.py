"""The card of a fitted model: what a newcomer reads first in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from simgen.metrics import Score, find_metrics
from simgen.pipeline.references import Reference, SampleView
from simgen.residual import FittedResidual
from simgen.storage.card import markdown_template


def model_card(
    fitted: FittedResidual,
    *,
    reference: Reference,
    view: SampleView,
    about: Mapping[str, Any],
    scores: Mapping[str, tuple[Score, Score]],
    alike: Mapping[str, Score],
    attack: Score | None,
) -> str:
    """The card as Markdown.

    Args:
        fitted: the model.
        reference: what it was fitted to.
        view: the sample of the reference.
        about: what else its folder says of the fit.
        scores: by metric, before and after.
        alike: by metric, after, of the columns that there were before; none if none were added.
        attack: that of shadow models; None if there were none.
    """
    kinds = find_metrics()
    text: str = markdown_template("simgen.pipeline", "model.md.jinja").render(
        title=fitted.residual.title,
        doc=fitted.residual.doc,
        card=fitted.card,
        reference=reference,
        view=view,
        simulated=about["simulated"],
        learned=_facts(fitted.card),
        held_out=bool(view.fitted),
        completed=fitted.shape.completed,
        attack=None if attack is None else _text(attack),
        attacked=attack.details if attack is not None else {},
        scores=[
            {
                "title": kinds[name].title,
                "ideal": f"{kinds[name].ideal:g}",
                "before": _text(before),
                "alike": _text(alike.get(name, after)),
                "after": _text(after),
            }
            for name, (before, after) in scores.items()
        ],
        worse=made_worse(
            {name: (before, alike.get(name, after)) for name, (before, after) in scores.items()}
        ),
    )
    return text


def made_worse(scores: Mapping[str, tuple[Score, Score]]) -> str:
    """A line that names each score that a correction made worse, worst first; "" if none.

    Before and after must be of the same columns: more of them are easier to tell apart.
    Worse is one whose interval after lies wholly on the worse side of that before.
    """
    kinds, found = find_metrics(), []
    for name, (before, after) in scores.items():
        if None in (before.low, before.high, after.low, after.high):
            continue
        kind = kinds[name]
        sign = 1.0 if kind.direction == "lower" else -1.0
        ends = [
            [sign * float(end or 0.0) for end in (one.low, one.high)] for one in (before, after)
        ]
        if min(ends[1]) > max(ends[0]):
            # From good to bad is one step of any score.
            step = (min(ends[1]) - max(ends[0])) / abs(kind.far - kind.close)
            found.append((step, f"{kind.title} {before.value:.3f} to {after.value:.3f}"))
    named = "; ".join(text for _, text in sorted(found, reverse=True))
    return f"Made worse by the correction, worst first: {named}." if found else ""


def _facts(card: Mapping[str, Any]) -> dict[str, str]:
    facts = {**card["parameters"], **card["details"]}
    for side, rows in card["rows"].items():
        facts |= {f"{side} {key}": value for key, value in rows.items()}
    return {key: _plain(value) for key, value in facts.items()}


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(entry)}" for name, entry in value.items()) or "none"
    if isinstance(value, float) and not (value.is_integer() and abs(value) >= 1000.0):
        return f"{value:.4g}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,.0f}" if is_number else json.dumps(value)


def _text(score: Score) -> str:
    if score.value is None:
        return f"none: {score.reason}"
    if score.low is None or score.high is None:
        return f"{score.value:.3f} (interval unknown)"
    return f"{score.value:.3f} [{score.low:.3f}, {score.high:.3f}]"
