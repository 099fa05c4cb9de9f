"""What is true of an observation: boxes in space and in pictures, tracks, lanes, visibility."""

from simgen.worlds.road.labels.boxes import Boxes as Boxes, boxes_of as boxes_of
from simgen.worlds.road.labels.images import ImageBoxes as ImageBoxes, image_boxes as image_boxes
