"""Collisions of upright boxes: who touches whom, and the impulses that part them.

Rigid bodies in the plane struck at one point, with restitution and Coulomb friction, as in Brach
(1983), Analysis of planar vehicle collisions using equations of impulse and momentum. Friction acts
after restitution here, not together with it: so no impact makes energy, however eccentric. Boxes
touch where the corners that lie within the other have their mean.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

CONTACT_FRICTION = 0.5  # of bodies that slide along each other; assumption
REST_SPEED = 0.2  # below which touching boxes don't bounce; assumption [m/s]
_CORNERS = ((1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0))
# Corners that lie in the other box's face by rounding alone count as within [m].
_NEAR = 1e-9


@njit(cache=True, error_model="numpy")
def _reach(body: Any, motion: Any, x: float, y: float) -> float:
    """Half of what a box covers along a unit direction (x, y) [m]."""
    cosine, sine = math.cos(motion.yaw), math.sin(motion.yaw)
    ahead, aside = x * cosine + y * sine, y * cosine - x * sine
    return float(abs(ahead) * body.half_length + abs(aside) * body.half_width)


@njit(cache=True, error_model="numpy")
def overlap(body: Any, motion: Any, other: Any, moved: Any) -> tuple[float, float, float]:
    """How deep two boxes stand in each other [m], and the direction from the first to the second.

    Not above 0: they don't. By the theorem of the separating axis.
    """
    lifted = min(motion.z + body.height, moved.z + other.height) - max(motion.z, moved.z)
    if lifted <= 0.0:
        return lifted, 1.0, 0.0
    off_x, off_y = moved.x - motion.x, moved.y - motion.y
    depth, best_x, best_y = np.inf, 1.0, 0.0
    for k in range(4):
        yaw = (motion.yaw if k < 2 else moved.yaw) + 0.5 * math.pi * (k % 2)
        x, y = math.cos(yaw), math.sin(yaw)
        along = off_x * x + off_y * y
        if along < 0.0:
            x, y, along = -x, -y, -along
        here = _reach(body, motion, x, y) + _reach(other, moved, x, y) - along
        if here < depth:
            depth, best_x, best_y = here, x, y
    return depth, best_x, best_y


@njit(cache=True, error_model="numpy")
def _corners_within(body: Any, motion: Any, other: Any, moved: Any) -> tuple[float, float, int]:
    """The sum of the places of the first box's corners in the second, and their number."""
    sum_x, sum_y, count = 0.0, 0.0, 0
    cosine, sine = math.cos(motion.yaw), math.sin(motion.yaw)
    c, s = math.cos(moved.yaw), math.sin(moved.yaw)
    for k in range(4):
        ahead, aside = _CORNERS[k][0] * body.half_length, _CORNERS[k][1] * body.half_width
        x = motion.x + ahead * cosine - aside * sine
        y = motion.y + ahead * sine + aside * cosine
        off_x, off_y = x - moved.x, y - moved.y
        if (
            abs(off_x * c + off_y * s) <= other.half_length + _NEAR
            and abs(off_y * c - off_x * s) <= other.half_width + _NEAR
        ):
            sum_x, sum_y, count = sum_x + x, sum_y + y, count + 1
    return sum_x, sum_y, count


@njit(cache=True, error_model="numpy")
def _contact(
    body: Any, motion: Any, other: Any, moved: Any, n: tuple[float, float], depth: float
) -> tuple[float, float]:
    """Where two boxes touch [m, m]."""
    x0, y0, n0 = _corners_within(body, motion, other, moved)
    x1, y1, n1 = _corners_within(other, moved, body, motion)
    if n0 + n1 > 0:
        return (x0 + x1) / (n0 + n1), (y0 + y1) / (n0 + n1)
    # Boxes that cross like swords: between both, along the direction that parts them.
    ahead = _reach(body, motion, n[0], n[1]) - 0.5 * depth
    return motion.x + n[0] * ahead, motion.y + n[1] * ahead


@njit(cache=True, error_model="numpy")
def _give(body: Any, motion: Any, x: float, y: float, off_x: float, off_y: float) -> None:
    """Change a body's motion by an impulse (x, y) [N s] at an offset from its middle [m]."""
    if body.mass < np.inf:
        motion.velocity_x += x / body.mass
        motion.velocity_y += y / body.mass
        motion.yaw_rate += (off_x * y - off_y * x) / body.inertia


