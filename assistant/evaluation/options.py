"""The options of `assistant evaluate`, apart from what runs them: help has to be quick."""

from __future__ import annotations

import argparse
from pathlib import Path

TIMEOUT_S = 300.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("questions", type=Path, metavar="QUESTIONS", help="JSON Lines or CSV")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the results go (default: evaluations/NAME-TIME)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument("--compare", type=Path, metavar="DIR", help="an earlier run to compare with")
    parser.add_argument(
        "--fail-under",
        action="append",
        default=[],
        metavar="MEASURE=VALUE",
        help="exit 4 when a measure misses its value (repeatable): success@5.en=0.9, seconds_p95=0.5 (at most)",
    )
    parser.add_argument("--check", action="store_true", help="only check the file, and its evidence against the corpus")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    parser.add_argument(
        "--timeout",
        type=float,
        default=TIMEOUT_S,
        metavar="SECONDS",
        help=f"limit of a question (default: {TIMEOUT_S:g})",
    )
