"""The methods compared, and where each runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.residuals.references import ROOT

ENVIRONMENTS = ROOT / ".venv-peers"
REAL = "real"  # no method: a model is trained on the real rows themselves


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to make rows.

    Attributes:
        name: of its results.
        title: in the table.
        module: run with a job's file, see `benchmarks.peers.contract`.
        about: what the job must say of it.
        environment: the peer environment that it runs in; "" for simgen's own.
        n_times: rows made for each real row.
        n_seeds: runs with seeds of their own.
        scarce: whether it is also tried where real rows are few.
    """

    name: str
    title: str
    module: str = "benchmarks.residuals.own"
    about: Mapping[str, Any] = field(default_factory=dict)
    environment: str = ""
    n_times: int = 1
    n_seeds: int = 5
    scarce: bool = False

    @property
    def python(self) -> Path:
        """The interpreter that runs it."""
        folder = ENVIRONMENTS / self.environment / "bin" / "python"
        return folder if self.environment else Path(sys.executable)

    @property
    def residual(self) -> str:
        """The residual it is; "" for a peer."""
        return str(self.about.get("residual", ""))

    @property
    def files(self) -> list[Path]:
        """What was read to make rows: other contents may make others."""
        own = ["benchmarks/peers/contract.py", f"{self.module.replace('.', '/')}.py"]
        if self.environment:
            return [ROOT / file for file in (*own, f"benchmarks/peers/{self.environment}.txt")]
        parts = ("simgen/residual", "simgen/kernels")
        found = [path for part in parts for path in sorted((ROOT / part).glob("*.py"))]
        return [*(ROOT / file for file in own), *found]


def residual(
    name: str,
    title: str,
    *,
    called: str = "",
    n_times: int = 1,
    scarce: bool = False,
    **values: Any,
) -> Method:
    """One of simgen's residuals, with values of its parameters."""
    return Method(
        name=called or name,
        title=title,
        about={"residual": name, "parameters": values},
        n_times=n_times,
        scarce=scarce,
    )


def sdv(name: str, title: str, *, n_seeds: int) -> Method:
    """One of SDV's models."""
    return Method(
        name=name,
        title=title,
        module="benchmarks.peers.synthetic_data_vault",
        about={"model": name},
        environment="sdv",
        n_seeds=n_seeds,
    )


def scikit(name: str, title: str, *, n_times: int = 1, scarce: bool = False) -> Method:
    """A method on scikit-learn."""
    return Method(
        name=name if n_times == 1 else f"{name}_x{n_times}",
        title=title,
        module=f"benchmarks.peers.{name}",
        environment="scikit",
        n_times=n_times,
        scarce=scarce,
    )


# Neural models of others run less often: their training takes longer than all the rest.
METHODS = (
    residual("identity", "raw simulator", scarce=True),
    residual("quantile", "quantile", scarce=True),
    residual("density_ratio", "density ratio"),
    residual("transport", "**transport**", scarce=True),
    residual("transport", "**transport**, 3 x rows", called="transport_x3", n_times=3),
    residual("transport", "**transport**, 10 x rows", called="transport_x10", n_times=10),
    residual("private", "private, ε = 1", called="private_1", epsilon=1.0),
    residual("private", "private, ε = 3", called="private_3", epsilon=3.0),
    scikit("smote", "SMOTE", scarce=True),
    scikit("sequential_trees", "sequential trees", scarce=True),
    scikit("sequential_trees", "sequential trees, 3 x rows", n_times=3),
    scikit("sequential_trees", "sequential trees, 10 x rows", n_times=10),
    sdv("gaussian_copula", "GaussianCopula", n_seeds=5),
    sdv("ctgan", "CTGAN, 300 epochs", n_seeds=3),
    sdv("tvae", "TVAE, 300 epochs", n_seeds=3),
    Method(
        name="argn",
        title="TabularARGN",
        module="benchmarks.peers.argn",
        environment="mostly",
        n_seeds=3,
    ),
)
