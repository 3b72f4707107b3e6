"""Every actor table that goes through a pandas data frame comes back, by `chancery lex fmt`, to the bytes it had.

usage: round_trip.py CHANCERY LEXICON_DIR     (needs pandas)
"""
import pathlib
import subprocess
import sys
import tempfile

import pandas

chancery, lexicon = sys.argv[1], pathlib.Path(sys.argv[2])
failed = []
for table in sorted((lexicon / "actors").glob("*.tsv")):
    text = table.read_text(encoding="utf-8")
    head = sum(line.startswith("#") for line in text.splitlines())
    ways = {
        # As the manual says.
        "as text": dict(dtype=str, keep_default_na=False),
        # As a hurried person does it: years become numbers.
        "in haste": dict(keep_default_na=False, na_values=[""]),
    }
    for how, options in ways.items():
        frame = pandas.read_csv(table, sep="\t", skiprows=head, quoting=3, **options)
        frame = frame[sorted(frame.columns)]
        with tempfile.TemporaryDirectory() as place:
            copy = pathlib.Path(place) / table.name
            frame.to_csv(copy, sep="\t", index=False)
            done = subprocess.run([chancery, "-q", "lex", "fmt", str(copy)], capture_output=True, text=True)
            if done.returncode or copy.read_text(encoding="utf-8") != text:
                failed.append(f"{table.name} {how}: exit {done.returncode} {done.stderr[:300]}")
print("\n".join(failed) or "every table comes back to its bytes")
sys.exit(bool(failed))
