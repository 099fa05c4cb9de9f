"""Forces of milling from the chip that each tooth takes: the mechanistic model.

References:
    Altintas (2012), Manufacturing Automation, 2nd edition, chapter 2: tangential, radial and
    axial force of a tooth go with its chip's section, and with the length of its edge; the edge's
    part grows as the flank wears, here in proportion to it (assumption).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.pumps import cooled
from simgen.domains.industrial.kernels.telemetry import hall_temperature, thickness

CUT = np.dtype(
    [
        ("course", np.int64),  # of its teeth, in what `fill_courses` fills in
        ("feed", np.float64),  # of a tooth [mm]
        ("depth", np.float64),  # [mm]
        ("n_teeth", np.int64),
        ("cutting", np.float64, 3),  # tangential, radial and axial coefficient [N/mm2]
        ("edge", np.float64, 3),  # the same of a sharp edge [N/mm]
        ("wear", np.float64),  # of the flank [mm]
        ("chip", np.float64),  # share of a tooth's edge that is broken off
        ("chipped", np.int64),  # which tooth that is
        ("runout", np.float64),  # of the tool, over the feed of a tooth
        ("direction", np.float64),  # of run-out, from the first tooth [rad]
    ]
)
N_STEPS = 72  # of a turn
X, Y, Z, TANGENTIAL = range(4)  # along and across the feed, along the tool; what turns the spindle
PEAK, DEVIATION, UNEVENNESS = range(4, 7)  # of the force in the plane, see `measure_turns`
N_MEASURED = 7
_SINE, _COSINE, _CUTS = range(3)
N_COURSES = 3
# The limit of ISO 8688-2, at which it is said what wear does [mm].
REFERENCE_WEAR = 0.3
_EDGE_WEAR = (1.0, 1.3, 0.7)  # edge forces on top at that wear; assumption
_HEAT = 24.0  # of a spindle at work over the hall [K]; assumption
_BEARING_HEAT = 18.0  # of a worn one on top [K]; assumption


@njit(cache=True, error_model="numpy", nogil=True)
def fill_courses(engagements: Any, n_teeth: Any, out: Any) -> None:
    """Fill in the courses of teeth through a turn: sine, cosine, and 1 where the tooth cuts.

    Args:
        engagements: angle over which a tooth cuts, from a chip of nothing on. (k,) [rad]
        n_teeth: (k,)
        out: all 0. (k, at least the most teeth, N_COURSES, N_STEPS)
    """
    for k in range(len(engagements)):
        for tooth in range(n_teeth[k]):
            for step in range(N_STEPS):
                # In the middle of the step, so that means over a turn are of the midpoint rule.
                at = 2.0 * math.pi * ((step + 0.5) / N_STEPS + tooth / n_teeth[k])
                at -= 2.0 * math.pi * math.floor(at / (2.0 * math.pi))
                if at < engagements[k]:
                    out[k, tooth, _SINE, step] = math.sin(at)
                    out[k, tooth, _COSINE, step] = math.cos(at)
                    out[k, tooth, _CUTS, step] = 1.0


@njit(cache=True, error_model="numpy", nogil=True)
def turn_forces(cuts: Any, courses: Any, out: Any) -> None:
    """Fill in forces through a turn, in up milling [N].

    Args:
        cuts: of dtype CUT. (n,)
        courses: of teeth, see `fill_courses`.
        out: by `X` to `TANGENTIAL`. (4, n, N_STEPS) [N]
    """
    forces = np.empty((4, N_STEPS))
    for i in range(len(cuts)):
        _turn(cuts[i], courses, forces)
        out[:, i, :] = forces


@njit(cache=True, error_model="numpy", nogil=True)
def measure_turns(cuts: Any, courses: Any, out: Any) -> None:
    """Fill in what the forces through a turn come to.

    That is the mean of each [N], and of the force in the plane the peak and the deviation [N], and
    the deviation between the peaks of the teeth over their mean.

    Args:
        cuts: of dtype CUT. (n,)
        courses: of teeth, see `fill_courses`.
        out: by `X` to `UNEVENNESS`. (N_MEASURED, n)
    """
    forces, plane, peaks = np.empty((4, N_STEPS)), np.empty(N_STEPS), np.empty(N_STEPS)
    for i in range(len(cuts)):
        _turn(cuts[i], courses, forces)
        for step in range(N_STEPS):
            x, y = forces[X, step], forces[Y, step]
            plane[step] = math.sqrt(x * x + y * y)
        out[X, i], out[Y, i], out[Z, i], out[TANGENTIAL, i], mean = _means(forces, plane)
        square = 0.0
        for step in range(N_STEPS):
            square += (plane[step] - mean) ** 2
        out[DEVIATION, i] = math.sqrt(square / N_STEPS)
        out[PEAK, i], out[UNEVENNESS, i] = _peaks(plane, cuts[i].n_teeth, peaks)


@njit(cache=True, error_model="numpy", forceinline=True)
def _turn(cut: Any, courses: Any, forces: Any) -> None:
    """Forces through a turn of one cut."""
    forces[:] = 0.0
    for tooth in range(cut.n_teeth):
        at = 2.0 * math.pi * tooth / cut.n_teeth
        share = 1.0 + cut.runout * math.cos(at - cut.direction)
        # What a broken tooth leaves, the next one takes; and it rubs by so much less. Teeth are
        # numbered as the tool turns, so the next one has the number before.
        whole = 1.0
        if tooth == cut.chipped:
            share, whole = share - cut.chip, 1.0 - cut.chip
        elif tooth == (cut.chipped - 1) % cut.n_teeth:
            share += cut.chip
        _tooth(cut, courses, tooth, share, whole, forces)


@njit(cache=True, error_model="numpy", forceinline=True)
def _tooth(cut: Any, courses: Any, tooth: Any, share: Any, whole: Any, forces: Any) -> None:
    """Add the forces of one tooth: at all steps alike, so that LLVM works on several at once."""
    k, feed, depth = cut.course, cut.feed, cut.depth
    cutting_t, cutting_r, cutting_a = cut.cutting[0], cut.cutting[1], cut.cutting[2]
    edge_t, edge_r, edge_a = _edge(cut, 0), _edge(cut, 1), _edge(cut, 2)
    for step in range(N_STEPS):
        sine, cosine = courses[k, tooth, _SINE, step], courses[k, tooth, _COSINE, step]
        cuts, chip = courses[k, tooth, _CUTS, step], max(feed * sine * share, 0.0)
        tangential = depth * (cutting_t * chip + edge_t * whole) * cuts
        radial = depth * (cutting_r * chip + edge_r * whole) * cuts
        forces[X, step] -= tangential * cosine + radial * sine
        forces[Y, step] += tangential * sine - radial * cosine
        forces[Z, step] += depth * (cutting_a * chip + edge_a * whole) * cuts
        forces[TANGENTIAL, step] += tangential


@njit(cache=True, error_model="numpy", forceinline=True)
def _edge(cut: Any, part: Any) -> Any:
    """Of an edge that is as worn as it is [N/mm]."""
    return cut.edge[part] * (1.0 + _EDGE_WEAR[part] * cut.wear / REFERENCE_WEAR)


@njit(cache=True, error_model="numpy", forceinline=True)
def _means(forces: Any, plane: Any) -> Any:
    """Of each force and of that in the plane."""
    x = y = z = tangential = mean = 0.0
    for step in range(N_STEPS):
        x += forces[X, step]
        y += forces[Y, step]
        z += forces[Z, step]
        tangential += forces[TANGENTIAL, step]
        mean += plane[step]
    return x / N_STEPS, y / N_STEPS, z / N_STEPS, tangential / N_STEPS, mean / N_STEPS


@njit(cache=True, error_model="numpy", forceinline=True)
def _peaks(plane: Any, n: Any, peaks: Any) -> Any:
    """The highest peak, and the deviation between those of `n` teeth over their mean."""
    highest = mean = square = 0.0
    for tooth in range(n):
        peaks[tooth] = 0.0
        # A turn is cut into as many parts.
        for step in range(tooth * N_STEPS // n, (tooth + 1) * N_STEPS // n):
            peaks[tooth] = max(peaks[tooth], plane[step])
        highest = max(highest, peaks[tooth])
        mean += peaks[tooth] / n
    for tooth in range(n):
        square += (peaks[tooth] - mean) ** 2 / n
    return highest, math.sqrt(square) / max(mean, 1e-9)


@njit(cache=True, error_model="numpy", nogil=True)
def fill_thickness(temperatures: Any, out: Any) -> None:
    """Fill in `thickness` at many temperatures `(n,)` [degree Celsius]."""
    for i in range(len(temperatures)):
        out[i] = thickness(temperatures[i])


@njit(cache=True, error_model="numpy")
def warm_up(days: Any, time: Any, temperature: Any, known_at: Any, cuts: Any, out: Any) -> None:
    """Fill in how warm a spindle was at the end of each cut.

    Args:
        days: daily means of the hall's temperature. (m,) [degree Celsius]
        time: constant of the spindle's warming. [s]
        temperature: before. [degree Celsius]
        known_at: when it was so. [s]
        cuts: since then: when each began and ended [s], the share of the way to its temperature
            that the spindle went in it, and how worn its bearing was. (n, 4)
        out: (n,) [degree Celsius]
    """
    for i in range(len(cuts)):
        start, stop, share, worn = cuts[i, 0], cuts[i, 1], cuts[i, 2], cuts[i, 3]
        temperature = cooled(temperature, days, known_at, start, time)
        goal = hall_temperature(days, stop) + _HEAT + _BEARING_HEAT * worn
        temperature += (goal - temperature) * share
        out[i], known_at = temperature, stop
