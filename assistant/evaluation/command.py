"""`assistant evaluate`: reads a question file, runs it through the pipeline, writes the scorecard, holds the thresholds.

Touches files, the clock and the terminal: data to stdout, words to stderr.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

from assistant import messages
from assistant.assistant import Assistant
from assistant.errors import AssistantError, UsageError
from assistant.evaluation import questions as asking
from assistant.evaluation import summary as summaries
from assistant.evaluation import tables
from assistant.evaluation import thresholds as bounds
from assistant.evaluation.aggregate import Group, Scored, aggregate, groups
from assistant.evaluation.compare import compare
from assistant.evaluation.measures import judged_by
from assistant.evaluation.questions import Question, Unheld
from assistant.evaluation.results import Header, Results, write_whole
from assistant.evaluation.run import Answerer, Reply, run
from assistant.evaluation.scorecard import write_scorecard
from assistant.evaluation.summary import Summary
from assistant.evaluation.thresholds import Threshold
from assistant.types import Done, Hit, Language, Report, Retrieved

DONE, ERROR, MISSED = 0, 1, 4
_OUTPUT = Path("evaluations")


def evaluate(arguments: argparse.Namespace, assistant: Assistant, language: Language) -> int:
    """Run the verb; returns the exit status."""
    asked, problems = asking.read(arguments.questions)
    for problem in problems:
        _complain(problem, language)
    if ignored := Counter(name for question in asked for name in question.ignored):
        fields = ", ".join(f"{name} ({count})" for name, count in ignored.most_common())
        _say("fields_unknown", language, fields=fields)
    if arguments.check:
        return _check(arguments, assistant, asked, problems, language)
    if problems:
        raise UsageError("questions_invalid", path=arguments.questions, count=len(problems))
    return _evaluate(arguments, assistant, asked[: _limit(arguments)], language)


def _limit(arguments: argparse.Namespace) -> int | None:
    for name, value in (("--limit", arguments.limit), ("--timeout", arguments.timeout)):
        if value is not None and not value > 0:
            raise UsageError("limit_invalid", name=name, value=value)
    return arguments.limit


def _evaluate(
    arguments: argparse.Namespace, assistant: Assistant, asked: Sequence[Question], language: Language
) -> int:
    if arguments.resume and arguments.out is None:
        raise UsageError("resume_needs_out")
    thresholds = [bounds.parse(text, _groups(asked)) for text in arguments.fail_under]
    earlier = Results(arguments.compare).scored() if arguments.compare else None
    header = _header(arguments.questions, assistant)
    results = Results(arguments.out or _OUTPUT / f"{arguments.questions.stem}-{header.started.replace(':', '')}")
    done = results.begin(header, resume=arguments.resume)
    _run(asked, assistant, results, done, arguments.timeout, language)
    unheld = _unheld(asked, results, assistant, language)
    summary = _summary(results, asked, thresholds, earlier, str(arguments.compare or ""), unheld)
    _write(summary, results, language)
    if arguments.json:
        print(json.dumps(summaries.as_json(summary), ensure_ascii=False), flush=True)
    else:
        print(tables.markdown(summary, language), end="", flush=True)
    return _status(summary, language)


def pipeline_answerer(assistant: Assistant) -> Answerer:
    """The pipeline that the chat runs, as something to evaluate."""
    from assistant.pipeline import AnswerEngine

    engine = AnswerEngine(assistant)

    def answer(question: Question) -> Reply:
        hits: tuple[Hit, ...] = ()
        for event in engine.stream(question.text, history=question.history):
            if isinstance(event, Retrieved):
                hits = event.hits
            elif isinstance(event, Done):
                return Reply(event.answer, hits)
        raise AssertionError("a stream ends with Done")

    return answer


def _groups(asked: Sequence[Question]) -> list[Group]:
    dummies = [Scored(one.id, one.language, one.type, one.doc, {}, 0.0) for one in asked]
    return [group for group, _ in groups(dummies)]


def _header(path: Path, assistant: Assistant) -> Header:
    """What this run is; opens the index, so that a missing one is told before anything is written."""
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    model = assistant.language_model()
    program = f"{model.name if model else 'extractive'} / {assistant.embedder.name}"
    return Header(path.name, digest, assistant.fingerprint, program, started)


def _run(
    asked: Sequence[Question],
    assistant: Assistant,
    results: Results,
    done: set[str],
    timeout_s: float,
    language: Language,
) -> None:
    started, before = time.perf_counter(), results.kept
    label = messages.say("evaluating", language)
    initial = sum(question.id in done for question in asked)
    answer, supports = pipeline_answerer(assistant), judged_by(assistant.verifier())
    try:
        with tqdm(total=len(asked), initial=initial, unit="q", desc=label, disable=None, dynamic_ncols=True) as bar:

            def progress() -> None:
                bar.update()

            run(asked, answer, results, done=done, timeout_s=timeout_s, supports=supports, progress=progress)
    except KeyboardInterrupt:
        _say("evaluation_kept", language, count=results.kept, path=results.folder)
        raise
    rate = (results.kept - before) / max(1e-9, time.perf_counter() - started)
    failed = sum(one.pairs["failed"][0] > 0 for one in results.scored())
    _say("evaluation_done", language, count=results.kept, rate=f"{rate:.1f}", failed=failed, path=results.folder)


def _unheld(
    asked: Sequence[Question], results: Results, assistant: Assistant, language: Language
) -> tuple[Unheld, ...]:
    """Of the evidence that was not found, what no report holds at all: told, since no search could find it."""
    missed = {row["id"]: tuple(one["text"] for one in row["evidence"] if one["rank"] is None) for row in results.rows()}
    left = [replace(question, evidence=missed.get(question.id, ())) for question in asked]
    found = asking.check(left, _reports(assistant))
    for one in found:
        _say("evidence_missing", language, line=one.question.line, id=one.question.id, evidence=one.evidence)
    return found


def _reports(assistant: Assistant) -> Iterator[Report]:
    return (assistant.report(ref.report_id) for ref in assistant.reports())


def _summary(
    results: Results,
    asked: Sequence[Question],
    thresholds: Sequence[Threshold],
    earlier: Sequence[Scored] | None,
    earlier_path: str,
    unheld: tuple[Unheld, ...],
) -> Summary:
    wanted = {question.id for question in asked}
    scored = tuple(one for one in results.scored() if one.id in wanted)
    values = aggregate(scored)
    return Summary(
        results.header(),
        scored,
        values,
        bounds.examine(thresholds, values),
        None if earlier is None else compare(earlier, scored),
        earlier_path,
        unheld,
    )


def _write(summary: Summary, results: Results, language: Language) -> None:
    write_whole(results.folder / "scorecard.json", summaries.json_text(summary))
    write_whole(results.folder / "scorecard.csv", summaries.csv_text(summary))
    write_whole(results.folder / "questions.csv", summaries.questions_csv(summary))
    write_whole(results.folder / "scorecard.md", tables.markdown(summary, language))
    write_scorecard(results.folder / "scorecard.html", summary, results.rows, language)


def _status(summary: Summary, language: Language) -> int:
    missed = [outcome for outcome in summary.outcomes if not outcome.is_met]
    for one in missed:
        value = "–" if one.value is None else f"{one.value:.4g}"
        _say("threshold_missed", language, measure=one.threshold.name, value=value, bound=one.threshold.told)
    return MISSED if missed else ERROR if summary.failed else DONE


def _check(
    arguments: argparse.Namespace,
    assistant: Assistant,
    asked: Sequence[Question],
    problems: Sequence[UsageError],
    language: Language,
) -> int:
    """The bad lines and the evidence that no report holds; ERROR when there is any of either."""
    missing = asking.check(asked, _reports(assistant))
    unheld = [{"line": one.question.line, "id": one.question.id, "evidence": one.evidence} for one in missing]
    if arguments.json:
        told = [{"line": int(p.values["line"]), "error": messages.explain(p, language).text} for p in problems]
        print(json.dumps({"questions": len(asked), "problems": told, "missing": unheld}, ensure_ascii=False))
    else:
        for one in unheld:
            print(messages.say("evidence_missing", language, **one))
    _say("questions_checked", language, count=len(asked), problems=len(problems), missing=len(missing))
    return ERROR if problems or missing else DONE


def _say(name: str, language: Language, **values: object) -> None:
    print(messages.say(name, language, **values), file=sys.stderr)


def _complain(error: AssistantError, language: Language) -> None:
    message = messages.explain(error, language)
    print(f"{message.text} {message.hint}", file=sys.stderr)
