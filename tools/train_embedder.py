"""Train the bundled bilingual model: one table of piece vectors, learned by contrast, over a Unigram vocabulary.

Reads the folder of training data (see its README), writes a folder that `model2vec.StaticModel` opens. Runs on a CPU;
progress goes to stderr. A text's vector is the sum of its pieces' rows, scaled to length 1; every batch is drawn from
one source, so that the other texts of the batch are hard to tell apart, and every text must find its partner in it.

    python tools/train_embedder.py DATA OUT --cache CACHE
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np
import regex
import torch
from embedder_data import SCRIPTS, UNKNOWN, Rows, cut_into_runs, log, read_data, train_tokenizer
from numpy.typing import NDArray
from safetensors.numpy import load_file
from safetensors.numpy import save as serialise
from scipy.sparse import csr_matrix
from tokenizers import Tokenizer

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

MIX = (
    "kyoto=8,docs=12,casual=12,dictionary=18,names=5,questions=14,answers=8,leads=2,titles=4,"
    "windows_kyoto=8,windows_docs=10,windows_contexts=8"
)
NUMBERS = {
    "pieces": 64_000, "kanji-pieces": 18_500, "hiragana-pieces": 1_800, "katakana-words": 11_000, "latin-words": 28_000,
    "dimensions": 320, "batch": 2048, "steps": 4000, "longest": 256, "window-min": 2, "window-max": 6, "seed": 0,
    "threads": 2, "report": 100, "rate": 0.005, "temperature": 0.05, "rarity": 1.0, "dropout": 0.1, "share": 0.5,
    "alike": 0.0, "crop": 0.4, "framed": 0.4, "without": 0.5, "repeats": 2, "widen": 0.75,
    "flatten": 0.0,
}  # fmt: skip
_ENDING = regex.compile(r"(?:ing|ed|es|s|ly|er|ers|ies|y|e)$")


@dataclass
class Store:
    """All texts as piece ids, one after the other; text i is tokens[offsets[i]:offsets[i + 1]].

    `canon[i]` is the first text with the same pieces as text i; `columns` says where each column begins and ends.
    """

    tokens: NDArray[np.int32]
    offsets: Ints
    canon: Ints
    columns: dict[str, tuple[int, int]] = field(default_factory=dict)

    def ids(self, column: str) -> Ints:
        """The text ids of one column, in order."""
        return np.arange(*self.columns[column])


def tokenise(data: Rows, tokenizer: Tokenizer, cache: Path | None) -> Store:
    """Every text of every column as piece ids; read from the cache where it holds the same data."""
    columns, end = {}, 0
    for column, texts in data.items():
        columns[column] = (end, end + len(texts))
        end += len(texts)
    if cache and cache.exists():
        saved = np.load(cache)
        if len(saved["offsets"]) == end + 1:
            return Store(saved["tokens"], saved["offsets"], saved["canon"], columns)
    tokens, offsets, canon = _encode(data.values(), tokenizer)
    if cache:
        np.savez(cache, tokens=tokens, offsets=offsets, canon=canon)
    return Store(tokens, offsets, canon, columns)


def _encode(columns: Iterable[list[str]], tokenizer: Tokenizer) -> tuple[NDArray[np.int32], Ints, Ints]:
    unknown = tokenizer.token_to_id(UNKNOWN)
    pieces: list[NDArray[np.int32]] = []
    first: dict[bytes, int] = {}
    canon: list[int] = []
    for batch in (texts[at : at + 20_000] for texts in columns for at in range(0, len(texts), 20_000)):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            ids = np.array(encoding.ids, dtype=np.int32)
            ids = ids[ids != unknown]
            pieces.append(ids)
            canon.append(first.setdefault(ids.tobytes(), len(canon)))
    offsets = np.concatenate([[0], np.cumsum([len(ids) for ids in pieces])]).astype(np.int64)
    return np.concatenate(pieces), offsets, np.array(canon, dtype=np.int64)


@dataclass
class Spans:
    """Stretches of the store's tokens that make up one side of a batch: row r has tokens[starts:ends] wherever rows == r."""

    rows: Ints
    starts: Ints
    ends: Ints

    def plus(self, other: Spans) -> Spans:
        """Both sets of stretches together."""
        mine, others = (self.rows, self.starts, self.ends), (other.rows, other.starts, other.ends)
        return Spans(*(np.concatenate(pair) for pair in zip(mine, others, strict=True)))


