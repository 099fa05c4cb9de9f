"""simgen: simulation-first generation of labelled rare-event data."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simgen.core import RequestError as RequestError, RunError as RunError
from simgen.core.compiled import find_cache

if TYPE_CHECKING:
    from simgen.core import SearchPlan as SearchPlan
    from simgen.pipeline.catalogue import (
        load_scenario as load_scenario,
        scenario_names as scenario_names,
    )
    from simgen.pipeline.evaluate import Evaluation as Evaluation, evaluate as evaluate
    from simgen.pipeline.executors import Processes as Processes, Serial as Serial
    from simgen.pipeline.export import export as export
    from simgen.pipeline.fit import Fit as Fit, fit as fit
    from simgen.pipeline.fit_parameters import fit_parameters as fit_parameters
    from simgen.pipeline.generate import generate as generate
    from simgen.pipeline.interrupts import Interrupted as Interrupted
    from simgen.pipeline.parameter_fit.found import FittedParameters as FittedParameters
    from simgen.pipeline.portray import portray as portray
    from simgen.pipeline.review import Review as Review, review as review
    from simgen.pipeline.search import SearchResult as SearchResult, search as search
    from simgen.storage.reader import Dataset as Dataset

# Imported when first used: `evaluate` brings scikit-learn, SciPy and Matplotlib, two seconds.
_PLACES = {
    "Dataset": "simgen.storage.reader",
    "Evaluation": "simgen.pipeline.evaluate",
    "Processes": "simgen.pipeline.executors",
    "Serial": "simgen.pipeline.executors",
    "evaluate": "simgen.pipeline.evaluate",
    "export": "simgen.pipeline.export",
    "Fit": "simgen.pipeline.fit",
    "FittedParameters": "simgen.pipeline.parameter_fit.found",
    "Interrupted": "simgen.pipeline.interrupts",
    "Review": "simgen.pipeline.review",
    "SearchPlan": "simgen.core",
    "SearchResult": "simgen.pipeline.search",
    "fit": "simgen.pipeline.fit",
    "fit_parameters": "simgen.pipeline.fit_parameters",
    "generate": "simgen.pipeline.generate",
    "load_scenario": "simgen.pipeline.catalogue",
    "portray": "simgen.pipeline.portray",
    "review": "simgen.pipeline.review",
    "scenario_names": "simgen.pipeline.catalogue",
    "search": "simgen.pipeline.search",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *_PLACES]


find_cache(Path(__file__).parent)
