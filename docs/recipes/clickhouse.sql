-- ClickHouse: the newest revision of each record wins.  clickhouse local < clickhouse.sql
CREATE TABLE IF NOT EXISTS chancery_events (
  id String, rev UInt32, op LowCardinality(String), date Date32, event LowCardinality(String), quad UInt8,
  intensity Float32, dyad Nullable(String), actor_country Array(String), recipient_country Array(String),
  aux Array(String), confidence Float32, duplicate_of Nullable(String)
) ENGINE = ReplacingMergeTree(rev) ORDER BY id;

INSERT INTO chancery_events
SELECT id, rev, op, date, event, quad, intensity, dyad, actor_country, recipient_country, aux, confidence, duplicate_of
FROM file('events.jsonl', 'JSONEachRow',
  'id String, rev UInt32, op String, date Date32, event String, quad UInt8, intensity Float32, dyad Nullable(String),
   actor_country Array(String), recipient_country Array(String), aux Array(String), confidence Float32,
   duplicate_of Nullable(String)')
SETTINGS input_format_skip_unknown_fields = 1;

SELECT dyad, countIf(quad <= 2) AS cooperation, countIf(quad >= 3) AS conflict
FROM chancery_events FINAL WHERE op != 'retract' AND dyad IS NOT NULL
GROUP BY dyad ORDER BY cooperation + conflict DESC, dyad LIMIT 20;
