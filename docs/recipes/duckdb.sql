-- DuckDB over the records as they are: no import. Start it in the directory of events.jsonl.
--   duckdb < duckdb.sql

-- Strings for days and codes stay strings, so leading zeros survive; the newest revision of each record counts.
CREATE OR REPLACE VIEW events AS
SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY id ORDER BY rev DESC) AS newest
  FROM read_json('events.jsonl', format = 'newline_delimited', auto_detect = true, sample_size = -1,
                 maximum_object_size = 16777216)
)
WHERE newest = 1 AND op <> 'retract';

-- Cooperation and conflict between pairs, by month.
SELECT dyad, strftime(CAST(date AS DATE), '%Y-%m') AS month,
       count(*) FILTER (quad <= 2) AS cooperation,
       count(*) FILTER (quad >= 3) AS conflict
FROM events WHERE dyad IS NOT NULL AND duplicate_of IS NULL
GROUP BY ALL ORDER BY cooperation + conflict DESC, dyad, month LIMIT 20;

-- What is behind a figure: the sentences.
SELECT date, event, evidence.text, article.source FROM events WHERE dyad = 'EUR>BLR' ORDER BY date;