@dataclass
class Batch:
    """Two sides whose rows belong together, and the pairs of rows (i, j) that must not count as negatives."""

    left: Spans
    right: Spans
    mask: NDArray[np.bool_]


Sampler = Callable[[np.random.Generator, int], Batch]


def texts_of(store: Store, ids: Ints) -> Spans:
    """One whole text a row."""
    return Spans(np.arange(len(ids)), store.offsets[ids], store.offsets[ids + 1])


def laid_out(spans: Spans, longest: int | None = None) -> tuple[Ints, Ints]:
    """The row and the place in the store of every token of the stretches, each cut after `longest`."""
    length = np.clip(spans.ends - spans.starts, 0, longest)
    place = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length - spans.starts, length)
    return np.repeat(spans.rows, length), place


def framed(store: Store, spans: Spans, language: NDArray[np.bool_], share: float, rng: np.random.Generator) -> Spans:
    """Some rows with the words of a question added (language: True for English), so that these come to weigh nothing."""
    rows = np.flatnonzero(rng.random(len(language)) < share)
    frames = [rng.integers(*store.columns[column], len(rows)) for column in ("frames.ja", "frames.en")]
    ids = np.where(language[rows], frames[1], frames[0])
    return spans.plus(Spans(rows, store.offsets[ids], store.offsets[ids + 1]))


