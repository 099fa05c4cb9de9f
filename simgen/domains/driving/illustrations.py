"""One episode in pictures: from above, its course, and what sensors had at its worst moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from simgen.core import Curve, Illustration, Image, Plot, RequestError, Source
from simgen.domains.driving.replay import image_boxes_of, snapshots
from simgen.domains.driving.sensing import stage_of
from simgen.worlds.road.pictures import (
    Ground,
    animated,
    draw_above,
    draw_boxes,
    draw_points,
    framed,
    jpeg,
    png,
)
from simgen.worlds.road.sensors import image_of, sweep_of

_WIDTH = 120.0  # of the ground that is seen from above [m]
_NARROW = 800  # a picture of so many columns or less takes half of the page [pixel]
_MOST_IMAGES = 150  # of an animation: some megabytes
_LASTING = 10.0  # time to collision beyond which none is drawn [s]

# The episode with the worst event; the first one where there is none.
_WORST = """
SELECT episode_id FROM episodes LEFT JOIN (
    SELECT entity_id, max(severity) AS severity FROM events WHERE lookalike_of::VARCHAR = ''
    GROUP BY entity_id
) ON entity_id = episode_id ORDER BY coalesce(severity, -1) DESC, episode_id LIMIT 1
"""
_FRAMES = """
SELECT "at", epoch("at") - min(epoch("at")) OVER () AS elapsed, speed, gap,
    time_to_collision, label, event_kind::VARCHAR AS kind
