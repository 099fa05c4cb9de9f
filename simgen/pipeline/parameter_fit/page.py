"""The page of a fit: its parameters, warnings and checks put into words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simgen.pipeline.parameter_fit.found import FittedParameter, FittedParameters
from simgen.report import Figure, Level
from simgen.report.figures.parameter_fit import misses, posterior
from simgen.report.parameter_fit import FitPage, ParameterRow, SummaryRow


def fit_page(fitted: FittedParameters, *, use: str) -> FitPage:
    """The page, ready to be rendered; `use` is the command that runs the fitted scenario."""
    parameters = fitted.parameters.values()
    n_told = sum(parameter.is_told for parameter in parameters)
    n_good = int((~fitted.after.is_missed).sum())
    return FitPage(
        title=f"{fitted.scenario} fitted to {fitted.reference.title}",
        level=_level(fitted),
        headline=(
            f"The data tell {n_told} of {len(parameters)} parameters. With them, "
            f"{n_good} of {len(fitted.names)} summaries of the real rows are reproduced; "
            f"before, {int((~fitted.before.is_missed).sum())}."
        ),
        warnings=fitted.warnings,
        facts=[
            ("parameters fitted", str(len(parameters))),
            ("of them told by the data", str(n_told)),
            ("simulations", f"{fitted.settings['n_simulations']:,}"),
            ("summaries compared", str(len(fitted.names))),
        ],
        parameters=[_parameter_row(parameter) for parameter in parameters],
        posteriors=list(posteriors(fitted)),
        summaries=list(_summary_rows(fitted)),
        misses=miss_figure(fitted),
        use=use,
        notes=[
            "Intervals hold where the model is right in all else; warnings say where it is not.",
            "This folder holds statistics of the real rows, with no promise of privacy.",
            *fitted.reference.notes,
        ],
        provenance=_provenance(fitted),
    )


def posteriors(fitted: FittedParameters) -> Iterator[Figure]:
    """Each parameter's posterior over its plausible range."""
    draws = fitted.fit.posterior
    for column, parameter in enumerate(fitted.parameters.values()):
        about = parameter.about
        places = [
            float(fitted.prior.units(np.full((1, len(fitted.parameters)), value))[0, column])
            for value in (about.value, parameter.value)
        ]
        yield posterior(
            draws.units[:, column],
            draws.weight,
            name=about.name,
            ends=(f"{about.low:g}", f"{about.high:g}"),
            start=places[0],
            value=places[1],
        )


def miss_figure(fitted: FittedParameters) -> Figure:
    """Every summary's miss before and after the fit."""
    return misses(fitted.names, fitted.before.miss, fitted.after.miss, fitted.after.bound)


def _provenance(fitted: FittedParameters) -> dict[str, str]:
    settings = fitted.settings
    return {
        "scenario": f"{fitted.scenario}, version {settings['version']}",
        "reference": f"{fitted.reference.name}: {fitted.reference.source}",
        "licence of the reference": fitted.reference.licence,
        "seed": str(settings["seed"]),
        "simulations without some summary, left out": str(fitted.fit.n_left_out),
        "real summaries among simulations": (
            f"distance {fitted.oddness.distance:.1f}, reached by "
            f"{100 * fitted.oddness.farther_share:.0f} % of these and reality"
        ),
    }


def _level(fitted: FittedParameters) -> Level:
    if fitted.is_misspecified:
        return "far"
    return "off" if fitted.warnings else "close"


def _parameter_row(parameter: FittedParameter) -> ParameterRow:
    about = parameter.about
    told: tuple[Level, str] = ("close", "told by the data")
    if not parameter.is_told:
        told = ("unknown", "not told")
    elif parameter.leans:
        told = ("off", "at the end of its range")
    return ParameterRow(
        name=about.name,
        doc=about.doc,
        unit=about.unit,
        plausible=f"{about.low:g} to {about.high:g}",
        before=f"{about.value:.4g}",
        fitted=f"{parameter.value:.4g}",
        interval=f"{parameter.low:.3g} to {parameter.high:.3g}",
        narrowing=f"{100 * max(0.0, parameter.narrowing):.0f} %",
        level=told[0],
        verdict=told[1],
    )


def _summary_rows(fitted: FittedParameters) -> Iterator[SummaryRow]:
    before, after = fitted.before, fitted.after
    for i in np.argsort(-np.abs(after.miss), kind="stable"):
        yield SummaryRow(
            name=fitted.names[i],
            real=f"{fitted.observed[i]:.3g}",
            before=f"{before.mean[i]:.3g}",
            after=f"{after.low[i]:.3g} to {after.high[i]:.3g}",
            miss_before=f"{before.miss[i]:+.1f}",
            miss_after=f"{after.miss[i]:+.1f}",
            level="far" if after.is_missed[i] else "close",
        )
