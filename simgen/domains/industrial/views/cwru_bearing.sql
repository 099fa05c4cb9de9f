-- Vibration windows near the rated speed of sound bearings and of visible spalls, as a rig with good
-- sensors and steady load records them.
SELECT
    w.bearing_id,
    w.rms,
    w.kurtosis,
    w.crest_factor,
    w.mean_frequency,
    w.label,
    w.weight
FROM windows AS w
JOIN machines AS m USING (machine_id)
WHERE w.sensor_fault = ''
  AND w.lookalike_of = ''
  AND (NOT w.label OR w.spall_share >= 0.1)
  AND abs(w.speed / m.rated_speed - 1) < 0.05
