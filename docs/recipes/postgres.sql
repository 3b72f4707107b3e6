-- PostgreSQL without a running chancery: loads events.jsonl, again and again if need be.
--   psql -v ON_ERROR_STOP=1 -f postgres.sql
-- A running one writes by itself:  chancery watch inbox --to postgres://user:secret@host/db
CREATE TABLE IF NOT EXISTS chancery_records (
  id     text PRIMARY KEY,
  rev    integer NOT NULL,
  op     text NOT NULL,
  date   date NOT NULL,
  event  text NOT NULL,
  quad   smallint NOT NULL,
  dyad   text,
  record jsonb NOT NULL
);
CREATE INDEX IF NOT EXISTS chancery_records_dyad ON chancery_records (dyad, date);

CREATE TEMP TABLE lines (line text);
-- These two bytes never stand in a JSON line, so that each line comes in whole.
\copy lines FROM 'events.jsonl' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')

INSERT INTO chancery_records (id, rev, op, date, event, quad, dyad, record)
SELECT DISTINCT ON (r ->> 'id')
       r ->> 'id', (r ->> 'rev')::int, r ->> 'op', (r ->> 'date')::date, r ->> 'event', (r ->> 'quad')::smallint, r ->> 'dyad', r
FROM (SELECT line::jsonb AS r FROM lines) AS parsed
WHERE r ->> 'schema' LIKE 'event/1.%'
ORDER BY r ->> 'id', (r ->> 'rev')::int DESC
ON CONFLICT (id) DO UPDATE
  SET rev = excluded.rev, op = excluded.op, date = excluded.date, event = excluded.event, quad = excluded.quad,
      dyad = excluded.dyad, record = excluded.record
  WHERE excluded.rev > chancery_records.rev;

SELECT dyad, count(*) FILTER (WHERE quad <= 2) AS cooperation, count(*) FILTER (WHERE quad >= 3) AS conflict
FROM chancery_records WHERE op <> 'retract' AND dyad IS NOT NULL
GROUP BY dyad ORDER BY count(*) DESC, dyad LIMIT 20;
