/* The reports that a conversation is put to: chosen in the left pane, told at the question box. */
(() => {
  "use strict";

  const all = (selector) => [...document.querySelectorAll(selector)];
  const panel = () => document.querySelector("#filter .scope");
  const language = () => document.querySelector("#library .frame")?.dataset.language;
  const nothing = () => ({ report_ids: [], collections: [], since: null, until: null });
  const isAll = () => JSON.stringify(scope) === JSON.stringify(nothing());
  let scope = nothing();
  let conversation = null;

  window.assistant.scope = () => (isAll() ? null : scope);

  /* A collection that is ticked stands for all of its reports, of folders within it too. */
  function read() {
    const boxes = (name) => all(`#filter [name=${name}]:checked:not(:disabled)`).map((one) => one.value);
    const date = (name) => document.querySelector(`#filter [name=${name}]`).value || null;
    scope = { report_ids: boxes("report"), collections: boxes("collection"), since: date("since"), until: date("until") };
    show();
  }

  function show() {
    const form = panel()?.querySelector("form");
    if (!form) return;
    for (const name of ["since", "until"]) form.elements[name].value = scope[name] ?? "";
    const inside = (folder) => scope.collections.some((one) => folder === one || folder.startsWith(`${one}/`));
    for (const group of form.querySelectorAll(".collection")) {
      const head = group.querySelector("[name=collection]");
      const whole = head ? inside(head.value) : false;
      if (head) {
        head.checked = whole;
        head.disabled = whole && !scope.collections.includes(head.value);
      }
      for (const box of group.querySelectorAll("[name=report]")) {
        box.disabled = whole;
        box.checked = whole || scope.report_ids.includes(box.value);
      }
    }
    tell();
  }

  /* At the question box stands what it will be put to. */
  function tell() {
    const line = document.querySelector("#asked-of");
    if (!line) return;
    const { line: label, more, dates, clear } = panel().dataset;
    const titles = [
      ...scope.collections,
      ...scope.report_ids.map((id) => panel().querySelector(`[value="${CSS.escape(id)}"] + span`)?.textContent ?? id),
    ];
    const said = titles.slice(0, 2).join(" · ") + (titles.length > 2 ? ` ${more.replace("%s", titles.length - 2)}` : "");
    const range = scope.since || scope.until ? dates.replace("%1", scope.since ?? "").replace("%2", scope.until ?? "") : "";
    const words = document.createElement("span");
    words.textContent = label.replace("%s", () => [said, range].filter(Boolean).join(" · "));
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "✕", ariaLabel: clear });
    button.onclick = () => {
      scope = nothing();
      show();
    };
    line.replaceChildren(...(isAll() ? [] : [words, button]));
  }

  async function fill() {
    const holder = document.querySelector("#filter");
    if (!holder || !language()) return;
    if (panel()?.lang === language() && holder.contains(document.activeElement)) return;
    const reply = await fetch(`/scope?language=${language()}`).catch(() => null);
    const html = reply?.ok ? await reply.text() : "";
    if (holder.shown === html) return;
    const isOpen = panel()?.open;
    holder.shown = html;
    holder.innerHTML = html;
    if (panel()) panel().open = isOpen ?? false;
    show();
  }

  /* A conversation that is opened again brings the reports along that it was last put to; a new one begins with all. */
  function follow() {
    const now = new URLSearchParams(location.search).get("c");
    const last = all("#conversation .exchange").at(-1);
    if (now === conversation || (now && !last)) return;
    conversation = now;
    scope = { ...nothing(), ...JSON.parse(last?.dataset.scope ?? "{}") };
    show();
  }

  document.addEventListener("change", (event) => {
    if (event.target.closest?.("#filter form")) read();
  });
  document.addEventListener("reset", (event) => {
    if (event.target.closest?.("#filter")) setTimeout(read, 0);
  });
  setInterval(() => {
    follow();
    if (panel()?.lang !== language()) fill();
  }, 500);
  setInterval(fill, 10_000);
})();
