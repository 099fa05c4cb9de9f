-- What a press' oil reads with a cooler that is sound, at a fifth of its power, or near its end, as
-- on a rig whose cooler is set to these; what lies between is left out. The three weigh the same.
WITH known AS (
    SELECT
        *,
        CASE WHEN event_kind = 'cooler_fouling' THEN 1 - 0.97 * severity ELSE 1 END AS cooling
    FROM telemetry
    WHERE faulty_sensor = ''
),
settings AS (
    SELECT *, CASE WHEN cooling > 0.9 THEN 100 WHEN cooling < 0.12 THEN 3 ELSE 20 END AS setting
    FROM known
    WHERE cooling > 0.9 OR cooling < 0.32
)
SELECT
    machine_id,
    return_temperature,
    oil_temperature,
    row_number() OVER machine AS place,
    setting * 1_000_000 + place // 10 AS stretch,
    setting = 3 AS label,
    event_kind,
    event_id,
    lookalike_of,
    weight * coalesce(
        CASE setting
            WHEN 100 THEN getvariable('sound_weight')
            WHEN 20 THEN getvariable('weak_weight')
            ELSE getvariable('failing_weight')
        END,
        sum(weight) OVER () / (3.0 * sum(weight) OVER (PARTITION BY setting))
    ) AS weight
FROM settings
WINDOW machine AS (PARTITION BY machine_id, setting ORDER BY "at")
