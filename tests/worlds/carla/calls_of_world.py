"""Calls about the session and the world, as `every_call.py` makes them."""

import queue

STEP = 0.05  # [s]


def version(stage):
    assert stage.client.get_server_version() == stage.client.get_client_version()


def get_episode_info(stage):
    assert stage.world.id > 0


def get_sensor_token(stage):
    imu, packets = stage.blueprints.find("sensor.other.imu"), queue.Queue()
    sensor = stage.world.spawn_actor(imu, stage.carla.Transform())
    sensor.listen(packets.put)
    frame = stage.ticks()
    assert packets.get(timeout=10.0).frame == frame
    sensor.destroy()


def get_episode_settings(stage):
    stage.near(stage.world.get_settings().fixed_delta_seconds, STEP, 1e-6)


def set_episode_settings(stage):
    settings = stage.world.get_settings()
    settings.fixed_delta_seconds = 0.02
    stage.world.apply_settings(settings)
    before = stage.world.get_snapshot().timestamp.elapsed_seconds
    stage.ticks()
    stage.near(stage.world.get_snapshot().timestamp.elapsed_seconds - before, 0.02, 1e-6)
    stage.synchronize()


def get_map_info(stage):
    assert stage.world.get_map().name.endswith("urban_grid")
    assert len(stage.points) > 100


def get_map_data(stage):
    assert "<OpenDRIVE>" in stage.world.get_map().to_opendrive()


def get_required_files(stage):
    (name,) = stage.client.get_required_files("Nav", False)
    assert "urban_grid" in name


def request_file(stage):
    places = [stage.world.get_random_location_from_navigation() for _ in range(20)]
    kinds = stage.carla.LaneType.Any
    lanes = [stage.world.get_map().get_waypoint(place, lane_type=kinds) for place in places]
    assert sum(lane.lane_type == stage.carla.LaneType.Sidewalk for lane in lanes) >= 18


def get_available_maps(stage):
    assert any(name.endswith("/parking") for name in stage.client.get_available_maps())


def get_actor_definitions(stage):
    assert len(stage.world.get_blueprint_library()) > 50


def get_spectator(stage):
    spectator = stage.world.get_spectator()
    spectator.set_transform(stage.carla.Transform(stage.carla.Location(1.0, 2.0, 3.0)))
    stage.ticks()
    stage.near(spectator.get_location().y, 2.0, 1e-4)


def tick_cue(stage):
    assert stage.ticks() + 1 == stage.ticks()


def set_weather_parameters(stage):
    stage.world.set_weather(stage.carla.WeatherParameters.HardRainNoon)


def get_weather_parameters(stage):
    stage.near(stage.world.get_weather().precipitation, 80.0, 25.0)


def set_imui_gravity(stage):
    stage.world.set_imui_sensor_gravity(4.0)


def get_imui_gravity(stage):
    stage.near(stage.world.get_imui_sensor_gravity(), 4.0, 1e-6)
    stage.world.set_imui_sensor_gravity(9.81)


def query_lights_state(stage):
    assert list(stage.world.get_lightmanager().get_all_lights()) == []


def update_day_night_cycle(stage):
    stage.world.get_lightmanager().set_day_night_cycle(False)


def get_all_level_BBs(stage):  # noqa: N802 - CARLA's
    boxes = stage.world.get_level_bbs(stage.carla.CityObjectLabel.Buildings)
    assert min(box.extent.z for box in boxes) > 1.0


def get_environment_objects(stage):
    things = stage.world.get_environment_objects(stage.carla.CityObjectLabel.Buildings)
    assert len(things) == len(stage.world.get_level_bbs(stage.carla.CityObjectLabel.Buildings))


def _over(stage, thing):
    top = stage.carla.Location(thing.bounding_box.location)
    top.z = 200.0
    return stage.world.ground_projection(top, 300.0).label


def enable_environment_objects(stage):
    thing = stage.world.get_environment_objects(stage.carla.CityObjectLabel.Buildings)[0]
    assert _over(stage, thing) == stage.carla.CityObjectLabel.Buildings
    stage.world.enable_environment_objects({thing.id}, False)
    assert _over(stage, thing) != stage.carla.CityObjectLabel.Buildings
    stage.world.enable_environment_objects({thing.id}, True)


def unload_map_layer(stage):
    thing = stage.world.get_environment_objects(stage.carla.CityObjectLabel.Buildings)[0]
    stage.world.unload_map_layer(stage.carla.MapLayer.Buildings)
    assert _over(stage, thing) != stage.carla.CityObjectLabel.Buildings


def load_map_layer(stage):
    thing = stage.world.get_environment_objects(stage.carla.CityObjectLabel.Buildings)[0]
    stage.world.load_map_layer(stage.carla.MapLayer.Buildings)
    assert _over(stage, thing) == stage.carla.CityObjectLabel.Buildings


def get_names_of_all_objects(stage):
    assert any(name.startswith("building") for name in stage.world.get_names_of_all_objects())


def project_point(stage):
    place = stage.car.get_location() + stage.carla.Location(z=20.0)
    found = stage.world.project_point(place, stage.carla.Vector3D(0.0, 0.0, -1.0), 50.0)
    assert found.label == stage.carla.CityObjectLabel.Car


def cast_ray(stage):
    place = stage.car.get_location()
    top, bottom = place + stage.carla.Location(z=20.0), place - stage.carla.Location(z=1.0)
    found = stage.world.cast_ray(top, bottom)
    assert [found[0].label, found[-1].label][0] == stage.carla.CityObjectLabel.Car
    assert found[-1].label in {
        stage.carla.CityObjectLabel.Roads,
        stage.carla.CityObjectLabel.Terrain,
    }


def draw_debug_shape(stage):
    place = stage.car.get_location()
    stage.world.debug.draw_point(place)
    stage.world.debug.draw_string(place, "here")
    stage.world.debug.draw_box(stage.car.bounding_box, stage.carla.Rotation())
    stage.world.debug.draw_arrow(place, stage.carla.Location())


def clear_debug_shape(stage):
    stage.world.debug.clear_debug_shape()


def clear_debug_string(stage):
    stage.world.debug.clear_debug_string()


def set_annotations_traverse_translucency(stage):
    stage.world.set_annotations_traverse_translucency(True)
