"""What a reference is described by."""

import pytest

from simgen.pipeline.references import describe_reference, find_references, load_reference


@pytest.mark.parametrize("name", find_references())
def test_every_reference_is_described(name):
    """Each file of configs/reference has all that a reader and the code need."""
    reference = load_reference(name)
    assert reference.licence
    assert reference.source
    assert reference.notes
    for sample in reference.samples:
        assert bool(sample.derived) != bool(sample.view and sample.real)
        assert sample.columns
        if sample.view:
            assert "weight" in reference.view(sample)


def test_a_description_with_a_wrong_key_is_refused():
    """A misspelt key is an error, not an option without effect."""
    with pytest.raises(TypeError, match="licens"):
        describe_reference("x", {"samples": {}, "licens": "?"})
