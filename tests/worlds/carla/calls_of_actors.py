"""Calls that make, move and end actors, as `every_call.py` makes them."""

import math


def get_actors_by_id(stage):
    assert stage.world.get_actor(stage.car.id).type_id == "vehicle.tesla.model3"


def spawn_actor(stage):
    place = stage.points[60].location
    at = f"at x = {place.x:g}, y = {place.y:g}, z = {place.z:g} m"
    stage.refused(lambda: stage.spawn(60), at)
    stage.refused(lambda: stage.spawn(60), f"inside actor {stage.other.id}, a vehicle.tesla.model3")


def spawn_actor_with_parent(stage):
    camera = stage.blueprints.find("sensor.camera.depth")
    place = stage.carla.Transform(stage.carla.Location(x=-5.0, z=2.0))
    for kind in (stage.carla.AttachmentType.Rigid, stage.carla.AttachmentType.SpringArmGhost):
        sensor = stage.world.spawn_actor(camera, place, stage.car, kind)
        stage.ticks()
        stage.near(
            sensor.get_location().distance(stage.car.get_location()), math.hypot(5.0, 2.0), 0.1
        )
        assert sensor.parent.id == stage.car.id
        down = sensor.get_transform().rotation.pitch
        stage.near(down, 0.0 if kind == stage.carla.AttachmentType.Rigid else -21.8, 1.0)
        sensor.destroy()


def destroy_actor(stage):
    car = stage.spawn(30)
    stage.ticks()
    assert car.destroy()
    stage.ticks()
    assert not stage.world.get_snapshot().has_actor(car.id)


def set_actor_location(stage):
    place = stage.points[90].location
    stage.other.set_location(place)
    stage.ticks(5)
    stage.near(stage.other.get_location().distance_2d(place), 0.0)


def set_actor_transform(stage):
    stage.other.set_transform(stage.points[60])
    stage.ticks(5)
    stage.near(stage.other.get_location().distance_2d(stage.points[60].location), 0.0)


def set_actor_target_velocity(stage):
    ahead = stage.other.get_transform().get_forward_vector()
    stage.other.set_target_velocity(5.0 * ahead)
    stage.ticks()
    stage.near(stage.other.get_velocity().length(), 5.0, 0.3)


def set_actor_target_angular_velocity(stage):
    stage.other.set_target_angular_velocity(stage.carla.Vector3D(z=20.0))
    stage.ticks()
    assert stage.other.get_angular_velocity().z > 1.0


def enable_actor_constant_velocity(stage):
    stage.other.set_transform(stage.points[60])
    stage.other.enable_constant_velocity(stage.carla.Vector3D(x=4.0))
    stage.ticks(5)
    stage.near(stage.other.get_velocity().length(), 4.0, 0.2)


def disable_actor_constant_velocity(stage):
    stage.other.disable_constant_velocity()
    stage.other.apply_control(stage.carla.VehicleControl(brake=1.0))
    stage.ticks(40)
    stage.near(stage.other.get_velocity().length(), 0.0)


def _pushed(stage, work, vector, measure):
    stage.other.set_transform(stage.points[60])
    stage.other.apply_control(stage.carla.VehicleControl())
    stage.ticks(5)
    work(vector)
    stage.ticks()
    return measure()


def add_actor_impulse(stage):
    other = stage.other
    ahead = other.get_transform().get_forward_vector()
    speed = _pushed(stage, other.add_impulse, 4000.0 * ahead, lambda: other.get_velocity().length())
    assert speed > 1.0


def add_actor_force(stage):
    other = stage.other
    ahead = other.get_transform().get_forward_vector()
    speed = _pushed(stage, other.add_force, 40_000.0 * ahead, lambda: other.get_velocity().length())
    assert speed > 0.5


def add_actor_angular_impulse(stage):
    other, twist = stage.other, stage.carla.Vector3D(z=5000.0)
    assert _pushed(stage, other.add_angular_impulse, twist, lambda: other.get_angular_velocity().z)


def set_actor_simulate_physics(stage):
    stage.other.set_simulate_physics(False)
    stage.other.apply_control(stage.carla.VehicleControl(throttle=1.0))
    stage.ticks(10)
    stage.near(stage.other.get_velocity().length(), 0.0, 1e-6)
    stage.other.set_simulate_physics(True)
    stage.ticks(10)
    assert stage.other.get_velocity().length() > 0.5
    stage.other.apply_control(stage.carla.VehicleControl(brake=1.0))
    stage.ticks(40)


def set_actor_collisions(stage):
    stage.other.set_collisions(False)
    stage.other.set_transform(stage.car.get_transform())
    stage.ticks(3)
    stage.near(stage.other.get_location().distance(stage.car.get_location()), 0.0, 0.5)
    stage.other.set_transform(stage.points[60])
    stage.other.set_collisions(True)


def set_actor_enable_gravity(stage):
    stage.other.set_enable_gravity(False)
    stage.other.set_location(stage.points[60].location + stage.carla.Location(z=10.0))
    stage.ticks(10)
    stage.near(stage.other.get_location().z, stage.points[60].location.z + 10.0)
    stage.other.set_enable_gravity(True)
    stage.ticks(60)
    stage.near(stage.other.get_location().z, 0.0)


def get_actor_bounding_box(stage):
    stage.near(stage.car.bounding_box.extent.x, 2.4, 0.3)


def apply_batch(stage):
    order = stage.carla.command.ApplyTransform(stage.other, stage.points[90])
    gone = stage.carla.command.DestroyActor(9999)
    answers = stage.client.apply_batch_sync([order, gone], False)
    assert [bool(answer.error) for answer in answers] == [False, True]
    stage.ticks()
    stage.near(stage.other.get_location().distance_2d(stage.points[90].location), 0.0, 0.3)
