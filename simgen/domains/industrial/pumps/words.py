"""What a technician calls the parts of a pump, and what each finding looks like to one."""

from __future__ import annotations

from simgen.domains.industrial.site.notes import Vocabulary
from simgen.domains.industrial.site.orders import NOTHING, SENSOR

STRAINER = "clogged_strainer"

WORDS = Vocabulary(
    machine="pump",
    parts={
        "bearing": ("bearing", "DE bearing", "brg", "pump bearing"),
        "seal": ("mech seal", "shaft seal", "seal", "mechanical seal"),
        "impeller": ("impeller", "wheel", "impeller and wear rings"),
        "winding": ("motor", "stator", "motor winding"),
    },
    findings={
        "bearing_wear": ("bearing noisy", "play in bearing", "brg rough, grease dark"),
        "seal_leak": ("seal dripping", "water at gland", "leak on shaft"),
        "impeller_wear": ("pressure down, rings worn", "impeller eroded", "no head"),
        "winding_fault": ("insulation low", "phases unequal", "motor hot, smells"),
        STRAINER: ("strainer full of weed", "suction filter blocked, cleaned", "cleaned strainer"),
        SENSOR: ("transmitter wrong, changed", "sensor reads nonsense", "loose plug on sensor"),
        NOTHING: ("nothing found", "all ok", "no fault found, watch it"),
    },
)
FINDINGS = tuple(WORDS.findings)
