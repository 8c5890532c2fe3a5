"""The chat page as gradio Blocks: what is on it, what each control does, and its mounting in a FastAPI app.

The only module that imports gradio. The conversation is two HTML components: what is past, and the exchange that is
being written, so that a growing answer does not send the ones before it again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from assistant.errors import AssistantError
from assistant.reading.reader import READERS
from assistant.types import Language, Scope
from assistant.web import templates
from assistant.web.chat import Asked, Exchange, History, Stream, broken, respond, stopped, turns
from assistant.web.conversations import render_side
from assistant.web.library import render_frame
from assistant.web.lookup import render_looked_up, render_looking
from assistant.web.markup import escape
from assistant.web.memory import Memory
from assistant.web.reader import NOBODY, reader_of
from assistant.web.render import render_error, render_fault
from assistant.web.serve import Backstage
from assistant.web.signin import SIGN_IN
from assistant.web.suggestions import render_follow_ups
from assistant.web.words import preferred, word

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it when it is imported

import gradio as gr
from gradio.themes import Base

HERE = Path(__file__).parent
FONTS = ["system-ui", "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", "Noto Sans JP", "sans-serif"]
MONO = ["ui-monospace", "Consolas", "monospace"]
CONCURRENCY = 40  # who is next is decided in one place, for the page and for programs: `fair.Line`
REFRESH_S = 5.0
LONGEST_QUESTION = 4000
MOST_STARTERS = 4
LONGEST_DRAFT = 8000
VIEWS = ("ask", "lookup", "library", "model")
AUTO = "auto"
ASKED = "window.assistant.asked()"
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
AT_ONCE: dict[str, Any] = {**QUIET, "queue": False}

Updates = dict[Any, Any]

_LOG = logging.getLogger(__name__)


def mount(app: FastAPI, stage: Backstage, *, language: Language | None, memory: Memory) -> FastAPI:
    """Put the chat page at "/" of an app that already has its other routes. Without a `language`: the browser's."""
    page = Page(stage, language, memory)
    return gr.mount_gradio_app(
        app,
        page.blocks,
        path="/",
        server_name="127.0.0.1",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=Base(font=FONTS, font_mono=MONO),
        head=_head(),
        app_kwargs={"openapi_url": None},
    )


def _head() -> str:
    styles = "".join(
        (HERE / f"{name}.css").read_text(encoding="utf-8") for name in ("chat", "panes", "views", "library")
    )
    scripts = "".join(
        (HERE / f"{name}.js").read_text(encoding="utf-8") for name in ("chat", "talk", "library", "filter", "model")
    )
    return f"<style>{styles}</style><script>{scripts}</script>"


