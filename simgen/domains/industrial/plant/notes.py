"""Free text of work orders: a small grammar, and the slips of who types it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simgen.domains.industrial.plant.orders import FINDINGS, NOTHING, SENSOR, STRAINER

# What a technician calls a part, and what each finding looks like to one.
_PARTS: Mapping[str, Sequence[str]] = {
    "bearing": ("bearing", "DE bearing", "brg", "pump bearing"),
    "seal": ("mech seal", "shaft seal", "seal", "mechanical seal"),
    "impeller": ("impeller", "wheel", "impeller and wear rings"),
    "winding": ("motor", "stator", "motor winding"),
}
_FINDINGS: Mapping[str, Sequence[str]] = {
    "bearing_wear": ("bearing noisy", "play in bearing", "brg rough, grease dark"),
    "seal_leak": ("seal dripping", "water at gland", "leak on shaft"),
    "impeller_wear": ("pressure down, rings worn", "impeller eroded", "no head"),
    "winding_fault": ("insulation low", "phases unequal", "motor hot, smells"),
    STRAINER: ("strainer full of weed", "suction filter blocked, cleaned", "cleaned strainer"),
    SENSOR: ("transmitter wrong, changed", "sensor reads nonsense", "loose plug on sensor"),
    NOTHING: ("nothing found", "all ok", "no fault found, watch it"),
}
_OPENINGS: Mapping[str, Sequence[str]] = {
    "inspection": ("checked after alarm", "looked at pump", "called for alarm"),
    "replacement": ("pump opened", "repair", "pump taken out"),
    "service": ("greased, coupling checked", "routine service", "service by list"),
}
_RENEWED = ("new {}", "changed {}", "fitted new {}", "{} replaced")
_ENDINGS = ("", "", "test run ok", "back in service", "runs smooth")
_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioplsdfghjkkxcvbnmm", strict=False))
_WRONG_SHARE = 0.03  # of notes that name another finding; assumption


def write_note(
    rng: np.random.Generator,
    kind: str,
    finding: str,
    renewed: Sequence[str],
    typing_error_share: float,
) -> str:
    """What a technician types when the work is done.

    Args:
        rng: for words and slips.
        kind: of the order.
        finding: of the order.
        renewed: kinds of the parts that were replaced.
        typing_error_share: of the letters.
    """

    def one_of(options: Sequence[str]) -> str:
        return options[int(rng.integers(len(options)))]

    if rng.random() < _WRONG_SHARE:
        finding = one_of(FINDINGS)
    phrases = [one_of(_OPENINGS[kind]), one_of(_FINDINGS[finding])]
    phrases += [one_of(_RENEWED).format(one_of(_PARTS[part])) for part in renewed]
    phrases.append(one_of(_ENDINGS))
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
