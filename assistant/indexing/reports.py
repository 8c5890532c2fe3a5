"""One file of the corpus made ready for the catalog: read, split, its terms and vectors made, packed. Reads the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from assistant.errors import ReadingError
from assistant.indexing import passages as splitter
from assistant.indexing import terms as term_maker
from assistant.language import aliases
from assistant.language.text import join_wrapped
from assistant.models.embedders import Embedder
from assistant.reading import quality, reader
from assistant.reading.metadata import Facts
from assistant.reading.reader import NO_LIMITS, Limits
from assistant.stores.codec import PackedReport, pack_whole
from assistant.stores.dense import eight_bit


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file became no report: a message key with its values."""

    code: str
    values: tuple[tuple[str, str], ...]


def made(
    file: Path, path: PurePosixPath, embedder: Embedder, facts: Facts, limits: Limits = NO_LIMITS
) -> PackedReport | Failure:
    """The report of a file that is to stand at `path`; whatever is wrong with it is a `Failure`, never an exception.

    `facts` are its side-car's and go before what the file says of itself.
    """
    try:
        return _packed(file, path, embedder, facts, limits)
    except ReadingError as error:
        return Failure(error.code, tuple(error.values.items()))
    except Exception as error:  # one report never stops the others
        return unexpected(f"{type(error).__name__}: {error}")


def unexpected(reason: str) -> Failure:
    """A failure that no reader has a name for."""
    return Failure("report_unexpected", (("reason", reason),))


def _packed(file: Path, path: PurePosixPath, embedder: Embedder, facts: Facts, limits: Limits) -> PackedReport:
    data = reader.read_bytes(file, limits)
    if not reader.is_readable(path):
        raise ReadingError("format_not_yet", suffix=path.suffix.lower())
    report = reader.read(data, path, limits)
    report = replace(report, source=replace(report.source, **facts))
    passages = splitter.split(report)
    texts = [passage.search_text for passage in passages]
    terms = [term_maker.passage_terms(passage) for passage in passages]
    vectors = embedder.embed_passages(texts)
    words = [join_wrapped(passage.said(unit)) for passage in passages for unit in passage.units]
    units = eight_bit(embedder.embed_passages(words))
    return pack_whole(report, passages, terms, vectors, units, aliases.mine(report.text), quality.notes(report))