class Page:
    """The controls of the page and what they do."""

    def __init__(self, stage: Backstage, language: Language | None, memory: Memory) -> None:
        self._stage = stage
        self._language = language
        self._memory = memory
        at_first = language or Language.EN
        with gr.Blocks(title=word("app_name", at_first), analytics_enabled=False, fill_width=True) as self.blocks:
            self._lay_out(at_first)
            self._connect()
        self.blocks.queue(default_concurrency_limit=CONCURRENCY, api_open=False)

    def _lay_out(self, language: Language) -> None:
        self.history = gr.State(())
        self.own = gr.State(language)
        self.asked = gr.Textbox(visible=False)  # what `Asked` reads: the page's script fills it in at every event
        self.open = gr.Button(visible="hidden", elem_id="open")
        with gr.Row(elem_id="top"):
            self.name = _html(_name(language), "name")
            self.view = _switch(_views(language), VIEWS[0], word("view_label", language), "view")
            self.status = _html("", "corpus-status")
            self.who = _html("", "who")
            self.choice = _switch(_choices(language), AUTO, word("language_label", language), "language")
        _html("", "banner")  # this and the model view are filled by the page's script
        with gr.Column(elem_id="side", min_width=0):
            self.clear = gr.Button(word("clear", language), elem_id="clear", size="sm", min_width=0, scale=0)
            self.side = _html(render_side(language), "conversations")
            _html("", "filter")
        with gr.Column(elem_id="conversation"):
            self.past = _html("", "past")
            self.current = _html("", "current")
            self.follow = _html("", "follow")
        with gr.Column(elem_id="welcome") as self.welcome:
            self.greeting = _html(_greeting(language, False), "greeting")
            self.starters = [gr.Button("", elem_classes="starter", visible=False) for _ in range(MOST_STARTERS)]
        with gr.Row(elem_id="composer"):
            _html("", "asked-of")
            self.box = gr.Textbox(
                elem_id="question",
                label=word("question_label", language),
                placeholder=_placeholder(language),
                show_label=False,
                container=False,
                lines=1,
                max_lines=8,
                max_length=LONGEST_QUESTION,
                autofocus=True,
                scale=1,
            )
            self.send = gr.Button(word("send", language), elem_id="send", variant="primary", min_width=0, scale=0)
            self.stop = gr.Button(word("stop", language), elem_id="stop", min_width=0, scale=0, visible=False)

        with gr.Column(elem_id="lookup"):
            self.lookup_title = _html(_lookup_title(language), "lookup-title")
            self.draft = gr.Textbox(
                elem_id="draft",
                label=word("lookup_label", language),
                placeholder=word("lookup_placeholder", language),
                show_label=False,
                container=False,
                lines=4,
                max_lines=14,
                max_length=LONGEST_DRAFT,
            )
            self.look = gr.Button(
                word("lookup_send", language), elem_id="look", variant="primary", min_width=0, scale=0
            )
            self.looked_up = _html("", "looked-up")
        self.library = _html(render_frame(tuple(READERS), self._stage.most_mb, language), "library")
        _html("", "model")

    def _connect(self) -> None:
        shown = [self.history, self.past, self.current, self.follow, self.box, self.send, self.stop, self.welcome]
        inputs = [self.history, self.choice, self.asked]
        asking: dict[str, Any] = {"js": f"(message, history, choice) => [message, history, choice, {ASKED}]", **QUIET}
        asked: list[Any] = [gr.on([self.box.submit, self.send.click], self._ask, [self.box, *inputs], shown, **asking)]
        for button in self.starters:
            asked.append(button.click(self._ask, [button, *inputs], shown, **asking))
        opened: list[Any] = []
        opening: dict[str, Any] = {"js": f"(choice) => [choice, {ASKED}]", **AT_ONCE}
        self.stop.click(None, cancels=asked, **AT_ONCE).then(self._halt, self.history, shown, **AT_ONCE)
        for button in (self.clear, self.open):
            ended = button.click(None, cancels=asked, **AT_ONCE)
            opened.append(ended.then(self._open, [self.choice, self.asked], shown, **opening))
        gr.on(
            [self.draft.submit, self.look.click],
            self._looked_up,
            [self.draft, self.choice, self.own],
            self.looked_up,
            **QUIET,
        )
        labelled = [self.name, self.view, self.choice, self.clear, self.side, self.box, self.send, self.stop]
        labelled += [self.library, self.lookup_title, self.draft, self.look]
        chosen = [self.choice, self.own]
        begun = self.blocks.load(self._meet, None, [self.own, self.who, self.status, *labelled], **AT_ONCE)
        opened.append(begun.then(self._reopen, [self.choice, self.asked], shown, **opening))
        for event in (*asked, *opened):
            event.success(self._lead_on, self.history, self.follow, **QUIET)
        relabelled = self.choice.change(self._relabel, chosen, labelled, **AT_ONCE)
        for event in (begun, relabelled):
            event.then(self._offer, chosen, [self.greeting, *self.starters], **AT_ONCE)
        gr.Timer(REFRESH_S).tick(self._status_line, chosen, self.status, **AT_ONCE)

    def _ask(self, message: str, history: History, choice: str, sent: str, request: gr.Request) -> Iterator[Updates]:
        language = None if choice == AUTO else Language(choice)
        asked, reader = Asked.read(sent), reader_of(request)
        history = self._memory.history(reader, asked.conversation, history, language)
        history = history[: asked.number - 1] if asked.number else history
        updates = self._begin(history)
        failed = False
        stream = partial(self._stage.stream, reader=reader)
        for exchange in self._exchanges(message, history, language, stream, asked.scope):
            if updates or exchange.answer is not None:
                exchange = self._memory.keep(reader, asked.conversation, exchange)
            yield {**updates, **self._show(history, exchange)}
            updates, failed = {}, exchange.failed
        yield {**self._idle(), **({self.box: message} if failed else {})}

    def _exchanges(
        self,
        message: str,
        history: History,
        language: Language | None,
        stream: Stream,
        scope: Scope | None,
    ) -> Iterator[Exchange]:
        """What `respond` gives. A fault of the program ends this one answer, in words, and is logged."""
        exchange: Exchange | None = None
        try:
            for exchange in respond(message, history, stream=stream, language=language, scope=scope):
                yield exchange
        except Exception:
            _LOG.exception("an answer broke off")
            if exchange is not None:
                yield broken(exchange)

    def _begin(self, history: History) -> Updates:
        return {
            self.past: "".join(exchange.html for exchange in history),
            self.follow: "",
            self.box: "",
            self.welcome: gr.update(visible=False),
            self.send: gr.update(visible=False),
            self.stop: gr.update(visible=True),
        }

    def _show(self, history: History, exchange: Exchange) -> Updates:
        return {self.history: (*history, exchange), self.current: exchange.html}

    def _idle(self) -> Updates:
        return {self.send: gr.update(visible=True), self.stop: gr.update(visible=False)}

    def _lead_on(self, history: History) -> str:
        """What to ask next, once an answer stands: looking for that must not hold it back."""
        last = history[-1] if history else None
        if last is None or last.answer is None:
            return ""
        return render_follow_ups(self._stage.follow_ups(last.answer, last.language, turns(history)), last.language)

    def _halt(self, history: History) -> Updates:
        """After a stop: nothing may be left that looks as if it still went on."""
        shown = self._show(history[:-1], stopped(history[-1])) if history else {}
        return {**shown, **self._idle()}

    def _open(self, choice: str, sent: str, request: gr.Request) -> Updates:
        """The conversation that the page names, as it was kept; an empty screen where there is none."""
        language = None if choice == AUTO else Language(choice)
        history = self._memory.history(reader_of(request), Asked.read(sent).conversation, (), language)
        shown = [exchange.html for exchange in history]
        return {
            self.history: history,
            self.past: "".join(shown[:-1]),
            self.current: "".join(shown[-1:]),
            self.follow: "",
            self.welcome: gr.update(visible=not shown),
            **self._idle(),
        }

    def _reopen(self, choice: str, sent: str, request: gr.Request) -> Any:
        """The same when the page loads: where nothing was kept nothing is touched, for a question may be on its way."""
        updates = self._open(choice, sent, request)
        return updates if updates[self.history] else gr.skip()

    def _looked_up(self, draft: str, choice: str, own: Language, request: gr.Request) -> Iterator[str]:
        language = _chosen(choice, own)
        yield render_looking(language)
        try:
            yield render_looked_up(self._stage.look_up(draft, reader=reader_of(request)), language)
        except AssistantError as error:
            yield render_error(error, language)
        except Exception:
            _LOG.exception("a look-up broke off")
            yield render_fault(language)

    def _meet(self, request: gr.Request) -> Updates:
        """The page in the language that the browser asks for, unless the settings name one."""
        own = self._language or preferred(request.headers.get("accept-language"))
        who = _who(reader_of(request), own)
        return {self.own: own, self.who: who, self.status: self._status_line(AUTO, own), **self._relabel(AUTO, own)}

    def _offer(self, choice: str, own: Language) -> Updates:
        language = _chosen(choice, own)
        starters = list(self._stage.starters(language))[:MOST_STARTERS]
        hidden = [""] * (MOST_STARTERS - len(starters))
        buttons = zip(self.starters, [*starters, *hidden], strict=True)
        shown = {button: gr.update(value=text, visible=bool(text)) for button, text in buttons}
        return {self.greeting: _greeting(language, bool(starters)), **shown}

    def _relabel(self, choice: str, own: Language) -> Updates:
        language = _chosen(choice, own)
        return {
            self.name: _name(language),
            self.choice: gr.update(choices=_choices(language), label=word("language_label", language)),
            self.clear: gr.update(value=word("clear", language)),
            self.side: render_side(language),
            self.box: gr.update(placeholder=_placeholder(language), label=word("question_label", language)),
            self.send: gr.update(value=word("send", language)),
            self.stop: gr.update(value=word("stop", language)),
            self.view: gr.update(choices=_views(language), label=word("view_label", language)),
            self.library: render_frame(tuple(READERS), self._stage.most_mb, language),
            self.lookup_title: _lookup_title(language),
            self.draft: gr.update(
                placeholder=word("lookup_placeholder", language), label=word("lookup_label", language)
            ),
            self.look: gr.update(value=word("lookup_send", language)),
        }

    def _status_line(self, choice: str, own: Language) -> str:
        return f"<p>{escape(self._stage.status(_chosen(choice, own)))}</p>"


