"""Free text of work orders: a small grammar, and the slips of who types it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What technicians call a machine and its parts, and how they put each finding."""

    machine: str
    parts: Mapping[str, Sequence[str]]  # by component
    findings: Mapping[str, Sequence[str]]  # by finding; every order has one of them


_OPENINGS: Mapping[str, Sequence[str]] = {
    "inspection": ("checked after alarm", "looked at {}", "called for alarm"),
    "replacement": ("{} opened", "repair", "{} taken out"),
    "service": ("greased, coupling checked", "routine service", "service by list"),
}
_RENEWED = ("new {}", "changed {}", "fitted new {}", "{} replaced")
_ENDINGS = {  # by whether it runs as it should
    True: ("", "", "test run ok", "back in service", "runs smooth"),
    False: ("", "", "to be followed up", "left as is"),
}
# The key to the right, and to the left of a row's last.
_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioposdfghjklkxcvbnmn", strict=True))
_WRONG_SHARE = 0.03  # of notes that name another finding; assumption


def write_note(
    rng: np.random.Generator,
    words: Vocabulary,
    kind: str,
    finding: str,
    renewed: Sequence[str],
    *,
    runs: bool,
    typing_error_share: float,
) -> str:
    """What a technician types when the work is done.

    Args:
        rng: for words and slips.
        words: of the trade.
        kind: of the order.
        finding: of the order.
        renewed: kinds of the parts that were replaced.
        runs: whether the machine is left as it should be, as far as the technician knows.
        typing_error_share: of the letters.
    """

    def one_of(options: Sequence[str]) -> str:
        return options[int(rng.integers(len(options)))]

    if rng.random() < _WRONG_SHARE:
        finding = one_of(tuple(words.findings))
    phrases = [one_of(_OPENINGS[kind]).format(words.machine), one_of(words.findings[finding])]
    phrases += [one_of(_RENEWED).format(one_of(words.parts[part])) for part in renewed]
    phrases.append(one_of(_ENDINGS[runs]))
    text = one_of((", ", ". ", " - ")).join(phrase for phrase in phrases if phrase)
    return _mistype(rng, text, typing_error_share)


def _mistype(rng: np.random.Generator, text: str, share: float) -> str:
    """Letters left out, doubled, swapped, or hit beside."""
    letters, slips = list(text), np.flatnonzero(rng.random(len(text)) < share)
    # From the end, so that places before it stay what they are.
    for place in slips[::-1].tolist():
        letter, slip = letters[place], int(rng.integers(4))
        if slip == 0:
            letters[place] = ""
        elif slip == 1:
            letters[place] = letter * 2
        elif slip == 2 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letter
        else:
            letters[place] = _NEIGHBOURS.get(letter, letter)
    return "".join(letters)
