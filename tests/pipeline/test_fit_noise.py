"""What a fit makes of how few real rows there are."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toys.till import Till

from simgen.core import Streams, free
from simgen.pipeline.fit_parameters import _prepare
from simgen.pipeline.references import ENVIRONMENT, describe_reference

DESCRIPTION = {
    "title": "Amounts at a till",
    "domain": "fraud",
    "file": "till.parquet",
    "source": "the test",
    "licence": "any",
    "samples": {
        "payments": {
            "doc": "Payments.",
            "view": "ulb_creditcard",
            "real": "SELECT amount FROM reference",
            "columns": {
                "amount": {"kind": "numeric", "unit": "EUR", "scale": "log", "doc": "Amount"}
            },
        }
    },
}


@pytest.mark.parametrize(("n_rows", "sign"), [(60, 1), (4_000, -1)])
def test_few_real_rows_add_noise_to_a_large_simulation(tmp_path, monkeypatch, n_rows, sign):
    """What their sampling adds beyond a simulation's own; below 0 where they are more."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    amount = Streams(5).generator("real").lognormal(3.0, 1.0, n_rows)
    pq.write_table(pa.table({"amount": amount}), tmp_path / "till.parquet")
    till = Till(n_payments=600)

    task = _prepare(till, describe_reference("till", DESCRIPTION), [*free(till)], Streams(3))

    noise = dict(zip(task.names, np.diag(task.noise), strict=True))
    found = noise["payments: amount mean"]
    # Variances of logarithms around 1, themselves resampled from as few rows.
    assert found == pytest.approx(1 / n_rows - 1 / 600, rel=0.6)
    assert np.sign(found) == sign
