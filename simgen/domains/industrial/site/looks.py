"""What who looks at a machine sees of its parts' defects, and how that is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simgen.domains.industrial.inspection import is_seen

if TYPE_CHECKING:
    from simgen.domains.industrial.site.parts import Part
    from simgen.domains.industrial.site.site import Machine, Site


def sees(site: Site, machine: Machine, part: Part) -> bool:
    """Whether who looks at a part now sees a defect; what failed is plain."""
    if part.event is None or part.failed:
        return part.event is not None
    policy = site.about.upkeep
    return is_seen(machine.rng, part.severity, policy.visible_severity, policy.detection_spread)


def worst_seen(site: Site, machine: Machine) -> Part | None:
    """The part with the worst defect that is seen, if there is one."""
    seen = [part for part in machine.parts if sees(site, machine, part)]
    return max(seen, key=lambda part: part.severity, default=None)


def named(site: Site, machine: Machine, part: Part) -> str:
    """What is written down for a part's defect: now and then another of the part or machine."""
    own, rng = part.mode.defect, machine.rng
    if rng.random() >= site.about.upkeep.misnaming_share:
        return own
    every = [defect for one in machine.parts for defect in defects_of(one) if defect != own]
    near = [defect for defect in defects_of(part) if defect != own] or every
    return near[int(rng.integers(len(near)))] if near else own


def defects_of(part: Part) -> list[str]:
    """What a part may have."""
    return [mode.defect for mode in part.about.modes]
