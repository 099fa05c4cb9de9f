import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from simgen.kernels.alias import alias_from, alias_row_from, alias_table, alias_tables
from simgen.kernels.distributions import zipf_weights
from simgen.kernels.philox import fill_uniforms

weights_of = st.lists(
    st.one_of(st.just(0.0), st.floats(1e-6, 1e6)), min_size=1, max_size=40
).filter(any)


def probabilities(threshold, alias):
    """What a table gives each entry, read off its cells."""
    shares = threshold.copy()
    np.add.at(shares, alias, 1.0 - threshold)
    return shares / len(threshold)


@given(weights=weights_of)
def test_table_holds_the_weights(weights):
    """Summed over cells, each entry has its share, and one of weight 0 nothing at all."""
    shares = probabilities(*alias_table(weights))
    expected = np.array(weights) / sum(weights)

    np.testing.assert_allclose(shares, expected, rtol=0, atol=1e-12)
    assert (shares[expected == 0.0] == 0.0).all()


def test_draws_follow_the_weights():
    """Chi-square finds no difference in a hundred thousand draws."""
    weights = zipf_weights(60, 1.2)
    table = alias_table(weights)
    u = np.empty(100_000)
    fill_uniforms(np.array([1, 1], np.uint32), 1, u)
    counts = np.bincount([alias_from(x, *table) for x in u], minlength=60)

    assert stats.chisquare(counts, weights * len(u)).pvalue > 1e-3


@given(weights=weights_of, u=st.floats(0.0, 1.0, exclude_min=True, exclude_max=True))
def test_row_of_many_tables_is_that_table(weights, u):
    """Tables stored back to back give what each gives alone, up to the largest u below 1."""
    rows = np.array([weights, weights[::-1]])
    thresholds, aliases = alias_tables(rows)

    for row in range(2):
        alone = alias_from(u, *alias_table(rows[row]))
        assert alias_row_from(u, thresholds, aliases, row) == alone
        assert 0 <= alone < len(weights)


@pytest.mark.parametrize("weights", [[0.0, 0.0], [1.0, -0.5], [1.0, np.nan], [1.0, np.inf], []])
def test_no_table_without_probabilities(weights):
    """Weights that are no probabilities are refused."""
    with pytest.raises(ValueError, match="weights must be finite"):
        alias_table(weights)


def test_weights_are_left_alone():
    """The caller's array is not written to."""
    weights = np.array([[3.0, 1.0]])
    alias_tables(weights)

    assert weights.tolist() == [[3.0, 1.0]]