@njit(cache=True, error_model="numpy")
def _impulse(
    body: Any, motion: Any, other: Any, moved: Any, n: tuple[float, float], at: tuple[float, float]
) -> tuple[float, float]:
    """The impulse that the second body receives at a contact [N s, N s]; 0 if they part already.

    First across the contact, such that speeds part at the restitution times the closing speed; then
    along it, at most such that what still slides stops.
    """
    ax, ay, bx, by = at[0] - motion.x, at[1] - motion.y, at[0] - moved.x, at[1] - moved.y
    vx = moved.velocity_x - by * moved.yaw_rate - motion.velocity_x + ay * motion.yaw_rate
    vy = moved.velocity_y + bx * moved.yaw_rate - motion.velocity_y - ax * motion.yaw_rate
    closing = -(vx * n[0] + vy * n[1])
    if closing <= 0.0:
        return 0.0, 0.0
    bounce = min(body.restitution, other.restitution) if closing > REST_SPEED else 0.0
    inverse = 1.0 / body.mass + 1.0 / other.mass
    across_a, across_b = ax * n[1] - ay * n[0], bx * n[1] - by * n[0]
    heavy = inverse + across_a**2 / body.inertia + across_b**2 / other.inertia
    hit = (1.0 + bounce) * closing / heavy
    along_a, along_b = ax * n[0] + ay * n[1], bx * n[0] + by * n[1]
    slides = vy * n[0] - vx * n[1]
    stiff = inverse + along_a**2 / body.inertia + along_b**2 / other.inertia
    slides += hit * (along_a * across_a / body.inertia + along_b * across_b / other.inertia)
    most = CONTACT_FRICTION * hit
    rub = min(max(-slides / stiff, -most), most)
    return hit * n[0] - rub * n[1], hit * n[1] + rub * n[0]


@njit(cache=True, error_model="numpy")
def _note(pairs: Any, hits: Any, count: int, i: int, j: int, hit: Any) -> int:
    """Add a hit (x, y, contact x, contact y) to those of this pair; the number of pairs, or -1."""
    for k in range(count):
        if pairs[k, 0] == i and pairs[k, 1] == j:
            hits[k, 0] += hit[0]
            hits[k, 1] += hit[1]
            return count
    if count == len(pairs):
        return -1
    pairs[count, 0], pairs[count, 1] = i, j
    for column in range(4):
        hits[count, column] = hit[column]
    return count + 1


@njit(cache=True, error_model="numpy")
def _collide(bodies: Any, motions: Any, i: int, j: int, pairs: Any, hits: Any, count: int) -> int:
    """Part two actors if they stand in each other; gives the number of pairs, or -1: no room."""
    body, motion, other, moved = bodies[i], motions[i], bodies[j], motions[j]
    depth, x, y = overlap(body, motion, other, moved)
    if depth <= 0.0:
        return count
    n = (x, y)
    at = _contact(body, motion, other, moved, n, depth)
    hit_x, hit_y = _impulse(body, motion, other, moved, n, at)
    _give(body, motion, -hit_x, -hit_y, at[0] - motion.x, at[1] - motion.y)
    _give(other, moved, hit_x, hit_y, at[0] - moved.x, at[1] - moved.y)
    share = 1.0 / body.mass / (1.0 / body.mass + 1.0 / other.mass)
    motion.x -= x * depth * share
    motion.y -= y * depth * share
    moved.x += x * depth * (1.0 - share)
    moved.y += y * depth * (1.0 - share)
    return int(_note(pairs, hits, count, i, j, (hit_x, hit_y, at[0], at[1])))


@njit(cache=True, error_model="numpy")
def collide(bodies: Any, motions: Any, pairs: Any, hits: Any, count: int) -> int:
    """Part all actors that stand in each other, from west to east.

    Those that are pushed into others here part the next time.

    Rows of `pairs` `(capacity, 2)` are actors, those of `hits` `(capacity, 4)` the impulse that
    the second has received and the first contact; `count` rows are in use. Gives how many are
    after, or -1 if they don't fit.
    """
    west, east = np.empty(len(bodies)), np.empty(len(bodies))
    for i in range(len(bodies)):
        reach = _reach(bodies[i], motions[i], 1.0, 0.0)
        west[i], east[i] = motions[i].x - reach, motions[i].x + reach
    order = np.argsort(west, kind="mergesort")
    for first in range(len(order)):
        i = order[first]
        for second in range(first + 1, len(order)):
            j = order[second]
            if west[j] > east[i]:
                break
            if bodies[i].mass < np.inf or bodies[j].mass < np.inf:
                low, high = min(i, j), max(i, j)
                count = _collide(bodies, motions, low, high, pairs, hits, count)
                if count < 0:
                    return -1
    return count


@njit(cache=True, error_model="numpy", nogil=True)
def first_overlap(bodies: Any, motions: Any, body: Any, motion: Any) -> int:
    """The first actor that one more would stand in; -1 for none."""
    for i in range(len(bodies)):
        depth, _, _ = overlap(bodies[i], motions[i], body, motion)
        if depth > 0.0:
            return i
    return -1
