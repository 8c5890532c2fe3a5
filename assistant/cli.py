"""The command line: data to stdout, words to stderr, exit status as the contract says. A door without logic of its own.

0 done or answered, 1 error, 2 usage, 3 abstained, 4 a threshold was missed. Nothing heavy is imported before a verb needs it.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import __version__, messages
from assistant.errors import AssistantError, UsageError
from assistant.evaluation.options import add_arguments as add_evaluate_arguments
from assistant.types import SECTION_SEPARATOR, Language, Status, Turn, Verdict

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.config import LoadedSettings

DONE, ERROR, USAGE, ABSTAINED = 0, 1, 2, 3


class Context:
    """What every verb needs: the arguments, the settings, the interface's language, the assistant."""

    def __init__(self, arguments: argparse.Namespace, loaded: LoadedSettings) -> None:
        self.arguments = arguments
        self.loaded = loaded
        self.language = messages.interface_language(loaded.settings.ui.language)

    def assistant(self) -> Assistant:
        """The assistant over the folders that were named."""
        from assistant.assistant import Assistant

        folders = self.arguments.corpus, self.arguments.index
        return Assistant.open(*folders, self.loaded.settings, self.language, notice=self.complain)

    def complain(self, error: AssistantError) -> None:
        """What went wrong beside the answer, in one line on stderr."""
        print(messages.explain(error, self.language).text, file=sys.stderr)

    def say(self, name: str, /, **values: object) -> None:
        """A sentence on stderr."""
        print(messages.say(name, self.language, **values), file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    _use_utf8()
    arguments = _parser().parse_args(argv)
    language = messages.interface_language("auto")
    try:
        from assistant import config

        context = Context(arguments, config.load(arguments.config))
        language = context.language
        return int(arguments.verb(context))
    except AssistantError as error:
        _complain(error, language)
        return error.exit_status
    except KeyboardInterrupt:
        print(messages.say("interrupted", language), file=sys.stderr)
        return ERROR
    except BrokenPipeError:
        sys.stderr.close()
        return ERROR


def _use_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")  # \ud800 is JSON


def _complain(error: AssistantError, language: Language) -> None:
    message = messages.explain(error, language)
    print(f"{messages.say('error', language)}: {message.text}\n{message.hint}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print JSON")
    common.add_argument("--config", type=Path, metavar="FILE", help="settings (default: assistant.toml if it is there)")
    common.add_argument(
        "--corpus", type=Path, default=Path("corpus"), metavar="DIR", help="the reports (default: corpus)"
    )
    common.add_argument("--index", type=Path, default=Path("index"), metavar="DIR", help="the index (default: index)")
    parser = argparse.ArgumentParser(prog="assistant", description="Cited, checked answers from a folder of reports.")
    parser.add_argument("--version", action="version", version=f"assistant {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, run: Callable[[Context], int], words: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, parents=[common], help=words, description=words)
        added.set_defaults(verb=run)
        return added

    verb("sync", _sync, "build or update the index")
    search = verb("search", _search, "passages, best first")
    search.add_argument("text", nargs="?", help="what to search for")
    search.add_argument("-k", type=int, default=10, help="how many passages (default: 10)")
    ask = verb("ask", _ask, "a cited answer")
    ask.add_argument("text", nargs="?", help="the question, in Japanese or English")
    ask.add_argument("--history", type=Path, metavar="FILE", help="earlier turns: a JSON list of {role, content}")
    ask.add_argument("--answer-language", choices=["ja", "en"], help="default: the question's")
    lookup = verb("lookup", _lookup, "sentences someone wrote: where the reports support or contradict them")
    lookup.add_argument("text", nargs="?", help="a sentence, a paragraph or a list")
    lookup.add_argument("--file", type=Path, metavar="DRAFT", help="a whole draft (.docx, .md, .txt) instead of TEXT")
    lookup.add_argument(
        "--out",
        type=Path,
        metavar="FOOTNOTED.docx",
        help="with a Word draft: write it with footnotes, list what differs",
    )
    for batched in (search, ask, lookup):
        batched.add_argument("--batch", metavar="FILE", help="JSON Lines in, JSON Lines out (- for standard input)")
    cite = verb("cite", _cite, "references to reports, passages and citations")
    cite.add_argument("ids", nargs="*", metavar="ID", help="a report, passage or citation id, or a report's path")
    cite.add_argument("--style", default="source", help="default: source; see --list-styles")
    cite.add_argument("--list-styles", action="store_true", help="print the styles and stop")
    cite.add_argument("--language", choices=["ja", "en"], help="of the text that the reference goes into")
    show = verb("show", _show, "a report's text, or a quote in its context")
    show.add_argument("id", help="a report id, unique prefix or path; a passage or citation id")
    show.add_argument("--page", type=int, metavar="N", help="only this page")
    add_evaluate_arguments(
        verb("evaluate", _evaluate, "how good the answers are: a question file through the pipeline")
    )
    verb("aliases", _aliases, "the names that the reports and the glossary equate, with where")
    verb("doctor", _doctor, "is everything consistent? what is configured?")
    verb("mcp", _mcp, "the Model Context Protocol server on standard input and output")
    serve = verb("serve", _serve, "the web app")
    serve.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    serve.add_argument("--port", type=int, default=7860, help="default: 7860")
    return parser


def _print_json(payload: Any) -> None:
    print(json.dumps(payload, ensure_ascii=False), flush=True)


# sync


def _sync(context: Context) -> int:
    from tqdm import tqdm

    from assistant.payloads import sync_payload

    with tqdm(disable=None, unit="file", desc=messages.say("syncing", context.language)) as bar:

        def progress(done: int, total: int, path: str) -> None:
            bar.total, bar.n = total, done
            bar.set_postfix_str(path)

        def notice(error: AssistantError) -> None:
            message = messages.explain(error, context.language)
            tqdm.write(f"{message.text} {messages.say('rebuilding', context.language)}", file=sys.stderr)

        result = context.assistant().sync(progress, notice)
    payload = sync_payload(result, context.language)
    if context.arguments.json:
        _print_json(payload)
    else:
        _print_changes(payload, context)
    return ERROR if result.failed else DONE


def _print_changes(payload: Mapping[str, Any], context: Context) -> None:
    for kind in ("added", "updated", "removed", "duplicates", "superseded"):
        for path in payload[kind]:
            print(f"{messages.say(kind, context.language)}: {path}")
    for failure in payload["failed"]:
        print(f"{messages.say('failed', context.language)}: {failure['path']}: {failure['error']} {failure['hint']}")
    if not any(payload[kind] for kind in ("added", "updated", "removed")):
        context.say("sync_nothing")
    context.say("sync_done", **{name: payload[name] for name in ("reports", "passages", "seconds")})


# search and ask


def _search(context: Context) -> int:
    from assistant import payloads

    assistant, k = context.assistant(), context.arguments.k
    if k < 1:
        raise UsageError("k_invalid", value=k)

    def found(text: str, history: Sequence[Turn]) -> Mapping[str, Any]:
        query = assistant.understand(text, history)
        return payloads.search_payload(query, assistant.search(query, k))

    if context.arguments.batch:
        return _batch(context, "query", found)
    payload = found(_text(context), ())
    if context.arguments.json:
        _print_json(payload)
    else:
        _print_hits(payload["hits"], context)
    return DONE


def _print_hits(hits: Sequence[Mapping[str, Any]], context: Context) -> None:
    from assistant.language.text import join_wrapped

    for hit in hits:
        found_by = ", ".join(f"{name} {by['rank']}" for name, by in hit["contributions"].items())
        print(f"{hit['rank']}. {_place(hit, context.language)}  [{found_by}]\n   {hit['passage_id']}")
        print(*(f"   {join_wrapped(line)}" for line in hit["text"].split("\n")), sep="\n", end="\n\n")
    if not hits:
        context.say("no_hits")


def _ask(context: Context) -> int:
    from assistant import payloads

    assistant, chosen = context.assistant(), context.arguments.answer_language
    language = Language(chosen) if chosen else None

    def answered(text: str, history: Sequence[Turn]) -> Mapping[str, Any]:
        payload = payloads.answer_payload(assistant.ask(text, history, language))
        if payload["backend"]["fallback"]:
            context.say("fallback", **payload["backend"]["fallback"])
        return payload

    if context.arguments.batch:
        return _batch(context, "question", answered)
    payload = answered(_text(context), _history(context.arguments.history))
    if context.arguments.json:
        _print_json(payload)
    else:
        _print_answer(payload, context)
    return ABSTAINED if payload["status"] == Status.ABSTAINED else DONE


def _print_answer(payload: Mapping[str, Any], context: Context) -> None:
    print(payload["text"])
    for claim in payload["claims"]:
        if claim["verdict"] != Verdict.SUPPORTED:
            print(f"! {messages.say('verdict_' + claim['verdict'], context.language)}: {claim['text']}")
    for citation in payload["citations"]:
        print(f"\n[{citation['number']}] {_place(citation, context.language)}\n    {citation['citation_id']}")
    if payload["nearest"]:
        print(f"\n{messages.say('nearest', context.language)}")
        _print_hits(payload["nearest"], context)


def _place(item: Mapping[str, Any], language: Language) -> str:
    page = messages.say("page", language, page=item["page"]) if item["page"] else None
    row = messages.say("row", language, row=item["row"]) if item["row"] else None
    section = (item["section"] or "").removeprefix(item["report"]["title"]).removeprefix(SECTION_SEPARATOR)
    return " · ".join(part for part in (item["report"]["title"], page, section, row) if part)


def _text(context: Context) -> str:
    if context.arguments.text is None:
        raise UsageError("argument_missing", name="TEXT")
    return str(context.arguments.text)


def _history(path: Path | None) -> tuple[Turn, ...]:
    if path is None:
        return ()
    try:
        return _turns(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise UsageError("file_missing", path=path, reason=error.strerror or error) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise UsageError("history_invalid", path=path, reason=error) from error


def _turns(items: Any) -> tuple[Turn, ...]:
    if not isinstance(items, list):
        raise TypeError("not a list")
    for item in items:
        if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in ("role", "content")):
            raise TypeError("role and content have to be strings")
    return tuple(Turn(item["role"], item["content"]) for item in items)


# lookup and cite


def _lookup(context: Context) -> int:
    from assistant import payloads

    assistant = context.assistant()

    def looked_up(text: str, history: Sequence[Turn]) -> Mapping[str, Any]:
        if not text.strip():
            raise UsageError("question_empty")
        return payloads.lookup_payload(text, assistant.look_up(text))

    if context.arguments.batch:
        return _batch(context, "text", looked_up)
    if context.arguments.file:
        return _lookup_draft(context, assistant)
    payload = looked_up(_text(context), ())
    if context.arguments.json:
        _print_json(payload)
    else:
        _print_lookup(payload, context.language)
    return DONE


def _lookup_draft(context: Context, assistant: Assistant) -> int:
    """A whole draft; with --out a Word draft is written with footnotes, and only what is contradicted is printed."""
    from tqdm import tqdm

    from assistant import payloads
    from assistant.citing import drafts
    from assistant.citing.lookup import Stance

    file, out = context.arguments.file, context.arguments.out
    if out and (file.suffix.lower() != drafts.WORD or out.suffix.lower() != drafts.WORD):
        raise UsageError("draft_not_word", path=file, out=out)
    if out and out.resolve() == file.resolve():
        raise UsageError("file_unwritable", path=out, reason="--file = --out")
    draft = drafts.read(file)
    sentences = assistant.look_up(draft.text, each=lambda spans: tqdm(spans, disable=None, leave=False))
    if out:
        drafts.write(out, drafts.footnoted(draft, sentences))
        supported, differing = (
            sum(one.stance is stance for one in sentences) for stance in (Stance.SUPPORTS, Stance.CONTRADICTS)
        )
        context.say("footnoted", path=out, supported=supported, differing=differing, sentences=len(sentences))
    if context.arguments.json:
        _print_json(payloads.lookup_payload(draft.text, sentences))
    else:
        shown = [one for one in sentences if not out or one.stance is Stance.CONTRADICTS]
        _print_lookup(payloads.lookup_payload(draft.text, shown), context.language)
    return DONE


def _print_lookup(payload: Mapping[str, Any], language: Language) -> None:
    for sentence in payload["sentences"]:
        print(f"{messages.say('stance_' + sentence['stance'], language)}: {sentence['text']}")
        for match in sentence["matches"]:
            print(f"    {messages.say('stance_' + match['stance'], language)}: {_place(match, language)}")
            print(f"      {match['quote']}\n      {match['citation_id']}")
            for check in match["checks"]:
                if check["ok"] is False and check["source"] and check["kind"] not in ("wording", "meaning"):
                    slip = f"{messages.say('slip', language)} {check['claim']}"
                    print(f"      ! {slip if check['kind'] == 'slip' else check['claim'] + ' ≠ ' + check['source']}")


def _cite(context: Context) -> int:
    from assistant.citing import styles
    from assistant.payloads import cite_payload

    ids, chosen = context.arguments.ids, context.arguments.language
    if context.arguments.list_styles:
        names = list(styles.STYLES)
        _print_json({"styles": names}) if context.arguments.json else print("\n".join(names))
        return DONE
    if not ids:
        raise UsageError("argument_missing", name="ID")
    assistant, style = context.assistant(), context.arguments.style
    language = Language(chosen) if chosen else context.language
    references = [assistant.reference(name) for name in ids]
    if context.arguments.json:
        _print_json(cite_payload(references, style, language))
    else:
        print(styles.render(references, style, language))
    return DONE


# Batches


def _batch(context: Context, field: str, run: Callable[[str, Sequence[Turn]], Mapping[str, Any]]) -> int:
    """One JSON line out for every line in, in order, written as it is ready; 1 when one of them failed."""
    from assistant import payloads

    failed = False
    for number, line in _lines(context.arguments.batch):
        item_id: object = None
        try:
            item = _item(line, number, field)
            item_id = item["id"]
            _print_json({"id": item_id, **run(item[field], _item_history(item, number, field))})
        except AssistantError as error:
            failed = True
            item_id = item_id if item_id is not None else _id_of(line)
            _print_json({"id": item_id, **payloads.error_payload(error, context.language)})
    return ERROR if failed else DONE


def _lines(name: str) -> Iterator[tuple[int, str]]:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError("file_missing", path=name, reason=error.strerror or error) from error
    lines = enumerate(data.decode("utf-8-sig", "replace").split("\n"), start=1)
    yield from ((number, line) for number, line in lines if line.strip())


def _item(line: str, number: int, field: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError("batch_line_invalid", line=number, reason=error, field=field) from error
    if not isinstance(item, dict) or "id" not in item or not isinstance(item.get(field), str):
        raise UsageError("batch_line_invalid", line=number, reason=f"id, {field}", field=field)
    return item


def _item_history(item: dict[str, Any], number: int, field: str) -> tuple[Turn, ...]:
    try:
        return _turns(item.get("history") or [])
    except TypeError as error:
        raise UsageError("batch_line_invalid", line=number, reason=f"history: {error}", field=field) from error


def _id_of(line: str) -> object:
    with suppress(ValueError, RecursionError, AttributeError):
        return json.loads(line).get("id")
    return None


# show, evaluate, doctor, serve


def _show(context: Context) -> int:
    from assistant.payloads import shown_payload

    shown = context.assistant().show(context.arguments.id, context.arguments.page)
    payload = shown_payload(shown, context.arguments.page)
    if context.arguments.json:
        _print_json(payload)
    elif shown.is_quote:
        print(f"{_place(payload, context.language)}\n{shown.report.path}\n")
        print(f"{shown.before}【{shown.text}】{shown.after}")
    else:
        sys.stdout.write(shown.text)
    return DONE


def _evaluate(context: Context) -> int:
    from assistant.evaluation.command import evaluate

    assistant = context.assistant()
    assistant.journal = None  # a run keeps its results itself
    return evaluate(context.arguments, assistant, context.language)


def _aliases(context: Context) -> int:
    from assistant.language.glossary import FILE_NAME
    from assistant.payloads import aliases_payload

    assistant = context.assistant()
    payload = aliases_payload(assistant.aliases(), assistant.glossary())
    if context.arguments.json:
        _print_json(payload)
    for row in () if context.arguments.json else payload["aliases"]:
        report = row["report"]
        where = f"{report['id']}:{row['start']}-{row['end']}" if report else f"{FILE_NAME}:{row['line']}"
        print(f"{row['name']} {'=' if row['relation'] == 'same' else '≠'} {row['other']}\t{where}")
    return DONE


def _doctor(context: Context) -> int:
    from assistant.doctor import doctor_payload, examine

    findings = examine(context.assistant(), context.loaded, context.language)
    payload = doctor_payload(findings)
    if context.arguments.json:
        _print_json(payload)
    else:
        for one in findings:
            print(f"{'ok ' if one.ok else 'NG '} {one.name}: {one.detail}" + (f"\n    {one.hint}" if one.hint else ""))
        context.say("doctor_ok" if payload["ok"] else "doctor_not_ok")
    return DONE if payload["ok"] else ERROR


def _mcp(context: Context) -> int:
    from assistant import mcp

    mcp.serve(context.assistant(), context.language)
    return DONE


def _serve(context: Context) -> int:
    from assistant.web.serve import serve

    serve(
        context.assistant(),
        context.loaded,
        host=context.arguments.host,
        port=context.arguments.port,
        language=None if context.loaded.settings.ui.language == "auto" else context.language,
        settings_file=context.arguments.config,
        say=context.say,
    )
    return DONE
