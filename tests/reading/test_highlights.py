"""The words that a picture boxes are the quote's, for random passages and sentences of every format."""

import random
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.indexing import passages as splitter
from assistant.reading import drawings
from assistant.reading.pictures import quoted_boxes
from assistant.types import Report
from tests.reading.marks import drawn_inside, printed_inside, squeezed
from tests.reading.test_samples import DATA, SAMPLES, read

QUOTES = 200
FILES = [*(DATA / name for name in SAMPLES), *sorted((Path(__file__).parents[2] / "corpus").glob("*.digest.md"))]


def quotes(report: Report, chance: random.Random) -> tuple[int, int]:
    """A passage, one of its sentences, or words cut out of it anywhere."""
    passage = chance.choice(splitter.split(report))
    unit = chance.choice(passage.units or [passage.anchor])
    start = chance.randrange(unit.start, unit.end)
    spans = [(passage.anchor.start, passage.anchor.end), (unit.start, unit.end), (start, min(start + 25, unit.end))]
    return chance.choice(spans)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_boxes_hold_the_quotes_characters_and_no_others(path: Path) -> None:
    report, data, chance = read(path), path.read_bytes(), random.Random(path.name)
    for _ in range(QUOTES // len(FILES) + 1):
        start, end = quotes(report, chance)
        if path.suffix != ".pdf":
            quote = "".join(report.text[max(b.start, start) : min(b.end, end)] for b in report.blocks if b.end > start)
            found = drawn_inside(ElementTree.fromstring(drawings.drawing(report, start, end)))
            assert squeezed(found) == squeezed(quote)
            continue
        blocks = [block for block in report.blocks if block.start < end and start < block.end]
        page = blocks[0].page or 1
        lines = [
            one for block in blocks for one in block.boxes if one.page == page and one.end > start and one.start < end
        ]
        quote = "".join(report.text[max(one.start, start) : min(one.end, end)] for one in lines)
        assert squeezed(quote)
        assert printed_inside(data, page, quoted_boxes(data, page, lines, report.text, start, end)) == squeezed(quote)
