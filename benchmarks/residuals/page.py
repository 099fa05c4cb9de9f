"""The page that shows the comparison: numbers from results, prose in page.md.jinja."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.residuals.comparing import N_FEW, N_RARE, Runs
from benchmarks.residuals.judging import N_RESAMPLES
from benchmarks.residuals.references import Reference
from benchmarks.residuals.scaling import FULL, REFERENCE, Growth, exponent, growth_table
from benchmarks.residuals.sections import Section
from benchmarks.residuals.text import plus, ratio, share


def page(found: Sequence[tuple[Reference, Runs, Runs]], grown: Sequence[Growth]) -> str:
    """The page as Markdown.

    Args:
        found: the results on each reference, given all development rows, and given few rare ones.
        grown: how time grows with rows; may be empty.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown of our own
    )
    environment.filters |= {"plus": plus, "ratio": ratio, "share": share}
    reports = [
        result["report"]
        for _, whole, _ in found
        for results in whole.values()
        for result in results
        if "report" in result
    ]
    sections = [Section.of(*each) for each in found]
    return environment.get_template("page.md.jinja").render(
        sealed=[section for section in sections if section.reference.sealed],
        seen=[section for section in sections if not section.reference.sealed],
        versions=dict(sorted({k: v for r in reports for k, v in r["versions"].items()}.items())),
        python=reports[0]["python"],
        n_resamples=N_RESAMPLES,
        n_rare=N_RARE,
        n_few=N_FEW,
        grown=REFERENCE.words,
        growth=growth_table(grown),
        exponent=exponent(grown) if grown else None,
        exponent_before=exponent([each for each in grown if each.n_rows <= FULL])
        if grown
        else None,
    )
