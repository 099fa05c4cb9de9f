"""References: real data, and how to shape simulated data like it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from simgen.core import RequestError, data_folder, find_domains, first_line, suggest
from simgen.pipeline.descriptions import described, mapping

ENVIRONMENT = "SIMGEN_REFERENCE"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a sample.

    Attributes:
        name: its name in the SQL.
        kind: what its values are.
        unit: of a number; "" for none.
        doc: what it means.
        scale: on which its values are looked at, and moved by a residual.
        scored: whether it is compared; if not, it is shown only.
        corrected: whether a residual moves it; columns are listed causes first.
        simulated: whether the simulator makes it; if not, a residual may add it.
        categories: the closed vocabulary of a corrected category.
        whole: whether its numbers are whole.
        decimals: how many decimals its numbers have; null for any.
        lags: how many earlier values a corrected column of a history hangs on.
    """

    name: str
    kind: Literal["numeric", "categorical"]
    unit: str
    doc: str
    scale: Literal["linear", "log"] = "linear"
    scored: bool = True
    corrected: bool = False
    simulated: bool = True
    categories: tuple[str, ...] = ()
    whole: bool = False
    decimals: int | None = None
    lags: int = 0


@dataclass(frozen=True, kw_only=True)
class SampleView:
    """How one sample is taken from the real file and from the simulated tables.

    Attributes:
        name: what it is called, also in the SQL of the samples after it (`samples.<name>`).
        doc: what a row is.
        columns: the columns compared.
        view: the domain's view that shapes the simulated tables; it gives a column `weight`.
        real: SQL that shapes the file, there called `reference`, in the same way.
        derived: SQL over the samples before this one, the same for both; instead of view and real.
        label: the column that says which rows are rare; "" if none does.
        entity: the column whose values belong together; "" if every row stands alone.
        order: the column that puts the rows of an entity in order, so that a residual corrects
            histories; "" if rows are corrected one by one.
        recomputed: SQL over `corrected`, the rows that a residual has moved, which brings the
            other columns in line; a moved column as it was is called `simulated_<name>` there.
        weight: SQL over the real columns: how many rows of nature each row stands for.
        at: the column that says when a row happened; "" if histories are not compared.
        kind: the column of the real rows with the kind of a rare one; "" if nobody knows it.
        subgroup: the column of the real rows whose groups a model should serve alike; "" if none.
        fitted: the column of the real rows that says which a generator may be fitted on, all rows
            of an entity alike; the others are held out. "" if nothing is fitted.
        rules: SQL conditions that every row obeys, by name; see `simgen.pipeline.rules`.
        key: the columns whose values together no two rows share; empty if there is no key.
        overall: SQL over `sample`, all simulated rows, by name: numbers that the view takes from
            them, and that a fit keeps for blocks; there the view has them as `getvariable(name)`.
    """

    name: str
    doc: str
    columns: tuple[Column, ...]
    view: str = ""
    real: str = ""
    derived: str = ""
    label: str = ""
    entity: str = ""
    order: str = ""
    recomputed: str = ""
    weight: str = "1.0"
    at: str = ""
    kind: str = ""
    subgroup: str = ""
    fitted: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    overall: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Real data, where it is looked for, and what simulated data is compared with it.

    Attributes:
        name: how it is asked for.
        title: what it is called in reports.
        domain: the domain whose views shape the simulated tables.
        file: path of the Parquet file below the folder of references.
        source: who published it.
        licence: on what terms.
        notes: what a reader of the scores must know.
        parameters: values for `$name` in the SQL: a number, or SQL over the simulated tables.
        samples: what is compared.
    """

    name: str
    title: str
    domain: str
    file: str
    source: str
    licence: str
    samples: tuple[SampleView, ...]
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, str | float] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where the file is looked for."""
        return references_folder() / self.file

    def check_file(self) -> None:
        """Raise RequestError unless the file is there, is Parquet and has rows."""
        if not self.path.is_file():
            remedy = (
                "put it back, or write its new place into the description"
                if Path(self.file).is_absolute()
                else f"set {ENVIRONMENT} to the folder that holds {self.file}"
            )
            raise RequestError(f"reference {self.name}: there is no file {self.path}: {remedy}")
        try:
            n_rows = pq.read_metadata(self.path).num_rows
        except pa.ArrowInvalid:
            raise RequestError(
                f"reference {self.name}: {self.path} is not a Parquet file: put the original back, "
                "or let write_reference() make one of your own rows"
            ) from None
        if n_rows == 0:
            raise RequestError(
                f"reference {self.name}: {self.path} has 0 rows: at least 1 is needed"
            )

    def view(self, sample: SampleView) -> str:
        """The SQL that shapes the simulated tables like `sample`.

        Raises:
            RequestError: the domain is not installed, or has no such view.
        """
        domains = find_domains()
        if self.domain not in domains:
            raise RequestError(
                f"reference {self.name} needs the domain {self.domain}: "
                f"there are {', '.join(domains)}"
            )
        return domains[self.domain].view(sample.view)


def references_folder() -> Path:
    """The folder that the environment names, or else `../shared/reference` beside the checkout."""
    beside = data_folder("configs").parent.parent / "shared" / "reference"
    return Path(os.environ.get(ENVIRONMENT, beside))


def find_references() -> tuple[str, ...]:
    """The names of the references that `configs/reference` describes."""
    return tuple(
        sorted(path.stem for path in (data_folder("configs") / "reference").glob("*.yaml"))
    )


def load_reference(name: str | Path | Reference) -> Reference:
    """The reference called `name`, or the one that the YAML file of that path describes.

    A reference stays as it is.

    Raises:
        RequestError: there is none, or its description is wrong.
    """
    if isinstance(name, Reference):
        return name
    if Path(name).suffix == ".yaml":
        path = Path(name)
        name = path.stem
    else:
        name = str(name)
        known = find_references()
        if name not in known:
            raise RequestError(f"unknown reference {name!r}: {suggest(name, known)}")
        path = data_folder("configs") / "reference" / f"{name}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = first_line(error)
        raise RequestError(f"reference {name}: {path} can't be read: {reason}") from None
    return describe_reference(name, content)


def describe_reference(name: str, content: Any) -> Reference:
    """The reference that the content of a description file describes.

    Raises:
        RequestError: a key is missing or unknown, or a value is not what it should be.
    """
    where = f"reference {name}"
    content = mapping(content, where)
    samples = [
        _sample(where, sample, about)
        for sample, about in mapping(content.get("samples"), f"{where}: samples").items()
    ]
    return described(Reference, {**content, "name": name, "samples": samples}, where)


def is_ours(reference: Reference) -> bool:
    """Whether the package brings this very reference."""
    return reference.name in find_references() and load_reference(reference.name) == reference


def description_of(reference: Reference) -> dict[str, Any]:
    """The content that `describe_reference` makes the reference of, as JSON would hold it."""
    content = asdict(reference)
    del content["name"]
    content["samples"] = {sample.pop("name"): sample for sample in content["samples"]}
    for sample in content["samples"].values():
        sample["columns"] = {column.pop("name"): column for column in sample["columns"]}
    return content


def _sample(where: str, name: str, content: Any) -> SampleView:
    where = f"{where}: sample {name}"
    about = mapping(content, where)
    columns = [
        described(
            Column,
            {**mapping(facts, f"{where}: {column}"), "name": column},
            f"{where}: column {column}",
        )
        for column, facts in mapping(about.get("columns"), f"{where}: columns").items()
    ]
    return described(SampleView, {**about, "name": name, "columns": columns}, where)