def _chosen(choice: str, own: Language) -> Language:
    return own if choice == AUTO else Language(choice)


def _html(value: str, name: str) -> gr.HTML:
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=None)


def _switch(choices: list[Any], value: str, label: str, name: str) -> gr.Radio:
    return gr.Radio(
        choices,
        value=value,
        label=label,
        show_label=False,
        elem_id=name,
        container=False,
        min_width=0,
        interactive=True,
    )


def _name(language: Language) -> str:
    return templates.render("name", language)


def _who(reader: str, language: Language) -> str:
    """Who is signed in, leading to the page where one signs out."""
    told = escape(word("signin_as", language, who=reader))
    return f'<a href="{SIGN_IN}" title="{told}">{escape(reader)}</a>' if reader != NOBODY else ""


def _greeting(language: Language, has_starters: bool) -> str:
    return templates.render("greeting", language, has_starters=has_starters)


def _views(language: Language) -> list[Any]:
    return [(word(f"view_{view}", language), view) for view in VIEWS]


def _lookup_title(language: Language) -> str:
    return templates.render("lookup_title", language)


def _choices(language: Language) -> list[Any]:
    return [(word(f"language_{value}", language), value) for value in (AUTO, *Language)]


def _placeholder(language: Language) -> str:
    return word("placeholder", language)
