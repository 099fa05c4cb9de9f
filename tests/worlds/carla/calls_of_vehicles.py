"""Calls to vehicles, walkers and traffic lights, as `every_call.py` makes them."""

STEP = 0.05  # [s]


def apply_control_to_vehicle(stage):
    stage.car.apply_control(stage.carla.VehicleControl(throttle=1.0))
    stage.ticks(20)
    assert stage.car.get_velocity().length() > 1.0
    assert stage.car.get_control().throttle == 1.0


def apply_ackermann_control_to_vehicle(stage):
    wanted = stage.carla.VehicleAckermannControl(speed=3.0, acceleration=3.0)
    stage.car.apply_ackermann_control(wanted)
    stage.ticks(300)
    stage.near(stage.car.get_velocity().length(), 3.0, 0.5)


def apply_ackermann_controller_settings(stage):
    settings = stage.car.get_ackermann_controller_settings()
    settings.speed_kp = 0.25
    stage.car.apply_ackermann_controller_settings(settings)


def get_ackermann_controller_settings(stage):
    stage.near(stage.car.get_ackermann_controller_settings().speed_kp, 0.25, 1e-6)


def apply_physics_control(stage):
    physics = stage.car.get_physics_control()
    physics.mass = 3000.0
    stage.car.apply_physics_control(physics)


def get_physics_control(stage):
    found = stage.car.get_physics_control()
    stage.near(found.mass, 3000.0)
    assert len(found.wheels) == 4


def set_vehicle_light_state(stage):
    stage.car.set_light_state(stage.carla.VehicleLightState.Brake)


def get_vehicle_light_state(stage):
    assert stage.car.get_light_state() == stage.carla.VehicleLightState.Brake


def get_vehicle_light_states(stage):
    found = stage.world.get_vehicles_light_states()
    assert found[stage.car.id] == stage.carla.VehicleLightState.Brake


def get_telemetry_data(stage):
    stage.ticks()
    stage.near(stage.car.get_telemetry_data().speed, stage.car.get_velocity().length(), 0.01)


def open_vehicle_door(stage):
    stage.car.open_door(stage.carla.VehicleDoor.All)


def close_vehicle_door(stage):
    stage.car.close_door(stage.carla.VehicleDoor.All)


def get_wheel_steer_angle(stage):
    stage.car.apply_control(stage.carla.VehicleControl(steer=1.0))
    stage.ticks(20)
    assert stage.car.get_wheel_steer_angle(stage.carla.VehicleWheelLocation.FL_Wheel) > 10.0


def set_wheel_steer_direction(stage):
    stage.car.set_wheel_steer_direction(stage.carla.VehicleWheelLocation.FL_Wheel, 20.0)


def set_wheel_pitch_angle(stage):
    stage.car.set_wheel_pitch_angle(stage.carla.VehicleWheelLocation.FL_Wheel, 20.0)


def get_wheel_pitch_angle(stage):
    stage.near(
        stage.car.get_wheel_pitch_angle(stage.carla.VehicleWheelLocation.FL_Wheel), 20.0, 1e-4
    )


def restore_physx_physics(stage):
    stage.car.restore_physx_physics()


def show_vehicle_debug_telemetry(stage):
    stage.car.show_debug_telemetry(True)


def apply_control_to_walker(stage):
    stage.walker.apply_control(stage.carla.WalkerControl(stage.carla.Vector3D(1.0, 0.0, 0.0), 1.0))
    stage.ticks(30)
    stage.near(stage.walker.get_velocity().x, 1.0)


def set_traffic_light_state(stage):
    stage.light().set_state(stage.carla.TrafficLightState.Off)
    stage.ticks()
    assert stage.light().state == stage.carla.TrafficLightState.Off


def set_traffic_light_green_time(stage):
    stage.light().set_green_time(7.0)
    stage.ticks()
    stage.near(stage.light().get_green_time(), 7.0, 1e-6)


def set_traffic_light_yellow_time(stage):
    stage.light().set_yellow_time(2.0)
    stage.ticks()
    stage.near(stage.light().get_yellow_time(), 2.0, 1e-6)


def set_traffic_light_red_time(stage):
    stage.light().set_red_time(1.0)
    stage.ticks()
    stage.near(stage.light().get_red_time(), 1.0, 1e-6)


def freeze_all_traffic_lights(stage):
    for frozen in (True, False):
        stage.world.freeze_all_traffic_lights(frozen)
        stage.ticks()
        assert stage.light().is_frozen() is frozen


def reset_traffic_light_group(stage):
    stage.light().reset_group()
    stage.ticks()
    stage.near(stage.light().get_elapsed_time(), STEP, 0.06)


def reset_all_traffic_lights(stage):
    stage.world.reset_all_traffic_lights()
    stage.ticks()
    assert all(
        light.get_elapsed_time() < 0.1
        for light in stage.world.get_actors().filter("traffic.traffic_light")
    )


def get_light_boxes(stage):
    assert len(stage.light().get_light_boxes()) == 1


def get_group_traffic_lights(stage):
    group = stage.light().get_group_traffic_lights()
    assert stage.light().id in [light.id for light in group]
