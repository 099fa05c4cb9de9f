"""What sensors say of cuts: forces of a turn, power, vibration, sound and heat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simgen.domains.industrial.kernels.fleet import normals
from simgen.domains.industrial.kernels.milling import (
    CUT,
    DEVIATION,
    N_COURSES,
    N_MEASURED,
    N_STEPS,
    PEAK,
    REFERENCE_WEAR,
    TANGENTIAL,
    UNEVENNESS,
    X,
    Y,
    Z,
    fill_courses,
    fill_thickness,
    measure_turns,
    turn_forces,
)
from simgen.domains.industrial.milling.shop import every_cut, tools
from simgen.domains.industrial.milling.watching import BEARING_SHAKE, IDLE_SHAKE
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.milling.cell import Cell, Mill, Tool


MEASURES: Mapping[str, tuple[str, str]] = {
    "power": ("kW", "Of the spindle's drive"),
    "force_x": ("N", "Mean along the feed, at the plate below the piece"),
    "force_y": ("N", "Mean across the feed"),
    "force_z": ("N", "Mean along the tool"),
    "force_peak": ("N", "Largest in the plane, through a turn"),
    "unevenness": ("1", "Deviation between the teeth's peaks over their mean"),
    "asynchronous_force": ("N", "Deviation of what does not repeat from turn to turn"),
    "vibration": ("mm/s", "Root mean square velocity of the spindle's housing"),
    "acoustic_emission": ("mV", "Root mean square at the table"),
    "cutting_temperature": ("degree Celsius", "Of chips, by a pyrometer"),
    "spindle_temperature": ("degree Celsius", "Of the front bearing"),
}
# Relative, of forces to the peak in the plane, of `unevenness` that of each tooth's peak to their
# mean; of temperatures absolute; assumptions.
_NOISE = {
    "power": 0.05,
    "force_x": 0.07,
    "force_y": 0.07,
    "force_z": 0.02,
    "force_peak": 0.08,
    "unevenness": 0.07,
    "asynchronous_force": 0.10,
    "vibration": 0.06,
    "acoustic_emission": 0.12,
    "cutting_temperature": 20.0,
    "spindle_temperature": 0.4,
}
FORCES = ("force_x", "force_y", "force_z")
_ABSOLUTE = ("cutting_temperature", "spindle_temperature")
# All assumptions.
_IDLE, _IDLE_TURN = 0.35, 0.012  # power of a spindle that cuts nothing [kW], [kW s]
_BEARING_POWER, _COLD_POWER = 0.4, 0.25  # of that on top: of a worn bearing, of cold grease
_DRIVE = 0.85  # efficiency
_PLATE_NOISE = 4.0  # of forces that do not repeat [N]
_CHATTER_FORCE, _CHATTER_SHAKE = 0.5, 6.0  # over the mean force; [mm/s]
_FULL_CHIP = 0.7  # of an edge that is gone when the tooth breaks
_IDLE_SHARE, _TURN_SHARE = 0.6, 0.02  # of the idle run's vibration, at rest and added by turns [s]
_FORCE_SHAKE = 0.0015  # of the force's deviation [mm/s/N]
_CUT_SOUND, _CUT_REMOVED = 12.0, 60.0  # of a cut [mV] that removes so much [mm3/s]
_CHIP_SOUND, _CHATTER_SOUND, _WORN_SOUND = 15.0, 0.8, 0.4  # [mV]; on top, and at REFERENCE_WEAR
_CUT_HEAT, _CUT_HARDNESS = 330.0, 2_100.0  # of chips over the hall [K] at so much [N/mm2], and at
_HEAT_SPEED, _HEAT_FEED = (180.0, 0.4), (0.1, 0.2)  # [m/min] and [mm], with their exponents
_WORN_HEAT, _DRY_HEAT = 0.1, 0.15  # of that on top: at REFERENCE_WEAR, and without coolant


@dataclass(frozen=True, kw_only=True)
class State:
    """How all was in some cuts, each `(n,)`."""

    place: npt.NDArray[np.int64]  # in `every_cut`
    hardness: Floats
    runout: Floats
    direction: Floats  # of run-out [rad]
    chipped: npt.NDArray[np.int64]  # which tooth, if any
    wear: Floats  # [mm]
    chip: Floats
    chatter: Floats
    bearing: Floats  # severity of the spindle's
    dry: Floats  # severity of clogged nozzles
    hall: Floats  # [degree Celsius]
    warmth: Floats  # of the spindle [degree Celsius]

    def __getitem__(self, rows: npt.NDArray[np.int64]) -> State:
        """Some of them."""
        return State(**{name: value[rows] for name, value in vars(self).items()})


def state_of(
    cell: Cell, told: Mapping[str, npt.NDArray[Any]], hall: Floats, warmth: Floats
) -> State:
    """Of cuts, as a mill noted them: a column for each field of `CutRecord`."""
    places, of = np.unique(told["tool"], return_inverse=True)
    used = [cell.tools[place] for place in places.tolist()]
    drawn = np.array([_angles(cell, tool) for tool in used]).reshape(-1, 2)[of]
    n_teeth = np.array([tool.about.n_teeth for tool in used], np.int64)[of]
    names = ("place", "hardness", "wear", "chip", "chatter", "bearing", "dry")
    noted = {name: told[name] for name in names}
    return State(
        **noted,
        runout=np.array([tool.runout for tool in used])[of],
        direction=drawn[:, 0],
        chipped=np.floor(drawn[:, 1] / (2.0 * np.pi) * n_teeth).astype(np.int64) % n_teeth,
        hall=hall,
        warmth=warmth,
    )


def tool_id(cell: Cell, tool: Tool) -> int:
    """Identifies a tool among all."""
    return cell.mills[tool.machine].machine_id * cell.NUMBERS + tool.tool_id


def _angles(cell: Cell, tool: Tool) -> Floats:
    """Two angles of a tool, each as likely as any other [rad]."""
    # No mill has such a number, so these draws are no noise of measures.
    return np.asarray(np.arctan2(*normals(cell.telemetry_key, tool_id(cell, tool), 2, 2)))


def sound(cell: Cell, sound_chatter: Floats, state: State) -> State:
    """The same cuts with a tool that is half worn at most, in a sound mill."""
    none = np.zeros(len(sound_chatter))
    return replace(
        state,
        wear=np.minimum(state.wear, 0.5 * cell.about.tools.limit),
        chip=none,
        chatter=sound_chatter,
        bearing=none,
        dry=none,
    )


@cache
def _programmed() -> dict[str, npt.NDArray[np.float64]]:
    """What the forces need to know of every cut, one array each."""
    pairs = [(product.material, cut, tools()[cut.tool]) for product, cut in every_cut()]
    return {
        "feed": np.array([cut.feed for _, cut, _ in pairs]),
        "depth": np.array([cut.depth for _, cut, _ in pairs]),
        "speed": np.array([cut.speed for _, cut, _ in pairs]),
        "turns": np.array([cut.turns for _, cut, _ in pairs]),
        "n_teeth": np.array([tool.n_teeth for _, _, tool in pairs]),
        "removed": np.array([cut.depth * cut.width * cut.length / cut.time for _, cut, _ in pairs]),
        "cutting": np.array([material.cutting for material, _, _ in pairs]),
        "edge": np.array([material.edge for material, _, _ in pairs]),
    }


@cache
def _courses() -> Floats:
    """Of the teeth of every cut, see `fill_courses`."""
    engagements, n_teeth = np.array([cut.engagement for _, cut in every_cut()]), _programmed()
    courses = np.zeros((len(engagements), n_teeth["n_teeth"].max(), N_COURSES, N_STEPS))
    fill_courses(engagements, n_teeth["n_teeth"], courses)
    return courses


def _cuts(state: State) -> npt.NDArray[Any]:
    """Of dtype CUT."""
    cuts, about = np.zeros(len(state.place), CUT), _programmed()
    cuts["course"] = state.place
    for name in ("feed", "depth", "n_teeth"):
        cuts[name] = about[name][state.place]
    for name in ("cutting", "edge"):
        cuts[name] = about[name][state.place] * state.hardness[:, None]
    for name in ("wear", "runout", "direction", "chipped"):
        cuts[name] = getattr(state, name)
    cuts["chip"] = _FULL_CHIP * state.chip
    return cuts


def turn(state: State) -> Floats:
    """Forces through one turn of each cut, see `turn_forces` `(4, n, N_STEPS)` [N]."""
    out = np.empty((4, len(state.place), N_STEPS))
    turn_forces(_cuts(state), _courses(), out)
    return out


def asynchronous(mean_force: Floats, chatter: Floats) -> Floats:
    """Deviation of what does not repeat from turn to turn `(n,)` [N]."""
    return np.asarray(np.hypot(_PLATE_NOISE, _CHATTER_FORCE * mean_force * chatter))


def measures(mill: Mill, state: State) -> dict[str, Floats]:
    """`MEASURES` of a mill's cuts without noise, `(n,)` each."""
    made, about = mill.made, {n: v[state.place] for n, v in _programmed().items()}
    turns, thickened = np.empty((N_MEASURED, len(state.place))), np.empty(len(state.place))
    measure_turns(_cuts(state), _courses(), turns)
    fill_thickness(state.warmth, thickened)
    worn = state.wear / REFERENCE_WEAR
    idle = made.idle * (_IDLE + _IDLE_TURN * about["turns"])
    idle *= 1.0 + _BEARING_POWER * state.bearing + _COLD_POWER * thickened
    heat = _CUT_HEAT * np.sqrt(about["cutting"][:, 0] * state.hardness / _CUT_HARDNESS)
    for name, (usual, power) in (("speed", _HEAT_SPEED), ("feed", _HEAT_FEED)):
        heat *= (about[name] / usual) ** power
    heat *= (1.0 + _WORN_HEAT * worn) * (1.0 + _DRY_HEAT * state.dry)
    cut_sound = _CUT_SOUND * np.sqrt(about["removed"] / _CUT_REMOVED)
    cut_sound *= 1.0 + _WORN_SOUND * worn
    shakes = (
        IDLE_SHAKE * made.shake * (_IDLE_SHARE + _TURN_SHARE * about["turns"]),
        _FORCE_SHAKE * turns[DEVIATION],
        _CHATTER_SHAKE * state.chatter,
        BEARING_SHAKE * state.bearing,
    )
    return {
        "power": idle + turns[TANGENTIAL] * about["speed"] / 60_000.0 / _DRIVE,
        "force_x": made.force * turns[X],
        "force_y": made.force * turns[Y],
        "force_z": made.force * turns[Z],
        "force_peak": made.force * turns[PEAK],
        "unevenness": turns[UNEVENNESS],
        "asynchronous_force": asynchronous(turns[TANGENTIAL], state.chatter),
        "vibration": np.sqrt(sum(one * one for one in shakes)),
        "acoustic_emission": made.sound
        * (cut_sound + _CHIP_SOUND * state.chip)
        * (1.0 + _CHATTER_SOUND * state.chatter),
        "cutting_temperature": state.hall + heat,
        "spindle_temperature": state.warmth,
    }


