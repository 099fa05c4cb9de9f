"""A fitted residual at work: one more table, the simulated sample as corrected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import pyarrow.compute

from simgen.core import (
    CATEGORY,
    Field,
    RequestError,
    Role,
    RunError,
    Scenario,
    Streams,
    Table,
    record_labels,
)
from simgen.pipeline.folders import on_this_machine
from simgen.pipeline.references import Reference, SampleView, describe_reference, load_reference
from simgen.pipeline.samples import run_view, view_parameters
from simgen.pipeline.sealed import sealed
from simgen.pipeline.shapes import corrected_rows, sample_rows, sample_shape, view_for
from simgen.residual import FittedResidual, find_residuals, load_residual

FIT = "fit.json"  # in a model's folder: what it was fitted to
PREFIX = "calibrated_"  # of the table's name
FEWEST_KEPT = 0.5  # share of the simulated rows below which generate warns; assumed


@dataclass(frozen=True, kw_only=True, eq=False)
class Calibration:
    """The sample of a reference, taken from each block's tables and corrected.

    Attributes:
        reference: the reference that the residual was fitted to.
        view: its sample.
        fitted: the residual.
        table: the table that the corrected rows make.
        kept: numbers that the fit took from all simulated rows, as a block's would be others.
        settings: what the rows depend on, as JSON would hold it.
    """

    reference: Reference
    view: SampleView
    fitted: FittedResidual
    table: Table
    kept: Mapping[str, float | None]
    settings: Mapping[str, Any]

    @property
    def warning(self) -> str:
        """What to say before most rows are thrown away for their class; "" if they are not."""
        details = self.fitted.card["details"]
        share = details.get("rows kept share", 1.0)
        before, after = (details.get(f"prevalence {when}", 0.5) for when in ("before", "after"))
        share_by_class = min(before / after, (1.0 - before) / (1.0 - after))
        if max(share, share_by_class) >= FEWEST_KEPT:
            return ""
        return (
            f"the residual keeps {100 * share:.1f} % of the sample {self.view.name}: "
            f"rare rows weigh {100 * before:.2g} % of the simulated rows it was fitted on and "
            f"{100 * after:.2g} % of the real ones; to keep more, simulate rare rows as often as "
            "the real ones have them, or give the real rows weights"
        )

    def rows(self, tables: Mapping[str, pa.Table], streams: Streams) -> pa.Table:
        """The corrected rows of a block with these tables; RunError if too many break a rule."""
        given, values = block_sample(self.reference, self.view, tables, self.kept)
        try:
            made = self.fitted.correct(sample_rows(self.view, given), streams)
        except RequestError as error:
            raise RunError(f"the residual can't correct what was simulated: {error}") from error
        rows = corrected_rows(given, self.view, self.fitted.shape, made, values)
        columns = {field.name: _conform(field, rows[field.name]) for field in self.table.fields}
        return pa.table(columns, schema=self.table.schema).combine_chunks()


def load_calibration(folder: str | Path, scenario: Scenario[Any]) -> Calibration:
    """The residual in a model's folder, ready to correct what the scenario simulates.

    Raises:
        RequestError: there is no whole model, or it does not fit the scenario.
    """
    place = on_this_machine(folder, "a fitted model is read from", name="residual")
    try:
        about = json.loads((place / FIT).read_text(encoding="utf-8"))
        name, sample = about["reference"], about["sample"]
        held = about.get("description")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RequestError(
            f"no fitted model in {place}: {FIT} can't be read ({error}): make one with simgen fit"
        ) from None
    # References of ours are known by name.
    reference = load_reference(name) if held is None else describe_reference(name, held)
    view = next((view for view in reference.samples if view.name == sample), None)
    if view is None:
        raise RequestError(f"the model in {place} is for sample {sample!r} of {name}: refit it")
    kind = find_residuals().get(about.get("residual"))
    view = view_for(kind, view) if kind else view
    kept, fitted = _kept(about, view, place), load_residual(place, sample_shape(reference, view))
    return Calibration(
        reference=reference,
        view=view,
        fitted=fitted,
        table=calibrated_table(reference, view, scenario),
        kept=kept,
        settings={
            "reference": name,
            "sample": sample,
            "table": PREFIX + sample,
            "model": fitted.card["residual"],
            "digest": _digest(place, held, kept),
            "privacy": fitted.card["privacy"],
            "budget": fitted.card["details"].get("budget"),
        },
    )


def _kept(about: Mapping[str, Any], view: SampleView, place: Path) -> Mapping[str, float | None]:
    """What the fit kept of all rows; RequestError if it lacks what the view needs."""
    kept: Mapping[str, float | None] = about.get("kept", {})
    if absent := sorted(view.overall.keys() - kept.keys()):
        raise RequestError(
            f"the model in {place} holds no {absent[0]} of all rows: refit it with this simgen"
        )
    return kept


def _digest(place: Path, *told: Any) -> str:
    """Of all that decides what a model's corrections are: the arrays' digest is in the card."""
    texts = "".join(json.dumps(part, sort_keys=True) for part in told if part)
    return hashlib.sha256((place / "card.json").read_bytes() + texts.encode()).hexdigest()


def block_sample(
    reference: Reference,
    view: SampleView,
    tables: Mapping[str, pa.Table],
    kept: Mapping[str, float | None] = MappingProxyType({}),
) -> tuple[pa.Table, dict[str, Any]]:
    """The rows of the sample, and the values of the parameters in its SQL; see `kept_of`."""
    with sealed() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        for name in view.overall:
            if (number := kept.get(name)) is not None:
                connection.execute(f'SET VARIABLE "{name}" = {float(number)!r}')
        values = view_parameters(reference, connection, kept)
        wrong = f"the scenario does not fit reference {reference.name}"
        return run_view(connection, reference.view(view), values, wrong), values


def kept_of(view: SampleView, rows: pa.Table, values: Mapping[str, Any]) -> dict[str, float | None]:
    """What blocks need of all simulated rows: see `SampleView.overall`; and numbers in the SQL.

    The SQL's numbers serve blocks whose tables don't give them, as they are empty.
    """
    kept: dict[str, float | None] = {
        name: value for name, value in values.items() if isinstance(value, (int, float))
    }
    if not view.overall:
        return kept
    sql = ", ".join(f'({sql})::DOUBLE AS "{name}"' for name, sql in view.overall.items())
    with sealed() as connection:
        connection.register("sample", rows)
        wrong = f"sample {view.name} has no {', '.join(view.overall)}"
        query = f"SELECT {sql} FROM sample"  # noqa: S608 - a file of ours or the user's
        (found,) = run_view(connection, query, values, wrong).to_pylist()
    return {**kept, **found}


def calibrated_table(reference: Reference, view: SampleView, scenario: Scenario[Any]) -> Table:
    """The columns of the view and those that the residual adds, as the table declares them.

    RequestError if the view lacks what every record has.
    """
    declared = {column.name: column for column in view.columns}
    with sealed() as connection:
        for table in scenario.tables:
            connection.register(table.name, table.schema.empty_table())
        values = dict.fromkeys(reference.parameters, 1)
        wrong = f"the model for {reference.name} does not fit the scenario"
        found = run_view(connection, reference.view(view), values, wrong).schema
    labels = {field.name for field in record_labels((), ())}
    if missing := sorted(labels - set(found.names)):
        raise RequestError(
            f"the view {view.view} of {reference.name} lacks {missing}: a residual's rows are "
            f"records, so select these, too"
        )
    added = [column.name for column in view.columns if not column.simulated]
    known, fields = _known(scenario, view, found), []
    for name in (*found.names, *added):
        if name in declared:
            column = declared[name]
            kind = pa.float64() if column.kind == "numeric" else pa.string()
            fields.append(Field(name, kind, column.unit, f"{column.doc}.", nullable=True))
        elif name in known:
            fields.append(known[name])
        else:
            doc = f"As in the sample {view.name} of {reference.name}."
            fields.append(
                Field(name, found.field(name).type, "", doc, Role.REFERENCE, nullable=True)
            )
    doc = f"{view.doc} Corrected toward {reference.title}."
    entities = [table.entity for table in scenario.tables if table.entity in found.names]
    entity = view.entity or next(iter(entities), "")
    return Table(PREFIX + view.name, doc, tuple(fields), entity=entity)


def _known(scenario: Scenario[Any], view: SampleView, found: pa.Schema) -> dict[str, Field]:
    """The scenario's fields by name; of one name, that of the table which the view is of."""
    order = scenario.causal_order
    own = order.table if order and order.view == view.view else ""
    tables = sorted(scenario.tables, key=lambda table: table.name != own)
    known = {field.name: field for table in reversed(tables) for field in table.fields}
    # A view may count the hours of what its table has as an instant.
    counted = [
        name
        for name, field in known.items()
        if name in found.names
        and pa.types.is_timestamp(field.type)
        and pa.types.is_floating(found.field(name).type)
    ]
    return {name: field for name, field in known.items() if name not in counted}


def _conform(field: Field, values: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """The values as the field's type."""
    if field.type != CATEGORY:
        return values.cast(field.type)
    vocabulary = pa.array(field.categories, pa.string())
    words = values.combine_chunks().cast(pa.string())
    codes = pyarrow.compute.index_in(words, vocabulary).cast(pa.int32())
    return pa.DictionaryArray.from_arrays(codes, vocabulary)
