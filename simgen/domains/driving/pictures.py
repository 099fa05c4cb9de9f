"""What an expert is shown: what a vehicle's instruments say in an episode."""

from simgen.core import HOUR, Picture, tracks

_LANES = {
    "speed": "speed",
    "acceleration": "acceleration",
    "yaw_rate": "yaw rate",
    "gap": "gap to who is ahead",
    "closing_speed": "closing speed",
}

PICTURES = {
    "frames": Picture(
        doc="An episode as a vehicle's own instruments tell it. Gap and closing speed are those to "
        "who is ahead, where somebody is.",
        key=("episode_id",),
        columns=("at", *_LANES),
        draw=tracks("at", "s", _LANES, HOUR),
        fewest_rows=10,
    ),
}
