"""Reads exported files as strictly as their formats are written, and prints what it found as JSON.

    python3 read.py cast FILE    asciicast v2, played on a terminal (pyte): what stands on it at the end
    python3 read.py csv FILE     RFC 4180: one object a line

It knows nothing of the playground. What is against the format ends it with the reason.
"""

import csv
import json
import sys


def cast(path):
    import pyte

    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().split("\n")
    assert lines.pop() == "", "the last line is not ended"
    header, *events = [json.loads(line) for line in lines]
    assert header["version"] == 2, header
    assert all(isinstance(header[key], int) and header[key] > 0 for key in ("width", "height")), header
    screen = pyte.HistoryScreen(header["width"], header["height"], history=10_000, ratio=0.5)
    terminal = pyte.Stream(screen)
    marks, last = [], 0.0
    for time, code, data in events:
        assert time >= last, f"{time} comes after {last}"
        last = time
        assert code in ("o", "m"), code
        if code == "o":
            terminal.feed(data)
        else:
            marks.append([time, data])
    gone = ["".join(row[x].data for x in sorted(row)) for row in screen.history.top]
    shown = [line.rstrip() for line in gone + list(screen.display)]
    return {"title": header.get("title"), "shown": [line for line in shown if line], "marks": marks, "end": last}


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    assert text.startswith("\ufeff"), "a spreadsheet would take it for another encoding"
    assert text.endswith("\r\n"), "the last line is not ended"
    rows = list(csv.reader(text[1:].splitlines(keepends=True), strict=True))
    head, *body = rows
    assert all(len(row) == len(head) for row in body), "a line has more or fewer cells than there are columns"
    return [dict(zip(head, row)) for row in body]


def main():
    what, path = sys.argv[1:]
    json.dump({"cast": cast, "csv": table}[what](path), sys.stdout)


main()
