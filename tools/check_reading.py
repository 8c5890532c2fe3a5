"""How PDFs with an outline are read: is every heading of the outline found on its page, is a running head in a passage?

    python tools/check_reading.py FILE.pdf [FILE.pdf …]
    python tools/check_reading.py --repeat 1000 FILE.pdf        # speed and memory over a file of 1,000 pages of this one

A heading is found when a heading block of the page that the outline names holds its words, numbering and white space
apart. A running head is a first or last line that at least a fifth of the pages share, digits apart.
"""

from __future__ import annotations

import io
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pypdfium2

from assistant.reading import reader
from assistant.types import BlockKind, Report

_NUMBERING = re.compile(r"^(?:第\s?\d+\s?章|(?:chapter|appendix)\s+\w+|(?:\d+|[A-Z])(?:\.\d+)*\.?)\s+", re.IGNORECASE)
_SHARE = 0.2


def main(files: list[str]) -> None:
    """Print the figures of each file, and what was missed; or what reading one, repeated, costs."""
    if files[:1] == ["--repeat"]:
        measure(Path(files[2]), int(files[1]))
        return
    for file in files:
        data = Path(file).read_bytes()
        report = reader.read(data, PurePosixPath(Path(file).name))
        outline = list(_outline(data))
        missed = [f"{title} (p. {page})" for title, page in outline if not _is_found(report, title, page)]
        astray = list(_running_heads_in_blocks(report))
        print(f"{file}: {len(outline) - len(missed)} of {len(outline)} headings on their page; "
              f"{len(astray)} running heads in blocks")  # fmt: skip
        for line in (*missed, *astray):
            print(f"    {line}")


def measure(file: Path, pages: int) -> None:
    """Read a file of so many pages, repeated from another; print pages a CPU second and the memory that reading took."""
    source, repeated, out = pypdfium2.PdfDocument(file), pypdfium2.PdfDocument.new(), io.BytesIO()
    while len(repeated) < pages:
        repeated.import_pages(source, list(range(min(len(source), pages - len(repeated)))))
    repeated.save(out)
    repeated.close()
    before, started = _peak_mb(), time.process_time()
    report = reader.read(out.getvalue(), PurePosixPath(file.name))
    seconds = time.process_time() - started
    print(f"{pages} pages, {len(report.text):,} characters: {pages / seconds:.0f} pages a CPU second; "
          f"{_peak_mb() - before:.0f} MB more at the peak")  # fmt: skip


def _peak_mb() -> float:
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _outline(data: bytes) -> Iterator[tuple[str, int]]:
    for item in pypdfium2.PdfDocument(data).get_toc():
        target = item.get_dest()
        if target is not None:
            yield item.get_title(), (target.get_index() or 0) + 1


def _is_found(report: Report, title: str, page: int) -> bool:
    heads = (block for block in report.blocks if block.kind is BlockKind.HEADING and block.page == page)
    return any(_key(title) in _key(report.text[head.start : head.end]) for head in heads)


def _running_heads_in_blocks(report: Report) -> Iterator[str]:
    edges = [set(_edges(report.text[page.start : page.end])) for page in report.pages]
    counts = Counter(line for page in edges for line in page)
    running = {line for line, count in counts.items() if count > max(1, _SHARE * len(edges))}
    for block in report.blocks:
        for line in report.text[block.start : block.end].split("\n"):
            if _shape(line) in running:
                yield f"p. {block.page}: {line}"


def _edges(text: str) -> Iterator[str]:
    lines = [line for line in text.split("\n") if line.strip()]
    yield from map(_shape, [*lines[:1], *lines[-1:]])


def _shape(line: str) -> str:
    return re.sub(r"\d+", "\0", "".join(unicodedata.normalize("NFKC", line).split()))


def _key(text: str) -> str:
    return "".join(_NUMBERING.sub("", unicodedata.normalize("NFKC", text).strip()).split()).lower()


if __name__ == "__main__":
    main(sys.argv[1:])
