-- DuckDB over Parquet:  chancery export --to parquet -o lake   (or  chancery watch inbox --to parquet:lake)
--   duckdb < parquet.sql
SELECT date, count(*) AS events, count(*) FILTER (quad >= 3) AS conflict
FROM read_parquet('lake/*/*.parquet', hive_partitioning = false)
GROUP BY date ORDER BY date;
