"""What each command takes: the schemas of configs/<command>.yaml."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from omegaconf import MISSING


@dataclass
class GenerateCommand:
    """What `simgen generate` takes."""

    scenario: Any = MISSING
    executor: Any = MISSING
    residual: Any = None
    seed: int = 0
    out: str | None = None
    difficulty: bool = True
    quiet: bool = False


@dataclass
class FittedModel:
    """The residual that `simgen generate` applies."""

    path: str = MISSING


@dataclass
class FitCommand:
    """What `simgen fit` takes."""

    reference: Any = MISSING
    simulated: str | None = None
    residual: Any = None
    sample: str | None = None
    n_shadows: int = 0
    objective: str | None = None
    scenario: Any = None
    parameters: list[str] | None = field(default_factory=lambda: None)
    n_simulations: int = 400
    executor: Any = MISSING
    out: str | None = None
    seed: int = 0
    quiet: bool = False


@dataclass
class EvaluateCommand:
    """What `simgen evaluate` takes."""

    synthetic: str = MISSING
    reference: Any = MISSING
    out: str | None = None
    seed: int = 0
    metrics: list[str] | None = field(default_factory=lambda: None)
    gate: Any = None
    quiet: bool = False


@dataclass
class SearchCommand:
    """What `simgen search` takes."""

    scenario: Any = MISSING
    outcome: str = ""
    method: str = MISSING
    n_simulations: int = MISSING
    n_cases: int = MISSING
    critical_share: float = MISSING
    seed: int = 0
    out: str | None = None
    quiet: bool = False


@dataclass
class ReviewCommand:
    """What `simgen review` takes."""

    synthetic: str = MISSING
    reference: Any = MISSING
    out: str | None = None
    n: int = 40
    sample: str | None = None
    reviewer: str = "expert"
    seed: int = 0
    port: int = 0
    score: bool = False
    quiet: bool = False


@dataclass
class ExportCommand:
    """What `simgen export` takes."""

    dataset: str = MISSING
    format: Any = MISSING
    out: str | None = None
    links: bool = True
    quiet: bool = False


@dataclass
class PortrayCommand:
    """What `simgen portray` takes."""

    dataset: str = MISSING
    out: str | None = None
    episode: int | None = None
    sensor: str | None = None
    quiet: bool = False


COMMANDS = {
    "evaluate": EvaluateCommand,
    "export": ExportCommand,
    "fit": FitCommand,
    "generate": GenerateCommand,
    "portray": PortrayCommand,
    "review": ReviewCommand,
    "search": SearchCommand,
}
