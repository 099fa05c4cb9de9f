"""Calls about ROS, Traffic Managers, recordings and other maps, as `every_call.py` makes them."""

import socket
import subprocess
import sys


def _imu(stage):
    return stage.world.spawn_actor(
        stage.blueprints.find("sensor.other.imu"), stage.carla.Transform()
    )


def is_sensor_enabled_for_ros(stage):
    assert not _imu(stage).is_enabled_for_ros()


def disable_sensor_for_ros(stage):
    _imu(stage).disable_for_ros()


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def is_traffic_manager_running(stage):
    stage.port = _free_port()
    stage.manager = stage.client.get_trafficmanager(stage.port)
    stage.manager.set_synchronous_mode(True)


def add_traffic_manager_running(stage):
    stage.car.set_transform(stage.points[0])
    stage.car.set_autopilot(True, stage.port)
    stage.ticks(60)
    assert stage.car.get_velocity().length() > 1.0
    stage.car.set_autopilot(False, stage.port)


def get_traffic_manager_running(stage):
    # This process would find its own without asking.
    program = (
        f"import carla, os; client = carla.Client('127.0.0.1', {sys.argv[1]}); "
        f"found = client.get_trafficmanager({stage.port}).get_port(); "
        f"os._exit(found != {stage.port})"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], timeout=30.0, check=False).returncode == 0
    )


def destroy_traffic_manager(stage):
    stage.manager.shut_down()


def start_recorder(stage):
    assert stage.client.start_recorder("every.log").endswith("every.log")
    stage.car.set_transform(stage.points[0])
    stage.car.apply_control(stage.carla.VehicleControl(throttle=0.5))
    stage.other.set_transform(stage.points[60])
    stage.other.apply_control(stage.carla.VehicleControl(brake=1.0))
    stage.ticks(20)


def stop_recorder(stage):
    stage.client.stop_recorder()


def show_recorder_file_info(stage):
    assert "Frames: 20" in stage.client.show_recorder_file_info("every.log", True)


def show_recorder_collisions(stage):
    assert "Duration: 0.95" in stage.client.show_recorder_collisions("every.log", "a", "a")


def show_recorder_actors_blocked(stage):
    text = stage.client.show_recorder_actors_blocked("every.log", 0.5, 10.0)
    assert f"{stage.other.id} vehicle.tesla.model3" in text
    # Of what can't go, nothing is told.
    assert "traffic." not in text
    assert "spectator" not in text


def set_replayer_time_factor(stage):
    stage.client.set_replayer_time_factor(2.0)


def set_replayer_ignore_hero(stage):
    stage.client.set_replayer_ignore_hero(True)


def set_replayer_ignore_spectator(stage):
    stage.client.set_replayer_ignore_spectator(True)


def replay_file(stage):
    last = stage.car.get_location()
    stage.begin()
    text = stage.client.replay_file("every.log", 0.0, 0.0, 0, False)
    assert "Total time recorded: 0.95" in text
    stage.ticks(10)  # at twice the speed
    cars = stage.world.get_actors().filter("vehicle.tesla.model3")
    assert len(cars) == 4
    assert min(car.get_location().distance(last) for car in cars) < 1e-3


def stop_replayer(stage):
    stage.client.replay_file("every.log", 0.0, 0.0, 0, False)
    stage.ticks()
    stage.client.stop_replayer(False)
    stage.ticks()
    assert len(stage.world.get_actors().filter("vehicle.*")) == 4


def load_new_episode(stage):
    world = stage.client.load_world("parking")
    assert world.get_map().name.endswith("parking")


def copy_opendrive_to_file(stage):
    text = stage.client.get_world().get_map().to_opendrive()
    world = stage.client.generate_opendrive_world(text)
    assert world.get_map().name.endswith("OpenDriveMap")