FROM frames WHERE episode_id = {episode} ORDER BY "at"
"""
_NEAREST = """
SELECT path, sensor, part, abs(epoch("at") - epoch(TIMESTAMP '{moment}')) AS late FROM sensor_files
WHERE episode_id = {episode} AND part IN ('points', 'colour')
QUALIFY row_number() OVER (PARTITION BY sensor, part ORDER BY late, "at") = 1 ORDER BY sensor
"""


def episodes(sources: Mapping[str, Source]) -> list[Plot | Image]:
    """The chosen episode of each data set, or the one with its worst event.

    Raises:
        RequestError: there is no such episode, or no such sensor.
    """
    return [
        shown
        for number, (name, source) in enumerate(sources.items())
        for shown in _shown(source, name, f"{number}_" if len(sources) > 1 else "")
    ]


def _shown(source: Source, name: str, prefix: str) -> Iterator[Plot | Image]:
    episode = int(source.choices.get("episode") or source.ask(_WORST)["episode_id"][0].as_py())
    frames = source.ask(_FRAMES.format(episode=episode))
    if not len(frames):
        raise RequestError(f"episode {episode}: there is none in {name}; see its table episodes")
    told = f"{name}, episode {episode}"
    yield _from_above(source, episode, frames["label"].to_numpy(), (told, prefix))
    seconds, nearness = frames["elapsed"].to_numpy(), frames["time_to_collision"].to_numpy()
    worst = int(np.argmin(np.where(np.isnan(nearness), np.inf, nearness)))
    columns = {key: frames[key].to_numpy() for key in ("speed", "gap", "time_to_collision")}
    yield from _course(columns, seconds, _stretches(frames["kind"].to_pylist(), seconds), told)
    moment = frames["at"][worst].as_py().replace(tzinfo=None).isoformat(sep=" ")
    found = source.ask(_NEAREST.format(episode=episode, moment=moment)).to_pylist()
    wanted = source.choices.get("sensor")
    if wanted and wanted not in {row["sensor"] for row in found}:
        known = ", ".join(dict.fromkeys(row["sensor"] for row in found)) or "none"
        raise RequestError(f"sensor {wanted}: no pictures of it in {told}; there are {known}")
    for row in found:
        if wanted in {None, row["sensor"]}:
            yield _sight(source, row, (told, prefix), float(seconds[worst]))


def _from_above(source: Source, episode: int, labels: np.ndarray, about: tuple[str, str]) -> Image:
    told, prefix = about
    stage = stage_of(source.parameters["map"])
    stride = -(-len(labels) // _MOST_IMAGES)
    images = []
    for seen, label in zip(snapshots(source, episode), labels, strict=True):
        if seen.frame % stride == 0:
            x, y, _ = seen.positions[0].tolist()
            image = draw_above(stage, seen, Ground(x=x, y=y, width=_WIDTH))
            images.append(framed(image) if label else image)
    rate = 1.0 / (stride * source.parameters["step_time"])
    return Image(
        name=f"{prefix}episode_{episode}.gif",
        title=f"{told}, from above: the ego in the middle, {_WIDTH:g} m across; a red rim where a "
        "frame is labelled",
        alt=f"The road around the ego in {len(images)} pictures, {int(labels.sum())} frames of "
        f"{len(labels)} labelled.",
        content=animated(images, rate=rate),
        is_wide=False,
    )


def _course(
    columns: Mapping[str, npt.NDArray[np.float64]],
    seconds: npt.NDArray[np.float64],
    spans: list[tuple[str, float, float]],
    told: str,
) -> Iterator[Plot]:
    """Gap, speed, and the time to collision, with what happens marked."""
    least = columns["time_to_collision"]
    least = np.where(least <= _LASTING, least, np.nan)
    courses = {
        "gap to who is ahead [m]": columns["gap"],
        "speed [m/s]": columns["speed"],
        "time to collision [s]": least,
    }
    happens = ", ".join(f"{kind} from {a:.1f} to {b:.1f} s" for kind, a, b in spans) or "nothing"
    for axis, values in courses.items():
        yield Plot(
            title=f"{told}: {axis.partition(' [')[0]}",
            x="time since the episode began [s]",
            y=axis.rpartition(" ")[2],
            curves=[Curve(name="", x=seconds, y=values)],
            spans=spans,
            alt=f"{axis} over {seconds[-1]:.1f} s; what happens: {happens}.",
            is_wide=False,
        )


def _stretches(
    kinds: list[str], seconds: npt.NDArray[np.float64]
) -> list[tuple[str, float, float]]:
    """Runs of frames of one kind of event: kind, first and last second."""
    found: list[tuple[str, float, float]] = []
    before = ""
    for kind, second in zip(kinds, seconds.tolist(), strict=True):
        if kind and kind == before:
            found[-1] = (*found[-1][:2], second)
        elif kind:
            found.append((kind.replace("_", " "), second, second))
        before = kind
    return found


def _sight(source: Source, row: Mapping[str, str], about: tuple[str, str], second: float) -> Image:
    """What a sensor had at the moment: a picture with boxes, or points from above."""
    told, prefix = about
    content, when = source.read(row["path"]), f"{told}, {row['sensor']} at {second:.1f} s"
    if row["part"] == "points":
        sweep = sweep_of(content)
        return Image(
            name=f"{prefix}{row['sensor']}.png",
            title=f"{when}: points within 50 m by intensity, ahead is up",
            alt=f"{len(sweep.points):,} points.",
            content=png(draw_points(sweep), n_colours=64),
            is_wide=False,
        )
    boxes, image = image_boxes_of(source, row["path"]), image_of(content)
    return Image(
        name=f"{prefix}{row['sensor']}.jpg",
        title=f"{when}: whole boxes in red, visible ones in yellow",
        alt=f"{len(boxes.actors)} actors, {int((boxes.n_pixels > 0).sum())} of them visible.",
        content=jpeg(draw_boxes(image, boxes)),
        is_wide=image.shape[1] > _NARROW,
    )


ILLUSTRATIONS = (
    Illustration(
        title="An episode",
        doc="The episode with the worst event, or the one that was chosen. Sensors' pictures are "
        "those nearest to the frame with the least time to collision.",
        plot=episodes,
        choices=("episode", "sensor"),
    ),
)
