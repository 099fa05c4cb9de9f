"""Real rows that a residual was fitted on, and those that it never saw."""

import dataclasses

import numpy as np
import pytest
from toys.shop import card_file

from simgen.core import Streams
from simgen.pipeline.evaluate import evaluate
from simgen.pipeline.references import load_reference
from simgen.pipeline.samples import take_samples
from simgen.storage.reader import Dataset

N_ROWS = 2_000


@pytest.fixture
def reference(folder):
    """A file whose second half is ten times as dear, and is held out of fits."""
    is_late = np.arange(N_ROWS) >= N_ROWS // 2
    amount = Streams(2).generator("amount").lognormal(3.0, 1.0, N_ROWS)
    card_file(
        folder / "ulb_creditcard_subset.parquet",
        n_rows=N_ROWS,
        Amount=np.where(is_late, 10.0, 1.0) * amount,
        V28=is_late.astype(float),
    )
    reference = load_reference("ulb_creditcard")
    (view,) = reference.samples
    early = dataclasses.replace(
        view,
        columns=tuple(column for column in view.columns if column.name in {"amount", "hour"}),
        real=f'SELECT * EXCLUDE (fitted), "V28" < 0.5 AS fitted FROM ({view.real})',  # noqa: S608
    )
    return dataclasses.replace(reference, samples=(early,))


def made_with(shop, reference_name):
    """The data set as if a residual fitted to a reference had made it."""
    data = Dataset(shop.label)
    data.manifest["residual"] = {"reference": reference_name}
    return data


def test_slices_are_of_rows_that_no_fit_saw(shop, reference, tmp_path):
    """Dear rows are missing, as they are among those held out."""
    data = made_with(shop, reference.name)

    found = evaluate(data, reference, out=tmp_path, metrics=["marginal_ks"], quiet=True)

    assert found.scores["payments"]["marginal_ks"].details["parts"]["amount"]["value"] > 0.5
    assert "amount &gt; " in found.report_path.read_text()


def test_rows_are_held_out_of_the_fit_to_their_own_reference_alone(shop, reference):
    """A residual that was fitted to others saw none of these."""
    own, other = (
        take_samples(reference, made_with(shop, name))[0].real
        for name in (reference.name, "another")
    )

    assert own.fitted.sum() == N_ROWS // 2
    assert other.fitted is None
