"""Whether live readers hold back the pipeline: a real watch reads articles that arrive at a steady pace, first alone, then with
many readers of its live stream, one of whom never reads.

    python3 benches/stream.py CHANCERY LISTENERS [ARTICLES A SECOND, default 200] [SECONDS, default 30] [READERS, default 500]

CHANCERY is the program, LISTENERS the example of that name, both built with optimisation. Each article gives one event.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

chancery, listeners = map(os.path.abspath, sys.argv[1:3])
rate, seconds, readers = [int(a) for a in sys.argv[3:]] + [200, 30, 500][len(sys.argv) - 3:]
COUNTRIES = ["Norway", "Fiji", "Peru", "Kenya", "Japan", "Poland", "Egypt", "Brazil", "Mexico", "Sudan", "Chile", "Nepal"]


def article(n):
    a, b = COUNTRIES[n % 12], COUNTRIES[(n // 12 + n % 12 + 1) % 12]
    b = b if b != a else "Canada"
    return f"Dispatch {n}\n\nOSLO, Nov 22 (Fjord Wire) - {a} imposed sanctions on {b} on Sunday, officials of village {n} said.\n"


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(count):
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        inbox, draft = place / "inbox", place / "draft"
        inbox.mkdir()
        draft.mkdir()
        env = {k: v for k, v in os.environ.items() if not k.startswith("CHANCERY_")} | {"CHANCERY_WATCH_SETTLE_MS": "50"}
        watch = subprocess.Popen([chancery, "watch", inbox, "--out", place / "events.jsonl", "--serve", "-p", "0"], env=env,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        address = next(m[1] for m in (re.search(r"dashboard: http://(\S+?)/", line) for line in watch.stderr) if m)
        ready = next(line for line in watch.stderr if "watching" in line)
        assert ready
        others = None
        if count:
            others = subprocess.Popen([listeners, address, str(count), str(seconds + 25)], stdout=subprocess.PIPE, text=True)
            # One more than the readers: the one that never reads.
            while f"chancery_streams {count + 1}" not in urllib.request.urlopen(f"http://{address}/metrics").read().decode():
                time.sleep(0.1)
        total, written, lines, at, late = rate * seconds, 0, 0, 0, 0.0
        began, before = time.monotonic(), cpu(watch.pid)
        first = last = None
        while lines < total and time.monotonic() - began < seconds + 60:
            due = min(total, int((time.monotonic() - began) * rate))
            while written < due:
                path = draft / f"{written}.txt"
                path.write_text(article(written))
                path.rename(inbox / path.name)
                written += 1
            try:
                with open(place / "events.jsonl", "rb") as out:
                    out.seek(at)
                    new = out.read()
            except FileNotFoundError:
                new = b""
            at += len(new)
            got = new.count(b"\n")
            if got:
                first = first or time.monotonic()
                last = time.monotonic()
                lines += got
                late = max(late, (written - lines) / rate)
            time.sleep(0.02)
        pace = lines / (last - began)
        spent = cpu(watch.pid) - before
        metrics = urllib.request.urlopen(f"http://{address}/metrics").read().decode()
        missed = re.search(r"^chancery_stream_missed_events_total (\d+)", metrics, re.M)[1]
        stalled = re.search(r"^chancery_clients_stalled_total (\d+)", metrics, re.M)[1]
        print(f"{count} readers: {lines} of {total} events, {pace:.1f} a second; the last {last - began - seconds:.2f} s after its article was due, "
              f"at most {late:.2f} s of articles waiting; the watch used {spent:.1f} s of CPU; events missed by slow readers {missed}, readers dropped {stalled}", flush=True)
        if others:
            print("  " + others.communicate()[0].strip(), flush=True)
        watch.terminate()
        watch.wait()
        return pace


alone, crowded = run(0), run(readers)
print(f"pace with {readers} readers and one that never reads: {100 * crowded / alone:.1f} % of the pace alone")
