"""Notes say what was found, in words that vary, with slips."""

from itertools import pairwise

import numpy as np
import pytest

from simgen.domains.industrial.pumps.words import WORDS
from simgen.domains.industrial.site.notes import write_note


def notes(share, n=200):
    rng = np.random.Generator(np.random.PCG64DXSM(1))
    return [
        write_note(
            rng, WORDS, "replacement", "seal_leak", ["seal"], runs=True, typing_error_share=share
        )
        for _ in range(n)
    ]


def note_of(seed, share):
    """One note; the words are the same whatever the slips."""
    rng = np.random.Generator(np.random.PCG64DXSM(seed))
    return write_note(
        rng, WORDS, "replacement", "seal_leak", ["seal"], runs=True, typing_error_share=share
    )


def test_most_notes_name_the_finding():
    """In words of the trade, and few name another."""
    said = [any(word in note for word in ("drip", "gland", "leak")) for note in notes(0.0)]

    assert 0.9 < np.mean(said) < 1.0


@pytest.mark.parametrize("runs", [True, False])
def test_only_a_machine_that_runs_is_said_to_run(runs):
    """Who leaves a defect behind, or a machine that stands, writes no such ending."""
    rng = np.random.Generator(np.random.PCG64DXSM(1))
    every = [
        write_note(rng, WORDS, "inspection", "seal_leak", [], runs=runs, typing_error_share=0.0)
        for _ in range(200)
    ]

    fine = ("test run ok", "back in service", "runs smooth")
    assert any(note.endswith(fine) for note in every) is runs


def test_words_vary():
    """No two technicians write alike."""
    assert len(set(notes(0.0))) > 50


def test_slips_are_as_frequent_as_asked():
    """Without slips there are only words of the grammar; with many, few notes have none."""
    clean = set(notes(0.0, n=3_000))

    assert np.mean([note in clean for note in notes(0.0)]) > 0.9
    assert np.mean([note in clean for note in notes(0.2)]) < 0.1


def test_a_slip_hits_the_key_beside():
    """A letter that stands for another is its neighbour on a keyboard."""
    beside = set()
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm"):
        beside |= {*pairwise(row), *pairwise(row[::-1])}
    hit = set()
    for seed in range(3_000):
        clean, typed = (note_of(seed, share) for share in (0.0, 0.005))
        if len(typed) == len(clean):
            slips = [pair for pair in zip(clean, typed, strict=True) if pair[0] != pair[1]]
            # Two letters that changed places are two.
            hit |= set(slips) if len(slips) == 1 else set()

    assert hit <= beside
    assert len({letter for letter, _ in hit}) > 12
