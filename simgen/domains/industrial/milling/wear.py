"""How tools wear, when they break, and when a cut is too deep for what holds them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.core import Parameters, parameter
from simgen.domains.industrial.kernels.milling import REFERENCE_WEAR
from simgen.domains.industrial.milling.shop import Cut, Material, ToolKind

# At which the lives of the tool table hold [m/min], [mm], [mm].
_SPEED, _FEED, _DEPTH = 180.0, 0.10, 2.0
# Shares of REFERENCE_WEAR that are worn off at once, steadily, and at last, and how suddenly the
# first and the last come; assumptions that give the three phases their usual shape.
_FIRST, _STEADY, _LAST = 0.30, 0.45, 0.25
_FIRST_SHARE, _LAST_POWER = 0.05, 8.0
_ORIENTATION = 0.4  # how far forces point to where the tool gives way; assumption


@dataclass(frozen=True, kw_only=True)
class ToolParameters(Parameters):
    """How long tools last, and when they are changed. Defaults are assumptions."""

    limit: float = parameter(
        0.3,
        doc="Flank wear at which a tool counts as used up; ISO 8688-2 has 0.3 mm.",
        unit="mm",
        minimum=0.05,
        maximum=2.0,
    )
    worn_share: float = parameter(
        0.9,
        doc="Share of the limit from which a tool counts as worn: the rare event.",
        minimum=0.3,
        maximum=1.0,
    )
    taylor_exponent: float = parameter(
        0.25,
        doc="n in Taylor's V T^n = C: textbooks give 0.2 to 0.3 for carbide.",
        unit="1",
        minimum=0.05,
        maximum=1.0,
        plausible=(0.2, 0.4),
    )
    feed_exponent: float = parameter(
        0.35,
        doc="a in V T^n f^a d^b = C, f the feed of a tooth.",
        unit="1",
        minimum=0.0,
        maximum=1.0,
        plausible=(0.2, 0.6),
    )
    depth_exponent: float = parameter(
        0.15, doc="b in the same, d the depth.", unit="1", minimum=0.0, maximum=1.0
    )
    life_spread: float = parameter(
        0.3,
        doc="Deviation of the logarithm of lives between tools.",
        unit="1",
        minimum=0.0,
        maximum=1.0,
        plausible=(0.05, 0.5),
    )
    breakage_rate: float = parameter(
        0.0002,
        doc="Chipped edges of a new tool.",
        unit="1/min",
        minimum=0.0,
        maximum=1.0,
        plausible=(1e-4, 3e-3),
        scale="log",
    )
    breakage_wear: float = parameter(
        3.0,
        doc="Logarithm of how much likelier that is at 0.3 mm of wear (Cox).",
        unit="1",
        minimum=0.0,
        maximum=10.0,
    )
    mean_chipped_cuts: float = parameter(
        14.0, doc="Mean cuts from a chipped edge to a broken tool.", above=1.0, maximum=1e4
    )
    measured_share: float = parameter(
        0.5,
        doc="Share of the machines that measure tools and change them at the limit; the others "
        "change them after a time.",
        minimum=0.0,
        maximum=1.0,
    )
    measuring_cuts: int = parameter(
        12, doc="Cuts of a tool between two measurements.", minimum=1, maximum=10_000
    )
    measuring_error: float = parameter(
        0.012, doc="Deviation of a measurement.", unit="mm", minimum=0.0, maximum=1.0
    )
    change_share: float = parameter(
        0.85,
        doc="Share of the usual life after which tools are changed that are not measured.",
        above=0.0,
        maximum=5.0,
        plausible=(0.5, 1.2),
    )
    change_time: float = parameter(
        4.0, doc="Of putting another one in.", unit="min", minimum=0.0, maximum=600.0
    )
    n_sisters: int = parameter(
        10, doc="Tools of each kind that lie ready for a cell.", minimum=1, maximum=1_000
    )
    mean_presetting_time: float = parameter(
        3.0,
        doc="Mean time until a worn one is sharp, measured and ready again.",
        unit="h",
        minimum=0.0,
        maximum=1e4,
    )

    def life(self, tool: ToolKind, cut: Cut, material: Material, hardness: float) -> float:
        """Cutting time in which a tool wears to REFERENCE_WEAR, in one sort of cut [min].

        Taylor's law as it is extended: T = (C / (V f^a d^b))^(1/n).

        Args:
            tool: the tool.
            cut: the cut.
            material: what is cut.
            hardness: over the usual, of this batch; counts as speed does.
        """
        stress = hardness * cut.speed / _SPEED
        stress *= (cut.feed / _FEED) ** self.feed_exponent
        stress *= (cut.depth / _DEPTH) ** self.depth_exponent
        return float(tool.life / material.wear * stress ** (-1.0 / self.taylor_exponent))

    def breakage_rate_at(self, wear: float) -> float:
        """Chipped edges at some wear [mm], in proportional hazards [1/min]."""
        return self.breakage_rate * math.exp(self.breakage_wear * wear / REFERENCE_WEAR)

    def wear(self, share: float) -> float:
        """Flank wear when a share of the life is used up: run in, steady, then ever faster [mm].

        It is REFERENCE_WEAR at 1, whenever tools are changed, and goes on as fast as it grows
        there. Shares of different cuts add up (Miner).
        """
        usual = min(share, 1.0)
        first = _FIRST * (1.0 - math.exp(-usual / _FIRST_SHARE))
        whole = first + _STEADY * usual + _LAST * usual**_LAST_POWER
        beyond = (_STEADY + _LAST * _LAST_POWER) * (share - usual)
        return float(REFERENCE_WEAR * (whole + beyond))


def deepest(cut: Cut, tool: ToolKind, material: Material, stiffness: float) -> float:
    """The depth beyond which a cut chatters, whatever the speed [mm].

    b = 2 k z (1 + z) / (K N u), with K the tangential coefficient, N the teeth that cut at a
    time, and u how far forces point to where the tool gives way. Lobes of stability between
    speeds are left out: this is their common lower bound.

    Args:
        cut: the cut.
        tool: the tool, with damping z.
        material: what is cut.
        stiffness: k at the tip. [N/um]

    References:
        Tlusty, Polacek (1963), The stability of machine tools against self-excited vibrations in
        machining; as in Altintas (2012), Manufacturing Automation, 2nd edition, chapter 4.
    """
    n_cutting = tool.n_teeth * cut.engagement / (2.0 * math.pi)
    flexible = 2.0 * stiffness * 1e3 * tool.damping * (1.0 + tool.damping)  # [N/mm]
    return flexible / (material.cutting[0] * n_cutting * _ORIENTATION)
