-- Seconds of runs of the pump rig: means over the last 10, relative to the first 200.
WITH numbered AS (
    SELECT
        t.*,
        date_diff('second', r.started_at, t."at") AS second_of_run
    FROM telemetry AS t
    JOIN runs AS r USING (run_id)
),
calm AS (
    SELECT
        run_id,
        avg(accelerometer_1) AS first,
        avg(accelerometer_2) AS second,
        avg(current) AS current,
        avg(flow) AS flow,
        stddev(flow) AS flow_spread,
        regr_slope(thermocouple, second_of_run) AS warming,
        regr_intercept(thermocouple, second_of_run) AS thermocouple
    FROM numbered
    WHERE second_of_run < 200
    GROUP BY run_id
),
lately AS (
    SELECT
        run_id,
        second_of_run,
        label,
        event_kind,
        event_id,
        lookalike_of,
        weight,
        avg(accelerometer_1) OVER recent AS first,
        avg(accelerometer_2) OVER recent AS second,
        avg(current) OVER recent AS current,
        avg(flow) OVER recent AS flow,
        stddev(flow) OVER recent AS flow_spread,
        avg(thermocouple) OVER recent AS thermocouple,
        avg(second_of_run) OVER recent AS middle
    FROM numbered
    WINDOW recent AS (
        PARTITION BY run_id ORDER BY second_of_run ROWS BETWEEN 9 PRECEDING AND CURRENT ROW
    )
)
SELECT
    m.run_id::VARCHAR AS run_id,
    m.second_of_run,
    m.label,
    m.event_kind,
    m.event_id,
    m.lookalike_of,
    m.first / c.first - 1 AS first_change,
    m.second / c.second - 1 AS second_change,
    m.current / c.current - 1 AS current_change,
    m.flow / c.flow - 1 AS flow_change,
    ln((m.flow_spread + 0.1) / (c.flow_spread + 0.1)) AS flow_spread_change,
    m.thermocouple - c.thermocouple - c.warming * m.middle AS warming,
    m.weight
FROM lately AS m
JOIN calm AS c USING (run_id)
WHERE m.second_of_run >= 210