def neighbours(rng: np.random.Generator, count: int, size: int, block: int, stride: int = 1) -> Ints:
    """`size` row numbers below `count` in blocks of near neighbours, which are the hardest negatives there are."""
    starts = rng.integers(0, max(1, count - block * stride), size // block + 1)
    return np.minimum(starts[:, None] + np.arange(block) * stride, count - 1).ravel()[:size]


def by_resemblance(store: Store, ids: Ints, table: Floats) -> Ints:
    """The places of texts in an order in which neighbours resemble each other, as far as `table` knows.

    Halved again and again along the line between two texts taken at random, down to 32.
    """
    rng, (rows, position) = np.random.default_rng(len(ids)), laid_out(texts_of(store, ids))
    counts = csr_matrix((np.ones(len(rows), np.float32), (rows, store.tokens[position])), shape=(len(ids), len(table)))
    vectors = counts @ table
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-6)
    parts, ordered = [np.arange(len(ids))], []
    while parts:
        part = parts.pop()
        if len(part) <= 32:
            ordered.append(part)
            continue
        one, other = vectors[rng.choice(part, 2)]
        halves = np.argpartition(vectors[part] @ (one - other), len(part) // 2)
        parts += [part[halves[len(part) // 2 :]], part[halves[: len(part) // 2]]]
    return np.concatenate(ordered)


def pairs(
    store: Store,
    left: Ints,
    right: Ints,
    *,
    block: int,
    frames: tuple[bool, float] = (False, 0.0),
    alike: tuple[Floats, float] | None = None,
) -> Sampler:
    """Batches of given pairs of texts. `frames`: whether the left side is English, and the share that is framed.

    `alike`: a table and a share of batches whose blocks are of right sides that resemble each other by that table.
    """
    order = by_resemblance(store, right, alike[0]) if alike else np.arange(len(right))

    def sample(rng: np.random.Generator, size: int) -> Batch:
        chosen = neighbours(rng, len(left), size, block)
        if alike and rng.random() < alike[1]:
            chosen = order[neighbours(rng, len(left), size, 16)]
        a, b = left[chosen], right[chosen]
        same = [store.canon[side][:, None] == store.canon[side][None, :] for side in (a, b)]
        spans = framed(store, texts_of(store, a), np.full(size, frames[0]), frames[1], rng)
        return Batch(spans, texts_of(store, b), (same[0] | same[1]) & ~np.eye(size, dtype=bool))

    return sample


def windows(store: Store, columns: tuple[str, ...], args: argparse.Namespace) -> Sampler:
    """Batches of a sentence (in either language, at times worded as a question) and a paragraph around it (in either)."""
    first = np.array([store.columns[column][0] for column in columns])
    count = int(np.diff(store.columns[columns[0]])[0])
    english = np.array([column.endswith(".en") for column in columns])

    def sample(rng: np.random.Generator, size: int) -> Batch:
        row = neighbours(rng, count, size, 16, 8)
        length = rng.integers(args.window_min, args.window_max + 1, size)
        start = np.maximum(row - rng.integers(0, length), 0)
        end = np.minimum(start + length, count)
        a, b = rng.integers(0, len(columns), (2, size))
        left = _cropped(store, texts_of(store, first[a] + row), args.crop, rng)
        left = framed(store, left, english[a], args.framed, rng)
        without = (a == b) & (rng.random(size) < args.without)
        inside = (row[None, :] >= start[:, None]) & (row[None, :] < end[:, None])
        right = _around(store, first[b] + row, first[b] + start, first[b] + end, without)
        return Batch(left, right, (inside | inside.T) & ~np.eye(size, dtype=bool))

    return sample


def _cropped(store: Store, spans: Spans, least: float, rng: np.random.Generator) -> Spans:
    length = spans.ends - spans.starts
    kept = np.maximum(np.ceil(length * rng.uniform(least, 1.0, len(length))).astype(np.int64), np.minimum(length, 4))
    starts = spans.starts + (rng.random(len(length)) * (length - kept + 1)).astype(np.int64)
    return Spans(spans.rows, starts, starts + kept)


def _around(store: Store, row: Ints, start: Ints, end: Ints, without: NDArray[np.bool_]) -> Spans:
    """The texts [start, end) of each row, without the text `row` itself where it is said so."""
    cut = np.where(without, store.offsets[row], store.offsets[end])
    before = Spans(np.arange(len(row)), store.offsets[start], cut)
    rows = np.flatnonzero(without)
    return before.plus(Spans(rows, store.offsets[row + 1][rows], store.offsets[end][rows]))


def sources(store: Store, table: Floats, args: argparse.Namespace) -> dict[str, Sampler]:
    """What batches are drawn from, under the names of `--mix`; `table` says which texts resemble each other."""
    ids = store.ids
    alike = (table, args.alike) if args.alike else None
    return {
        "kyoto": pairs(store, ids("kyoto.ja"), ids("kyoto.en"), block=8),
        "docs": pairs(store, ids("docs.ja"), ids("docs.en"), block=8),
        "casual": pairs(store, ids("casual.ja"), ids("casual.en"), block=2, alike=alike),
        "dictionary": pairs(store, ids("dictionary.ja"), ids("dictionary.en"), block=2),
        "names": pairs(store, ids("names.ja"), ids("names.en"), block=1),
        "questions": pairs(store, ids("questions.question"), ids("questions.context"), block=48, alike=alike),
        "answers": pairs(store, ids("answers.question"), ids("answers.sentence"), block=48, alike=alike),
        "leads": pairs(store, ids("leads.ja"), ids("leads.en"), block=4),
        "titles": _titles(store, args),
        "similar": pairs(store, ids("similar.a"), ids("similar.b"), block=1),
        "windows_kyoto": windows(store, ("kyoto.ja", "kyoto.en"), args),
        "windows_docs": windows(store, ("docs.ja", "docs.en"), args),
        "windows_contexts": windows(store, ("contexts.ja",), args),
    }


def _titles(store: Store, args: argparse.Namespace) -> Sampler:
    samplers = []
    for title, lead in product(("title_ja", "title_en"), ("ja", "en")):
        ids, frames = (store.ids(f"leads.{title}"), store.ids(f"leads.{lead}")), (title == "title_en", args.framed)
        samplers.append(pairs(store, *ids, block=2, frames=frames))
    return lambda rng, size: samplers[rng.integers(len(samplers))](rng, size)


def bags(
    store: Store, batch: Batch, size: int, pieces: int, args: argparse.Namespace, rng: np.random.Generator
) -> csr_matrix:
    """Piece counts of each row, the left side's above the right's (2 size x pieces); pieces dropped, long texts cut.

    A piece counts at most `--repeats` times, since the tokenizer that is written leaves further ones out.
    """
    spans = batch.left.plus(Spans(batch.right.rows + size, batch.right.starts, batch.right.ends))
    rows, position = laid_out(spans, args.longest)
    kept = rng.random(len(position)) >= args.dropout
    tokens = store.tokens[position[kept]]
    counts = csr_matrix((np.ones(len(tokens), np.float32), (rows[kept], tokens)), shape=(2 * size, pieces))
    np.minimum(counts.data, args.repeats, out=counts.data)
    return counts


def contrast(sums: torch.Tensor, mask: torch.Tensor, temperature: float) -> tuple[float, torch.Tensor]:
    """InfoNCE both ways over the cosines of left (first half) and right rows, and its slope for `sums`.

    Masked pairs count neither for nor against. Worked out by hand: one exponential and three products of matrices.
    """
    size = len(sums) // 2
    lengths = sums.norm(dim=1, keepdim=True).clamp_min(1e-6)
    unit = sums / lengths
    left, right = unit[:size], unit[size:]
    chances = (left @ right.T).div_(temperature).exp_().masked_fill_(mask, 0.0)
    own, by_left, by_right = chances.diagonal().clone(), chances.sum(1, keepdim=True), chances.sum(0, keepdim=True)
    loss = (by_left[:, 0].log() + by_right[0].log()).mean() / 2 - own.log().mean()
    slope = chances.mul_(1 / by_left + 1 / by_right)
    slope.diagonal().sub_(2.0)
    slope = torch.cat([slope @ right, slope.T @ left]) / (2 * size * temperature)
    return float(loss), (slope - unit * (slope * unit).sum(1, keepdim=True)) / lengths


def related(pieces: Sequence[str], share: float) -> csr_matrix:
    """How rows are made (pieces x (pieces + parts)): each of its own vector and a share of those of its parts.

    Parts are what several pieces have in common: the kanji of a word, the beginning of a longer word. A rare word so
    begins where its relatives are; a common one goes its own way. The sum is folded into one table at the end.
    """
    parts = [_parts(piece) if share else [] for piece in pieces]
    often = [part for part, count in Counter(part for of_one in parts for part in of_one).items() if count > 1]
    shared = {part: len(pieces) + place for place, part in enumerate(often)}
    rows, columns, values = [np.arange(len(pieces))], [np.arange(len(pieces))], [np.ones(len(pieces), np.float32)]
    for row, of_one in enumerate(parts):
        known = [shared[part] for part in of_one if part in shared]
        if known:
            rows.append(np.full(len(known), row))
            columns.append(np.array(known))
            values.append(np.full(len(known), share / len(known) ** 0.5, np.float32))
    shape = (len(pieces), len(pieces) + len(shared))
    return csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape)


def _parts(piece: str) -> list[str]:
    if regex.match(SCRIPTS["kanji"], piece):
        return list(dict.fromkeys([*piece, *(piece[at : at + 2] for at in range(len(piece) - 1))]))
    if regex.match(SCRIPTS["katakana"], piece):
        return [piece[:size] for size in (3, 5) if len(piece) >= size]
    if regex.match(SCRIPTS["latin"], piece) and len(piece) >= 4:
        return list(dict.fromkeys([piece[:4], piece[:6], piece[:8], _ENDING.sub("", piece)]))
    return []


def initial_table(store: Store, pieces: int, rows: int, args: argparse.Namespace) -> Floats:
    """The mean of earlier tables, widened where they are narrower; else random rows, the longer the rarer the piece.

    Untrained pieces of random rows match themselves, as in an inverted index. Rows of parts begin at nothing after
    earlier tables, since these hold their share already.
    """
    if args.start:
        earlier = widened(np.mean([_earlier(folder) for folder in args.start], axis=0), args)
        return np.concatenate([earlier, np.zeros((rows - pieces, args.dimensions))]).astype(np.float32)
    counts = np.bincount(store.tokens, minlength=pieces) + 1.0
    rarity = -np.log(counts / counts.sum())
    table = np.random.default_rng(args.seed).standard_normal((rows, args.dimensions)) / np.sqrt(args.dimensions)
    table[:pieces] *= (rarity / rarity.mean())[:, None] ** args.rarity
    return table.astype(np.float32)


def _earlier(folder: Path) -> Floats:
    """A written table, at the mean row length of a learned one (a cosine does not see it, the learning rate does)."""
    table = load_file(folder / "model.safetensors")["embeddings"].astype(np.float32)
    return table * (2.0 / np.linalg.norm(table, axis=1).mean())


def widened(table: Floats, args: argparse.Namespace) -> Floats:
    """The table with random columns added up to `--dimensions`: `--widen` times as long as its own for their number."""
    extra = args.dimensions - table.shape[1]
    columns = np.random.default_rng(args.seed).standard_normal((len(table), extra)) / np.sqrt(table.shape[1])
    return np.hstack([table, args.widen * np.linalg.norm(table, axis=1, keepdims=True) * columns]).astype(np.float32)


def train(store: Store, pieces: Sequence[str], args: argparse.Namespace) -> Floats:
    """The learned table (pieces x dimensions)."""
    rng, mix = np.random.default_rng(args.seed), dict(args.mix)
    names, shares = list(mix), np.array(list(mix.values())) / sum(mix.values())
    made_of = related(pieces, args.share)
    makes = made_of.T.tocsr()
    log("rows of pieces and parts:", made_of.shape)
    table = initial_table(store, len(pieces), made_of.shape[1], args)  # pyright: ignore[reportOptionalSubscript]
    drawn_from = sources(store, made_of @ table, args)
    weights = torch.nn.Parameter(torch.from_numpy(table))
    optimizer = torch.optim.Adam([weights], lr=args.rate, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.05 * args.steps + 1), 1 - step / (args.steps + 1))
    )
    losses: dict[str, list[float]] = {name: [] for name in names}
    for step in range(args.steps):
        name = names[rng.choice(len(names), p=shares)]
        rows = made_of @ weights.detach().numpy() if args.share else weights.detach().numpy()
        loss, slope = _step(store, drawn_from[name](rng, args.batch), rows, args, rng)
        losses[name].append(loss)
        weights.grad = torch.from_numpy(makes @ slope if args.share else slope)
        optimizer.step()
        schedule.step()
        if (step + 1) % args.report == 0:
            log(f"step {step + 1}", *(f"{key} {np.mean(value[-20:]):.2f}" for key, value in losses.items() if value))
    return made_of @ weights.detach().numpy()


def _step(
    store: Store, batch: Batch, rows: Floats, args: argparse.Namespace, rng: np.random.Generator
) -> tuple[float, Floats]:
    """The loss of a batch and its slope for every row of the table."""
    counts = bags(store, batch, args.batch, len(rows), args, rng)
    loss, slope = contrast(torch.from_numpy(counts @ rows), torch.from_numpy(batch.mask), args.temperature)
    return loss, counts.T.tocsr() @ slope.numpy()


def flattened(table: Floats, power: float) -> Floats:
    """The table with its main directions, which all texts share, held back: variances to the power of 1 - 2 `power`."""
    variances, directions = np.linalg.eigh((table.T @ table).astype(np.float64))
    return (table @ (directions * (variances / variances.mean()) ** -power) @ directions.T).astype(np.float32)


def save(weights: Floats, tokenizer: Tokenizer, folder: Path) -> None:
    """Write a model2vec folder with 8-bit rows; one scale for all, which a cosine does not see."""
    folder.mkdir(parents=True, exist_ok=True)
    limit = float(np.quantile(np.abs(weights), 0.99999))
    rows = np.rint(np.clip(weights / limit, -1, 1) * 127).astype(np.int8)
    (folder / "model.safetensors").write_bytes(serialise({"embeddings": np.ascontiguousarray(rows)}))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {"normalize": True, "max_length": 100_000, "embedding_dtype": "int8", "model_type": "model2vec"}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def arguments() -> argparse.Namespace:
    """The command line; every number that matters is on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder of training data")
    parser.add_argument("out", type=Path, help="the folder to write")
    parser.add_argument("--cache", type=Path, help="folder that keeps the tokenised texts between runs")
    parser.add_argument("--tokenizer", type=Path, help="a tokenizer.json to use instead of training one")
    parser.add_argument("--start", type=Path, nargs="+", help="folders of earlier models to go on from")
    parser.add_argument("--mix", type=_mix, default=_mix(MIX), help=f"source=share,…; default {MIX}")
    for name, default in NUMBERS.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser.parse_args()


def _mix(text: str) -> dict[str, float]:
    return {name: float(share) for name, share in (part.split("=") for part in text.split(","))}


def main() -> None:
    """Read, tokenise, train, write."""
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    data = read_data(args.data)
    log("read", {column: len(texts) for column, texts in data.items()})
    tokenizer = Tokenizer.from_file(str(args.tokenizer)) if args.tokenizer else train_tokenizer(data, args)
    cut_into_runs(tokenizer)
    if args.cache:
        args.cache.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(args.cache / "tokenizer.json"))
    store = tokenise(data, tokenizer, args.cache / "tokens.npz" if args.cache else None)
    log(f"{len(store.tokens):,} pieces in {len(store.canon):,} texts")
    pieces = sorted(tokenizer.get_vocab(), key=lambda piece: tokenizer.token_to_id(piece) or 0)
    weights = train(store, pieces, args)
    weights = flattened(weights, args.flatten) if args.flatten else weights
    save(weights, cut_into_runs(tokenizer, sparing=True), args.out)
    log("written to", args.out)


if __name__ == "__main__":
    main()
