"""Plots as inline SVG: intervals by group, a histogram of seconds. Pure; readable without colour and on paper."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LEFT, _RIGHT, _LINE = 640, 190, 76, 17
_MARKS = ("first", "second")
_BINS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300)


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its interval over 0..1; None is drawn as nothing. `note` stands at the right ("n=26")."""

    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


def interval_plot(title: str, series: Sequence[str], rows: Sequence[tuple[str, Sequence[Point]]]) -> str:
    """A line a row and series: a dot with its interval over 0..1, the first series round and the second square."""
    band = _LINE * len(series) + 8
    top, height = 30, 30 + band * len(rows) + 22
    parts = []
    for n, name in enumerate(series):
        x = _LEFT + n * 170
        parts.append(_mark(_MARKS[n % 2], x + 5, 11) + _text("key", x + 15, 15, name))
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(_line("grid", _x(share), _x(share), top, height - 22))
        parts.append(_text("tick", _x(share), height - 7, f"{share:g}", "middle"))
    for at, (label, points) in enumerate(rows):
        y = top + at * band
        parts.append(_text("label", _LEFT - 12, y + band / 2 + 4, label, "end"))
        parts += [_point(y + 4 + _LINE * (n + 0.5), _MARKS[n % 2], series[n], point) for n, point in enumerate(points)]
        parts.append(_line("rule", 0, _WIDTH, y + band, y + band))
    return _svg("intervals", title, height, parts)


def _point(y: float, mark: str, series: str, point: Point) -> str:
    note = _text("note", _WIDTH - 4, y + 4, point.note, "end")
    if point.value is None:
        return note
    has_range = point.low is not None and point.high is not None
    line = _line(f"range {mark}", _x(point.low), _x(point.high), y, y) if has_range else ""
    told = f"<title>{escape(f'{series}: {point.value:.2f} {point.note}')}</title>"
    return f"<g>{told}{line}{_mark(mark, _x(point.value), y)}{note}</g>"


def _mark(mark: str, x: float, y: float) -> str:
    if mark == "first":
        return f'<circle class="mark first" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return f'<rect class="mark second" x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9"/>'


def _x(share: float | None) -> float:
    return _LEFT + max(0.0, min(1.0, share or 0.0)) * (_WIDTH - _LEFT - _RIGHT)


def histogram(title: str, seconds: Sequence[float], lines: Sequence[tuple[str, float]]) -> str:
    """How many questions took how long, in bins of about equal width on a logarithmic axis; `lines` are marked."""
    counts = [0] * (len(_BINS) + 1)
    for value in seconds:
        counts[bisect_right(_BINS, value)] += 1
    filled = [at for at, count in enumerate(counts) if count] or [0]
    used = range(max(0, filled[0] - 1), min(len(counts), filled[-1] + 2))
    width, floor, tallest = (_WIDTH - 80) / len(used), 165, max(1, *counts)
    parts = [_line("axis", 60, _WIDTH - 20, floor, floor)]
    for n, at in enumerate(used):
        x, height = 60 + n * width, 120 * counts[at] / tallest
        if counts[at]:
            box = f'x="{x + 1.5:.1f}" y="{floor - height:.1f}" width="{width - 3:.1f}" height="{height:.1f}"'
            parts.append(f'<rect class="bar" {box}/>')
            parts.append(_text("tick", x + width / 2, floor - height - 4, str(counts[at]), "middle"))
        if at:
            parts.append(_text("tick", x, floor + 16, f"{_BINS[at - 1]:g}", "middle"))
    for n, (name, value) in enumerate(lines):
        x, y = 60 + _place(value, used.start, width), 12 + 11 * n
        parts += [_line("at", x, x, y, floor), _text("key", x + 4, y + 4, name)]
    return _svg("histogram", title, 190, parts)


def _place(value: float, first: int, width: float) -> float:
    at = bisect_right(_BINS, value)
    low = _BINS[at - 1] if at > 0 else _BINS[0] / 2
    high = _BINS[at] if at < len(_BINS) else low * 2
    return (at - first + math.log(max(value, low) / low) / math.log(high / low)) * width


def _line(kind: str, x1: float, x2: float, y1: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>'


def _text(kind: str, x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(kind: str, title: str, height: float, parts: Sequence[str]) -> str:
    box = f'viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title, quote=True)}"'
    return f'<svg class="{kind}" {box}>{"".join(parts)}</svg>'
