"""What a seed may be."""

import numpy as np
import pytest

from simgen.core import RequestError
from simgen.pipeline.evaluate import evaluate
from simgen.pipeline.fit import fit
from simgen.pipeline.fit_parameters import fit_parameters
from simgen.pipeline.generate import generate
from simgen.pipeline.review import review
from simgen.pipeline.search import search
from simgen.pipeline.seeds import HIGHEST_OF_METRICS, check_seed


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        (evaluate, ("data", "ulb_creditcard")),
        (fit, ("data", "ulb_creditcard")),
        (fit_parameters, ("fraud/retail_bank", "ulb_creditcard")),
        (generate, ("fraud/retail_bank",)),
        (review, ("data", "cdnow")),
        (search, ("driving/cut_in",)),
    ],
)
def test_no_verb_takes_a_negative_seed(verb, arguments, tmp_path):
    """It is refused before anything is read or written."""
    with pytest.raises(RequestError, match=r"seed = -1 is out of bounds: must be >= 0"):
        verb(*arguments, out=tmp_path / "out", seed=-1)

    assert not (tmp_path / "out").exists()


def test_a_bound_above_is_told():
    """Metrics take no seed of more than 32 bits; a world takes any."""
    check_seed(HIGHEST_OF_METRICS + 1)
    check_seed(HIGHEST_OF_METRICS, highest=HIGHEST_OF_METRICS)

    with pytest.raises(RequestError, match=r"must be >= 0 and <= 4,000,000,000"):
        check_seed(HIGHEST_OF_METRICS + 1, highest=HIGHEST_OF_METRICS)


def test_a_number_of_numpy_becomes_python_s():
    """JSON has no others."""
    assert type(check_seed(np.int64(7))) is int
