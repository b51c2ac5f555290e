# SPDX-License-Identifier: MIT
"""Pictures of numbers as SVG that stands in a page: its colours are classes of
reports/templates/site.css, and its text is read aloud in its place."""

import math
import re

from markupsafe import Markup, escape

LINE = (160, 28)  # pixels of a line in a table
CHART = {"width": 460, "height": 260, "left": 46, "right": 74, "top": 22, "bottom": 28}
TIMES = ((100, "0.1 s"), (1000, "1 s"), (10000, "10 s"), (60000, "1 min"), (300000, "5 min"))
SHORTEST, LONGEST, MOST_LOST = 40, 400000, 50  # ms, ms, percent


def svg(width, height, label, body, kind):
    return Markup(f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">'
                  f"{body}</svg>")


def css(name):
    """The class of a library's colour; another timer of it (`openssl-...`) has none of its own."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def points(pairs):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)


def trend(numbers, unit=""):
    """A line through the numbers, the oldest on the left; nothing without two of them."""
    numbers = [number for number in numbers if number is not None]
    if len(numbers) < 2:
        return ""
    width, height = LINE
    low, high = min(numbers), max(numbers)
    step = (width - 8) / (len(numbers) - 1)
    place = [(4 + i * step, height - 4 - (n - low) * (height - 8) / (high - low) if high > low else height / 2)
             for i, n in enumerate(numbers)]
    x, y = place[-1]
    label = f"from {numbers[0]}{unit} to {numbers[-1]}{unit} in {len(numbers)} runs, between {low}{unit} and {high}{unit}"
    return svg(width, height, label, f'<polyline points="{points(place)}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>', "trend")


def share(parts, label):
    """A bar of (css class, number)."""
    total = sum(number for _, number in parts) or 1
    body, at = "", 0.0
    for kind, number in parts:
        wide = 100 * number / total
        body += f'<rect class="{kind}" x="{at:.2f}" y="0" width="{wide:.2f}" height="6"/>'
        at += wide
    return Markup(f'<svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
                  f"{body}</svg>")


def place(loss, milliseconds):
    """Where a point of the loss chart is: the scale of time is logarithmic."""
    c = CHART
    tall = (math.log(milliseconds) - math.log(SHORTEST)) / (math.log(LONGEST) - math.log(SHORTEST))
    return (c["left"] + loss * (c["width"] - c["left"] - c["right"]) / MOST_LOST,
            c["height"] - c["bottom"] - tall * (c["height"] - c["bottom"] - c["top"]))


def axes(title):
    c = CHART
    body = f'<text class="title" x="{c["left"]}" y="13">{escape(title)}</text>'
    for time, name in TIMES:
        _, y = place(0, time)
        body += (f'<line x1="{c["left"]}" x2="{c["width"] - c["right"]}" y1="{y:.1f}" y2="{y:.1f}"/>'
                 f'<text class="end" x="{c["left"] - 6}" y="{y + 4:.1f}">{name}</text>')
    for loss in range(0, MOST_LOST + 1, 10):
        x, _ = place(loss, SHORTEST)
        body += f'<text class="middle" x="{x:.1f}" y="{c["height"] - 8}">{loss} %</text>'
    return body


def curve(name, results, field):
    """One library: a line that ends where too few handshakes connect."""
    measured = sorted((r for r in results if r.get(field) is not None), key=lambda r: r["loss"])
    where = [place(r["loss"], r[field]) for r in measured]
    body = f'<polyline points="{points(where)}"/>'
    for (x, y), r in zip(where, measured):
        body += (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{escape(name)}, {r["loss"]} % lost: {r[field]} ms, '
                 f'{r["connected"]} of {r["handshakes"]} connected</title></circle>')
    return f'<g class="of-{css(name)}">{body}</g>'


def under_loss(results, field, title):
    """How long handshakes take, by the share of datagrams that is lost, a line for each library."""
    c, body = CHART, axes(title)
    names = list(dict.fromkeys(r["library"] for r in results))
    for i, name in enumerate(names):
        body += curve(name, [r for r in results if r["library"] == name], field)
        x, y = c["width"] - c["right"] + 12, c["top"] + 8 + i * 15
        body += f'<g class="of-{css(name)}"><circle cx="{x}" cy="{y}" r="4"/></g><text x="{x + 8}" y="{y + 4}">{escape(name)}</text>'
    return svg(c["width"], c["height"], f"{title}; the numbers are in the table below", body, "chart")
