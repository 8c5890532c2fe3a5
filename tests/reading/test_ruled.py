"""Tables by their ruling lines: grids, merged cells, what is no table, and the same printed in a PDF."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from assistant.reading import reader
from assistant.reading.ruled import Rule, find_tables
from assistant.types import BlockKind, Report
from tests.reading.pdfs import HEIGHT, WIDTH, pdf, words


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    """All lines of a grid without merged cells."""
    return [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]


def drawn(rules: Sequence[Rule]) -> bytes:
    return b"".join(b"%g %g m %g %g l S\n" % (x0, HEIGHT - y0, x1, HEIGHT - y1) for x0, y0, x1, y1 in rules)


def read(page: bytes) -> Report:
    return reader.read(pdf([page]), PurePosixPath("a.pdf"))


def rows(report: Report) -> list[dict[str, str]]:
    cells = [block.cells for block in report.blocks if block.kind is BlockKind.TABLE_ROW]
    return [{cell.header: report.text[cell.start : cell.end] for cell in row} for row in cells]


def test_a_grid_knows_which_cell_holds_a_point():
    (table,) = find_tables(grid([50, 150, 250], [100, 120, 140]), WIDTH, HEIGHT)
    assert (table.xs, table.ys) == ((50, 150, 250), (100, 120, 140))
    assert [table.cell_at(*point) for point in ((60, 110), (200, 130), (40, 110), (60, 150))] == [
        (0, 0),
        (1, 1),
        None,
        None,
    ]


def test_cells_without_a_line_between_them_are_one():
    rules = [*grid([50, 150, 250, 350], [100, 120, 140, 160])]
    rules = [rule for rule in rules if rule not in {(250, 100, 250, 160), (50, 120, 350, 120)}]
    rules += [(250, 120, 250, 160), (150, 120, 350, 120)]
    (table,) = find_tables(rules, WIDTH, HEIGHT)
    assert table.owners[0, 2] == table.owners[0, 1] == (0, 1)
    assert table.owners[1, 0] == table.owners[0, 0] == (0, 0)
    assert len(set(table.owners.values())) == 7


def test_double_lines_and_thin_bars_are_one_line_and_broken_ones_go_on():
    doubled = [rule for rule in grid([50, 150, 250], [100, 120, 140]) for _ in range(2)]
    doubled = [(a, b + shift, c, d + shift) for (a, b, c, d), shift in zip(doubled, [0, 1.5] * 6, strict=True)]
    broken = [
        (50, 120, 149, 120),
        (151, 120, 250, 120),
        *[r for r in doubled if not (r[1] == r[3] and 119 < r[1] < 123)],
    ]
    (table,) = find_tables(broken, WIDTH, HEIGHT)
    assert (len(table.xs), len(table.ys)) == (3, 3)


def test_a_frame_a_page_border_and_a_drawing_are_no_tables():
    assert find_tables(grid([50, 250], [100, 140]), WIDTH, HEIGHT) == []
    assert find_tables(grid([0, 300, WIDTH], [0, 400, HEIGHT]), WIDTH, HEIGHT) == []
    assert find_tables([(x, 0, x, 100.0) for x in range(0, 20_000, 7)], WIDTH, HEIGHT) == []


def test_two_tables_beside_each_other_stay_two():
    rules = [*grid([50, 100, 150], [100, 120, 140]), *grid([300, 350, 400], [100, 120, 140])]
    assert [table.xs for table in find_tables(rules, WIDTH, HEIGHT)] == [(50, 100, 150), (300, 350, 400)]


def test_a_printed_table_has_headers_wrapped_cells_and_a_box_for_each_line():
    page = drawn(grid([50, 150, 300, 400], [100, 120, 150, 170])) + b"".join(
        words(x, y, text)
        for x, y, text in [
            (50, 80, "Table 1 Plans"),
            *((55, 114, "Company"), (155, 114, "Plan"), (305, 114, "Amount")),
            *((55, 132, "Valeo"), (155, 132, "A new laboratory for"), (155, 144, "batteries"), (305, 132, "1,200")),
            *((55, 164, "Momenta"), (155, 164, "A plant"), (305, 164, "85")),
            (50, 200, "The text goes on below the table."),
        ]
    )
    report = read(page)
    assert rows(report) == [
        {"Company": "Valeo", "Plan": "A new laboratory for batteries", "Amount": "1,200"},
        {"Company": "Momenta", "Plan": "A plant", "Amount": "85"},
    ]
    row = next(block for block in report.blocks if block.row == "Valeo")
    assert [report.text[line.start : line.end] for line in row.boxes] == [
        "Valeo", "A new laboratory for", "batteries", "1,200",
    ]  # fmt: skip
    assert [block.kind.value for block in report.blocks] == ["caption", "table_row", "table_row", "paragraph"]


def test_a_grid_that_is_mostly_empty_is_a_charts():
    page = drawn(grid([50, 150, 250, 350], [100, 150, 200, 250])) + words(60, 120, "Peak") + words(160, 220, "Low")
    report = read(page + words(50, 300, "The figure shows a peak in spring."))
    assert not any(block.kind is BlockKind.TABLE_ROW for block in report.blocks)
