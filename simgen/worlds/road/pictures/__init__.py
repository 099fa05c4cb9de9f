"""Pictures of the road world for people: from above, through a laser, through a camera."""

from simgen.worlds.road.pictures.above import Ground as Ground, draw_above as draw_above
from simgen.worlds.road.pictures.animation import animated as animated, jpeg as jpeg, png as png
from simgen.worlds.road.pictures.boxed import draw_boxes as draw_boxes, framed as framed
from simgen.worlds.road.pictures.crowd import Crowd as Crowd, gather as gather
from simgen.worlds.road.pictures.points import draw_points as draw_points
