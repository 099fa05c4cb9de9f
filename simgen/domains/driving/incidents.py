"""From what happened to events: near misses, hard braking, collisions, and what caused them."""

from __future__ import annotations

import numpy as np

from simgen.domains.driving.episode import Incident, Recording
from simgen.domains.driving.safety import spans
from simgen.domains.driving.schema import HAZARDS
from simgen.domains.driving.settings import Criteria

_APART = 1.0  # runs of frames less far apart are one incident; assumption [s]
_AFTER = 5.0  # a hazard causes what begins so soon after its end; assumption [s]
HARMLESS = 4.0  # time to collision from which on nothing is severe; assumption [s]


def incidents_of(recording: Recording, criteria: Criteria, step_time: float) -> list[Incident]:
    """All incidents of an episode, in order of their beginnings; hazards last as long as they act.

    A hazard is over when the last of its consequences is.
    """
    script = recording.script
    found = [*script.incidents, *script.look_back(recording)]
    hazards = [incident for incident in found if incident.kind in HAZARDS]
    n_apart = max(round(_APART / step_time), 1)
    n_after = round(_AFTER / step_time)
    near = recording.time_to_collision < criteria.near_miss_time
    hard = recording.ego["acceleration"] < -criteria.hard_brake
    first_touch = np.flatnonzero(recording.touches)[:1]
    until = int(first_touch[0]) if len(first_touch) else len(near)
    signs = {"near_miss": near[:until], "hard_braking": hard[:until]}
    for kind, sign in signs.items():
        for first, last in spans(sign, n_apart):
            other = _nearest(recording, first, last) if kind == "near_miss" else -1
            found.append(Incident(kind=kind, first=first, last=last, other=other))
    if len(first_touch):
        other = int(recording.lead[until])
        found.append(Incident(kind="collision", first=until, last=len(near) - 1, other=other))
    for incident in found:
        if incident.kind in signs or incident.kind == "collision":
            incident.caused_by = _cause(incident, hazards, n_after)
    for incident in found:
        incident.last = min(incident.last, len(near) - 1)
        if incident.caused_by is not None:
            incident.caused_by.last = max(incident.caused_by.last, incident.last)
    return sorted(found, key=lambda incident: (incident.first, incident.kind))


def _nearest(recording: Recording, first: int, last: int) -> int:
    """Row of who is ahead when the time to collision is least, in some frames."""
    worst = first + int(np.nanargmin(recording.time_to_collision[first : last + 1]))
    return int(recording.lead[worst])


def _cause(incident: Incident, hazards: list[Incident], n_after: int) -> Incident | None:
    """The last hazard that began before an incident and was not long over."""
    causes = [
        hazard for hazard in hazards if hazard.first <= incident.first <= hazard.last + n_after
    ]
    return max(causes, key=lambda hazard: hazard.first, default=None)


def severity(recording: Recording, incident: Incident) -> float:
    """How near a collision was: 0 for a time to collision of `HARMLESS` or more, 1 for one."""
    window = slice(incident.first, incident.last + 1)
    if recording.touches[window].any():
        return 1.0
    times = recording.time_to_collision[window]
    least = float(np.min(times[~np.isnan(times)], initial=HARMLESS))
    return 1.0 - least / HARMLESS


def first_seen(recording: Recording, incident: Incident) -> int | None:
    """The first frame whose record shows it; None if none does.

    Whoever comes in shows once he is ahead of the ego, who brakes once the gap closes.
    """
    frames = np.arange(incident.first, incident.last + 1)
    if incident.kind not in {*HAZARDS, "lane_change", "queue_stop"}:
        return incident.first
    shows = recording.lead[frames] == incident.other
    if incident.kind in {"sudden_stop", "queue_stop"}:
        shows &= recording.closing_speed[frames] > 0.5
    rows = np.flatnonzero(shows)
    return int(frames[rows[0]]) if len(rows) else None


def owners(incidents: list[Incident], n_frames: int) -> list[Incident | None]:
    """The incident that each frame belongs to: a hazard, else a look-alike, else an outcome."""
    owner: list[Incident | None] = [None] * n_frames
    for incident in sorted(incidents, key=_order, reverse=True):
        for frame in range(incident.first, min(incident.last + 1, n_frames)):
            owner[frame] = incident
    return owner


def _order(incident: Incident) -> int:
    if incident.kind in HAZARDS:
        return 0
    return 1 if incident.kind in {"near_miss", "hard_braking", "collision"} else 2
