"""Notes say what was found, in words that vary, with slips."""

import numpy as np

from simgen.domains.industrial.plant.notes import write_note
from simgen.domains.industrial.plant.words import WORDS


def notes(share, n=200):
    rng = np.random.Generator(np.random.PCG64DXSM(1))
    return [
        write_note(rng, WORDS, "replacement", "seal_leak", ["seal"], typing_error_share=share)
        for _ in range(n)
    ]


def test_most_notes_name_the_finding():
    """In words of the trade, and few name another."""
    said = [any(word in note for word in ("drip", "gland", "leak")) for note in notes(0.0)]

    assert 0.9 < np.mean(said) < 1.0


def test_words_vary():
    """No two technicians write alike."""
    assert len(set(notes(0.0))) > 50


def test_slips_are_as_frequent_as_asked():
    """Without slips there are only words of the grammar; with many, few notes have none."""
    clean = set(notes(0.0, n=3_000))

    assert np.mean([note in clean for note in notes(0.0)]) > 0.9
    assert np.mean([note in clean for note in notes(0.2)]) < 0.1
