#!/usr/bin/env python3
"""Draws the first table of a Markdown file that has the columns "workload", "program" and "wall s":
a bar for each line, as long as it took. Writes an SVG that is readable on light and on dark pages.

    bench/picture.py docs/performance.md > docs/performance.svg
"""

import re
import sys
from html import escape
from pathlib import Path

WIDTH, LEFT, RIGHT = 760, 290, 90  # of the picture, of the labels, of the figures behind the bars
ROW, BAR, TOP = 30, 18, 52
OURS = "kintone-sync"

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.note, .program { fill: #57606a }
.ours { fill: #0969da } .other { fill: #8c959f } .axis { stroke: #d0d7de }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .note, .program { fill: #9198a1 }
  .ours { fill: #4493f8 } .other { fill: #656c76 } .axis { stroke: #3d444d }
}"""


def cells(line):
    return [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]


def bars(markdown):
    """The workload, the program and the seconds of each line of the table."""
    head, found = None, []
    for line in markdown.splitlines():
        if not line.startswith("|"):
            if found:
                break
            head = None
        elif head is None:
            head = cells(line)
        elif "wall s" in head and "workload" in head and "program" in head:
            row = dict(zip(head, cells(line)))
            if re.fullmatch(r"[\d,]+(\.\d+)?", row.get("wall s", "")):
                found.append((row["workload"], row["program"], float(row["wall s"].replace(",", ""))))
    return found


def svg(found, title, note):
    longest = max(seconds for _, _, seconds in found)
    room = WIDTH - LEFT - RIGHT
    height = TOP + ROW * len(found) + 34
    said = "; ".join(f"{workload}, {program}: {seconds:,.1f} s" for workload, program, seconds in found)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
           f'height="{height}" role="img" aria-labelledby="t d">',
           f'<title id="t">{escape(title)}</title><desc id="d">{escape(said)}</desc>',
           f"<style>{STYLE}</style>",
           f'<text class="title" x="12" y="26">{escape(title)}</text>',
           f'<line class="axis" x1="{LEFT}" y1="{TOP - 8}" x2="{LEFT}" y2="{TOP + ROW * len(found)}"/>']
    for number, (workload, program, seconds) in enumerate(found):
        y = TOP + ROW * number
        text = y + BAR - 4
        length = max(2, round(room * seconds / longest))
        out += [f'<text x="12" y="{text}">{escape(workload)}</text>',
                f'<text class="program" x="{LEFT - 10}" y="{text}" text-anchor="end">{escape(program)}</text>',
                f'<rect class="{"ours" if program == OURS else "other"}" x="{LEFT}" y="{y}" '
                f'width="{length}" height="{BAR}" rx="2"/>',
                f'<text x="{LEFT + length + 8}" y="{text}">{seconds:,.1f} s</text>']
    out += [f'<text class="note" x="12" y="{height - 12}">{escape(note)}</text>', "</svg>"]
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    found = bars(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if not found:
        sys.exit(f"{sys.argv[1]} has no table with workload, program and wall s.")
    title = sys.argv[2] if len(sys.argv) > 2 else "Seconds from start to end, less is better"
    note = sys.argv[3] if len(sys.argv) > 3 else ""
    sys.stdout.write(svg(found, title, note))


if __name__ == "__main__":
    main()
