"""Plots as inline SVG: intervals by group, a histogram of seconds. Pure; readable without colour and on paper."""

from __future__ import annotations

import math
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
    parts = [_legend(series), _grid(top, height - 22)]
    for at, (label, points) in enumerate(rows):
        y = top + at * band
        parts.append(
            f'<text class="label" x="{_LEFT - 12}" y="{y + band / 2 + 4:.1f}" text-anchor="end">{escape(label)}</text>'
        )
        parts += [_point(y + 4 + _LINE * (n + 0.5), _MARKS[n % 2], series[n], point) for n, point in enumerate(points)]
        parts.append(f'<line class="rule" x1="0" x2="{_WIDTH}" y1="{y + band}" y2="{y + band}"/>')
    return _svg("intervals", title, height, parts)


def _legend(series: Sequence[str]) -> str:
    parts = []
    for n, name in enumerate(series):
        x = _LEFT + n * 170
        parts.append(_mark(_MARKS[n % 2], x + 5, 11) + f'<text class="key" x="{x + 15}" y="15">{escape(name)}</text>')
    return "".join(parts)


def _grid(top: int, bottom: int) -> str:
    lines = (
        f'<line class="grid" x1="{_x(tick / 4):.1f}" x2="{_x(tick / 4):.1f}" y1="{top}" y2="{bottom}"/>'
        f'<text class="tick" x="{_x(tick / 4):.1f}" y="{bottom + 15}" text-anchor="middle">{tick / 4:g}</text>'
        for tick in range(5)
    )
    return "".join(lines)


def _point(y: float, mark: str, series: str, point: Point) -> str:
    note = f'<text class="note" x="{_WIDTH - 4}" y="{y + 4:.1f}" text-anchor="end">{escape(point.note)}</text>'
    if point.value is None:
        return note
    line = ""
    if point.low is not None and point.high is not None:
        line = (
            f'<line class="range {mark}" x1="{_x(point.low):.1f}" x2="{_x(point.high):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
    told = f"<title>{escape(f'{series}: {point.value:.2f} {point.note}')}</title>"
    return f"<g>{told}{line}{_mark(mark, _x(point.value), y)}{note}</g>"


def _mark(mark: str, x: float, y: float) -> str:
    if mark == "first":
        return f'<circle class="mark first" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return f'<rect class="mark second" x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9"/>'


def _x(share: float) -> float:
    return _LEFT + max(0.0, min(1.0, share)) * (_WIDTH - _LEFT - _RIGHT)


def histogram(title: str, seconds: Sequence[float], lines: Sequence[tuple[str, float]]) -> str:
    """How many questions took how long, in bins of about equal width on a logarithmic axis; `lines` are marked."""
    counts = [0] * (len(_BINS) + 1)
    for value in seconds:
        counts[sum(value >= bound for bound in _BINS)] += 1
    first = next((at for at, count in enumerate(counts) if count), 0)
    last = max((at for at, count in enumerate(counts) if count), default=0)
    used = range(max(0, first - 1), min(len(counts), last + 2))
    width, floor, tallest = (_WIDTH - 80) / len(used), 165, max([1, *counts])
    parts = [_bar(60 + n * width, width, floor, counts[at], 120 * counts[at] / tallest) for n, at in enumerate(used)]
    parts += [_edge(60 + n * width, floor, _BINS[at - 1]) for n, at in enumerate(used) if at > 0]
    parts.append(f'<line class="axis" x1="60" x2="{_WIDTH - 20}" y1="{floor}" y2="{floor}"/>')
    parts += [_marked(60 + _place(value, used.start, width), floor, name, n) for n, (name, value) in enumerate(lines)]
    return _svg("histogram", title, 190, parts)


def _bar(x: float, width: float, floor: int, count: int, height: float) -> str:
    if not count:
        return ""
    return (
        f'<rect class="bar" x="{x + 1.5:.1f}" y="{floor - height:.1f}" width="{width - 3:.1f}" height="{height:.1f}"/>'
        f'<text class="tick" x="{x + width / 2:.1f}" y="{floor - height - 4:.1f}" text-anchor="middle">{count}</text>'
    )


def _edge(x: float, floor: int, bound: float) -> str:
    return f'<text class="tick" x="{x:.1f}" y="{floor + 16}" text-anchor="middle">{bound:g}</text>'


def _place(value: float, first: int, width: float) -> float:
    at = sum(value >= bound for bound in _BINS)
    low = _BINS[at - 1] if at > 0 else _BINS[0] / 2
    high = _BINS[at] if at < len(_BINS) else low * 2
    return (at - first + math.log(max(value, low) / low) / math.log(high / low)) * width


def _marked(x: float, floor: int, name: str, row: int) -> str:
    y = 12 + 11 * row
    return (
        f'<line class="at" x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{floor}"/>'
        f'<text class="key" x="{x + 4:.1f}" y="{y + 4}">{escape(name)}</text>'
    )


def _svg(kind: str, title: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title, quote=True)}">'
        + "".join(parts)
        + "</svg>"
    )
