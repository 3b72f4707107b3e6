"""pandas: the records as a table, and cooperation and conflict by day.  python events.py events.jsonl"""
import json
import sys

import pandas as pd


def events(path: str) -> pd.DataFrame:
    """One row an event, in its newest revision; lists stay lists, codes stay text."""
    with open(path, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.startswith('{"schema":"event/1.')]
    table = pd.DataFrame.from_records(records).sort_values("rev").drop_duplicates("id", keep="last")
    table = table[table["op"] != "retract"]
    # Dates in old stories reach beyond what nanoseconds can hold.
    table["day"] = table["date"].map(lambda d: pd.Period(d, "D"))
    return table


if __name__ == "__main__":
    table = events(sys.argv[1] if len(sys.argv) > 1 else "events.jsonl")
    once = table[table["duplicate_of"].isna()]
    side = once["quad"].map(lambda q: "cooperation" if q <= 2 else "conflict")
    print(once.groupby(["day", side]).size().unstack(fill_value=0).to_string())