def _n_teeth(state: State) -> Any:
    """Of the tool of each cut `(n,)`."""
    return _programmed()["n_teeth"][state.place]


def deviations(state: State, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """Of each measure's noise `(n,)`; components of the force share that of the force."""
    size = {name: np.abs(value) for name, value in values.items()}
    size |= dict.fromkeys(FORCES, size["force_peak"])
    size |= dict.fromkeys(_ABSOLUTE, np.ones(len(size["power"])))
    size["unevenness"] = 1.0 / np.sqrt(_n_teeth(state))
    return {name: _NOISE[name] * size[name] for name in values}


def add_noise(cell: Cell, mill: Mill, state: State, values: dict[str, Floats]) -> None:
    """Make measures noisy in place."""
    sizes, n_teeth = deviations(state, values), _n_teeth(state)
    across = int(_programmed()["n_teeth"].max()) - 2
    noise = normals(cell.telemetry_key, mill.machine_id, len(sizes) + across, len(n_teeth))
    for (name, size), row in zip(sizes.items(), noise[: len(sizes)], strict=True):
        values[name] = values[name] + size * row
    # Of errors of n peaks, one goes along their pattern, n - 2 across it, and one is their mean's.
    errors = sizes["unevenness"] * noise[len(sizes) :]
    errors[np.arange(across)[:, None] >= n_teeth - 2] = 0.0
    values["unevenness"] = np.sqrt(values["unevenness"] ** 2 + np.square(errors).sum(0))
