/* The conversation as a whole: which one it is, the list of them, and what can be done with an answer. */
window.assistant = (() => {
  "use strict";

  const words = () => document.querySelector("#conversations .frame")?.dataset ?? {};
  const language = () => document.querySelector("#conversations .frame")?.lang ?? "en";
  const drawn = () => [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const named = () => new URLSearchParams(location.search).get("c");
  const box = () => document.querySelector("#question textarea");
  const wide = matchMedia("(min-width: 1100px)");
  let conversation = named() ?? drawn();
  let replaced = null;

  /* What goes with every question; the address names the conversation once there is something in it. */
  const asked = () => {
    const sent = { conversation, number: replaced, scope: window.assistant.scope?.() ?? null };
    replaced = null;
    say("");
    return JSON.stringify(sent);
  };

  function say(text, kind = "") {
    document.getElementById("notice")?.remove();
    if (!text) return;
    const notice = Object.assign(document.createElement("div"), { id: "notice", className: kind, textContent: text });
    notice.setAttribute("role", kind === "bad" ? "alert" : "status");
    document.body.append(notice);
  }

  function write(text) {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box(), text);
    box().dispatchEvent(new Event("input", { bubbles: true }));
    box().focus();
  }

  function ask(text) {
    write(text);
    setTimeout(() => document.getElementById("send").click(), 50);
  }

  function open(id, { keep = true } = {}) {
    conversation = id ?? drawn();
    if (keep) history.pushState({}, "", id ? `?c=${id}` : location.pathname);
    document.documentElement.classList.remove("side-open", "pane-open");
    if (id) document.getElementById("open").click();
    refresh();
  }

  const url = (path, values = {}) => `/conversations${path}?${new URLSearchParams({ ...values, language: language() })}`;

  async function send(path, values) {
    const reply = await fetch(url(path, values), { method: "POST", headers: { "X-Library": "1" } }).catch(() => null);
    const told = await reply?.json().catch(() => null);
    if (!reply?.ok) say(told?.text ?? words().unreachable, "bad");
    return reply?.ok;
  }

  async function refresh() {
    const list = document.querySelector("#conversations .list");
    const reply = await fetch(url("", { current: conversation })).catch(() => null);
    const html = await reply?.text();
    if (!reply?.ok || !list || list.shown === html) return;
    list.shown = html;
    list.innerHTML = html;
  }

  /* One dialog for every question; gives the words, or null. Without `text` there is nothing to write. */
  function confirm(label, yes, text) {
    const dialog = document.querySelector("#conversations dialog");
    const [field, button] = [dialog.querySelector("textarea"), dialog.querySelector(".yes")];
    dialog.querySelector("label").textContent = label;
    button.textContent = yes;
    field.hidden = text === undefined;
    field.value = text ?? "";
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.onclose = () => resolve(dialog.returnValue === "yes" ? field.value : null);
    });
  }

  const changes = {
    async rename({ id, title }) {
      const name = await confirm(words().talkName, words().save, title);
      if (name?.trim()) await send(`/${id}/rename`, { title: name });
    },
    async delete({ id, title }) {
      if ((await confirm(words().talkDeleteConfirm.replace("%s", () => title), words().talkDelete)) === null) return;
      if ((await send(`/${id}/delete`)) && id === conversation) document.getElementById("clear").click();
    },
  };

  async function judge(button, verdict) {
    const number = button.closest(".exchange").dataset.number;
    const chosen = button.getAttribute("aria-pressed") === "true" ? "" : verdict;
    if (!(await send(`/${conversation}/judge`, { number, verdict: chosen }))) return;
    for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button && !!chosen));
    if (!chosen) return;
    const note = await confirm(words()[verdict === "up" ? "noteUp" : "noteDown"], words().save, "");
    if (note?.trim()) await send(`/${conversation}/judge`, { number, verdict, note });
  }

  const questionOf = (exchange) => exchange.querySelector(".question").lastChild.textContent;

  const actions = {
    up: (button) => judge(button, "up"),
    down: (button) => judge(button, "down"),
    copy: (button) => {
      const [rich, plain] = ["rich", "plain"].map((kind) => button.parentElement.querySelector(`template.${kind}`));
      copy(button, plain.content.textContent, rich.innerHTML);
    },
    again(button) {
      const exchange = button.closest(".exchange");
      ask(questionOf(exchange));
      replaced = Number(exchange.dataset.number);
    },
    edit(button) {
      const exchange = button.closest(".exchange");
      write(questionOf(exchange));
      replaced = Number(exchange.dataset.number);
      say(words().editing);
    },
  };

  /* Pages that are not served over https or from this machine have no clipboard of their own. */
  function copyBySelection(text, html) {
    const put = (event) => {
      event.preventDefault();
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
    };
    document.addEventListener("copy", put, { once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", put);
  }

  async function copy(button, text, html) {
    try {
      const parts = { "text/plain": new Blob([text], { type: "text/plain" }) };
      if (html) parts["text/html"] = new Blob([html], { type: "text/html" });
      await navigator.clipboard.write([new ClipboardItem(parts)]);
    } catch {
      copyBySelection(text, html);
    }
    const label = button.querySelector("span") ?? button;
    if (button.classList.contains("done")) return;
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    button.classList.add("done");
    setTimeout(() => {
      label.textContent = before;
      button.classList.remove("done");
    }, 1600);
  }

  /* A cell that a spreadsheet would take for a formula begins with an apostrophe. */
  const safe = (text) => (/^[=+\-@\t]/.test(text) && !/^[+\-]?[\d.,\s%]+$/.test(text) ? `'${text}` : text);

  /* Rows and columns without chips, and a last column with the sources of each row. */
  function copyTable(button) {
    const sources = Object.fromEntries(
      button.closest(".exchange").querySelector("template.plain").content.textContent
        .split("\n").map((line) => line.match(/^\[(\d+)\] (.+)$/)).filter(Boolean).map((match) => [match[1], match[2]]));
    const rows = [...button.previousElementSibling.querySelectorAll("tr")].map((row) => {
      const cells = [...row.cells].map((cell) => {
        const plain = cell.cloneNode(true);
        for (const one of plain.querySelectorAll(".chip, .uncited")) one.remove();
        return safe(plain.textContent.trim().replace(/\s+/g, " "));
      });
      const cited = [...new Set([...row.querySelectorAll("[data-cite]")].map((chip) => sources[chip.dataset.cite]))];
      return [...cells, row.querySelector("th") ? words().sourceColumn : cited.filter(Boolean).join(" ")];
    });
    const table = document.createElement("table");
    for (const row of rows) for (const cell of [table.insertRow()]) for (const text of row) cell.insertCell().textContent = text;
    copy(button, rows.map((row) => row.join("\t")).join("\n"), table.outerHTML);
  }

  function addTableButtons() {
    for (const table of document.querySelectorAll(".answer[aria-busy=false] .text .scroll:not(.taken)")) {
      table.classList.add("taken");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "act copy-table" });
      button.textContent = words().copyTable;
      button.dataset.copied = words().copied;
      table.after(button);
    }
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    const [act, talk, change, reference] = ["[data-do]", "a.talk", "[data-talk]", "button[data-copy]"].map((one) => target.closest?.(one));
    if (act) actions[act.dataset.do](act);
    if (reference) copy(reference, reference.dataset.copy);
    if (target.closest?.(".copy-table")) copyTable(target.closest(".copy-table"));
    if (target.closest?.("[data-ask]")) ask(target.closest("[data-ask]").dataset.ask);
    if (talk) {
      event.preventDefault();
      open(talk.closest("li").dataset.id);
    }
    if (change) changes[change.dataset.talk](change.closest("li").dataset).then(refresh);
    for (const menu of document.querySelectorAll("#conversations .menu[open]")) if (!menu.contains(target) || change) menu.open = false;
    if (target.closest?.(".side-toggle")) document.documentElement.classList.toggle(wide.matches ? "no-side" : "side-open");
    else if (!target.closest?.("#side, .evidence, [data-cite]")) document.documentElement.classList.remove("side-open", "pane-open");
  });

  /* Before gradio hears of it: a new conversation has a new id. */
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#clear")) open(null);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.target === box() && event.key === "ArrowUp" && !box().value && !event.isComposing) {
      event.preventDefault();
      document.querySelector("#current [data-do=edit]")?.click();
    }
    if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
    const open = document.documentElement.classList;
    if (open.contains("side-open") || open.contains("pane-open")) open.remove("side-open", "pane-open");
    else if (replaced) {
      replaced = null;
      write("");
      say("");
    } else document.querySelector("#stop")?.click();
  });

  addEventListener("popstate", () => {
    conversation = named() ?? drawn();
    document.getElementById("open").click();
    refresh();
  });

  /* What was answered: the address names the conversation, the list shows it, its tables can be copied. */
  let seen = "";
  new MutationObserver(() => {
    addTableButtons();
    const answer = document.querySelector("#current .exchange");
    const busy = answer?.querySelector(".answer")?.getAttribute("aria-busy");
    const state = `${language()} ${answer?.id ?? ""} ${busy ?? ""} ${document.querySelector("#conversations .list")?.shown === undefined}`;
    if (state === seen || !document.querySelector("#conversations .list")) return;
    seen = state;
    if (answer && named() !== conversation) history.replaceState({}, "", `?c=${conversation}`);
    refresh();
  }).observe(document.documentElement, { childList: true, subtree: true });

  /* A server that went away under the page: say so, and give a question that was lost on the way back. */
  setInterval(async () => {
    const busy = document.querySelector("#current .answer[aria-busy=true]");
    if (!busy && !document.getElementById("notice")?.classList.contains("bad")) return;
    const reply = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
    if (reply?.ok) {
      if (!busy) say("");
      return;
    }
    if (busy?.isConnected) {
      if (!box().value) write(questionOf(busy.closest(".exchange")));
      busy.setAttribute("aria-busy", "false");
    }
    say(words().unreachable, "bad");
  }, 2000);

  return { asked, ask, language, say };
})();
