/* The library: its files, what is known of them, and reading a report. Views and dialogs only; the words come from the server. */
(() => {
  "use strict";

  const frame = () => document.querySelector("#library .frame");
  const isShown = () => frame()?.offsetParent != null;
  const url = (path, values) => `${path}?${new URLSearchParams({ ...values, language: frame().dataset.language })}`;
  let busy = true;
  let seconds = 0;

  /* The list is only touched when it has changed, so that focus and selection stay. */
  async function refresh() {
    const language = frame().dataset.language;
    const reply = await fetch(url("/library", {})).catch(() => null);
    if (!reply?.ok || frame()?.dataset.language !== language) return;
    busy = reply.headers.get("x-busy") === "1";
    const html = await reply.text();
    const list = frame().querySelector(".list");
    if (list.shown === html) return;
    list.shown = html;
    list.innerHTML = html;
  }

  setInterval(() => {
    if (!isShown()) return;
    seconds += 1;
    if (busy || seconds % 5 === 0 || !frame().querySelector(".list").shown) refresh();
  }, 1000);
  document.addEventListener("change", (event) => {
    if (event.target.closest?.("#view")) setTimeout(() => isShown() && refresh(), 0);
  });

  function report(name) {
    const item = document.createElement("li");
    const title = document.createElement("b");
    const text = document.createElement("span");
    title.textContent = name;
    item.append(title, text);
    frame().querySelector(".results").append(item);
    return (words, kind = "") => {
      text.textContent = words;
      item.className = kind;
    };
  }

  function send(path, body, progress) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const lost = () => resolve([frame().dataset.lost, "bad"]);
      request.open("POST", path);
      request.setRequestHeader("X-Library", "1");
      if (typeof body === "string") request.setRequestHeader("Content-Type", "application/json");
      request.upload.onprogress = (event) => progress(`${Math.round((100 * event.loaded) / event.total)}%`);
      request.onerror = lost;
      request.onload = () => {
        try {
          resolve([JSON.parse(request.response).text ?? frame().dataset.lost, request.status === 200 ? "good" : "bad"]);
        } catch {
          lost();
        }
      };
      request.send(body);
    });
  }

  async function add(files) {
    frame().querySelector(".results").replaceChildren();
    for (const [file, tell] of [...files].map((one) => [one, report(one.name)])) {
      const { most, tooLarge } = frame().dataset;
      if (file.size > Number(most)) tell(tooLarge, "bad");
      else tell(...(await send(url("/library/add", { name: file.name }), file, tell)));
      refresh();
    }
  }

  function askToRemove(path) {
    const dialog = frame().querySelector("dialog.confirm");
    dialog.querySelector("p").textContent = frame().dataset.confirm.replace("%s", () => path);
    dialog.querySelector(".no").onclick = () => dialog.close();
    dialog.querySelector(".yes").onclick = async () => {
      dialog.close();
      frame().querySelector(".results").replaceChildren();
      report(path)(...(await send(url("/library/remove", { path }), null, () => {})));
      refresh();
    };
    dialog.showModal();
  }

  function edit(button) {
    const dialog = frame().querySelector("dialog.edit");
    const fields = dialog.querySelectorAll("[name]");
    const facts = JSON.parse(button.dataset.facts);
    for (const field of fields) {
      const value = facts[field.name] ?? "";
      if (field.matches("select") && ![...field.options].some((one) => one.value === value)) field.add(new Option(value));
      field.value = value;
    }
    const wrong = dialog.querySelector(".wrong");
    wrong.textContent = "";
    dialog.querySelector(".no").onclick = () => dialog.close();
    dialog.querySelector("form").onsubmit = async (event) => {
      event.preventDefault();
      const said = Object.fromEntries([...fields].map((field) => [field.name, field.value]));
      const [words, kind] = await send(url("/library/describe", { path: button.dataset.path }), JSON.stringify(said), () => {});
      if (kind !== "good") {
        wrong.textContent = words;
        return;
      }
      dialog.close();
      frame().querySelector(".results").replaceChildren();
      report(button.dataset.path)(words, kind);
      refresh();
    };
    dialog.showModal();
    fields[0].setSelectionRange(0, 0);
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("#library .drop input")) return;
    add(event.target.files).finally(() => { event.target.value = ""; });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#library .file button");
    if (button?.matches(".remove")) askToRemove(button.dataset.path);
    if (button?.matches(".edit")) edit(button);
  });
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      if (!isShown()) return;
      event.preventDefault();
      frame().querySelector(".drop").classList.toggle("over", type === "dragover");
      if (type === "drop" && event.dataTransfer.files.length) add(event.dataTransfer.files);
    });
  }
})();

/* Reading a report: #read=<report id>[:<start>-<end>][&sheet=<number>] opens it over whatever is shown. */
(() => {
  "use strict";

  const PLACE = /^#read=([0-9a-f]{12})(?::(\d+-\d+))?(?:&sheet=(\d+))?$/;
  const language = () => document.querySelector("#library .frame")?.dataset.language ?? "en";
  let dialog = null;
  let shown = null;
  let asked = 0;

  const part = (selector) => dialog.querySelector(selector);

  async function show(id, values) {
    const mine = ++asked;
    const reply = await fetch(`/read/${id}?${new URLSearchParams({ ...values, language: language() })}`).catch(() => null);
    const found = await reply?.json().catch(() => null);
    if (mine !== asked || !dialog) return;
    if (!reply?.ok) {
      part(".sheet").textContent = found?.text ?? part(".sheet").dataset.lost;
      return;
    }
    const match = shown?.id === id && shown.q === values.q ? shown.match : 0;
    shown = { id, q: values.q ?? "", at: values.at ?? "", match, ...found };
    part("h2").textContent = found.title;
    part("header p").textContent = found.about;
    part(".number").value = found.sheet;
    part(".total").textContent = `/ ${found.sheets}`;
    part(".turn .back").disabled = found.sheet <= 1;
    part(".turn .forth").disabled = found.sheet >= found.sheets;
    part(".sheet").innerHTML = found.html;
    part(".sheet").scrollTop = 0;
    history.replaceState(history.state, "", `#read=${id}${shown.at ? `:${shown.at}` : ""}&sheet=${found.sheet}`);
    count();
    point();
  }

  function count() {
    const many = shown.found.length;
    part("output").textContent = !shown.q ? "" : many ? `${shown.match + 1} / ${many}` : part(".sheet").dataset.none;
    part(".find .before").disabled = part(".find .after").disabled = !shown.q || !many;
  }

  function point() {
    for (const one of dialog.querySelectorAll("[data-mark]")) {
      one.classList.toggle("here", shown.q === "" || one.dataset.mark === String(shown.match));
    }
    part(".words .here")?.scrollIntoView({ block: "center" });
  }

  const turn = (sheet) => show(shown.id, { sheet, q: shown.q, at: shown.at });

  function step(to) {
    const many = shown.found.length;
    if (!many) return;
    shown.match = (to + many) % many;
    if (shown.found[shown.match] !== shown.sheet) {
      turn(shown.found[shown.match]);
      return;
    }
    count();
    point();
  }

  async function search(words) {
    if (words.trim() === shown.q) return;
    await show(shown.id, { sheet: shown.sheet, q: words.trim(), at: shown.at });
    const first = shown.found.findIndex((sheet) => sheet >= shown.sheet);
    if (shown.q) step(Math.max(first, 0));
  }

  let typing = 0;
  function listen() {
    part("header .close").onclick = () => dialog.close();
    part(".turn .back").onclick = () => turn(shown.sheet - 1);
    part(".turn .forth").onclick = () => turn(shown.sheet + 1);
    part(".number").onchange = (event) => turn(Number.parseInt(event.target.value.normalize("NFKC"), 10) || shown.sheet);
    part(".find .before").onclick = () => step(shown.match - 1);
    part(".find .after").onclick = () => step(shown.match + 1);
    part(".find").onsubmit = (event) => {
      event.preventDefault();
      const words = part(".find input").value;
      if (words.trim() === shown.q) step(shown.match + 1);
      else search(words);
    };
    part(".find input").oninput = (event) => {
      clearTimeout(typing);
      if (!event.isComposing) typing = setTimeout(() => dialog && search(event.target.value), 300);
    };
    dialog.onclose = () => {
      dialog.remove();
      dialog = shown = null;
      history.replaceState(history.state, "", location.pathname + location.search);
    };
    dialog.onkeydown = (event) => {
      if (event.target.matches("input")) return;
      if (event.key === "PageUp" && shown.sheet > 1) turn(shown.sheet - 1);
      else if (event.key === "PageDown" && shown.sheet < shown.sheets) turn(shown.sheet + 1);
      else return;
      event.preventDefault();
    };
  }

  async function open() {
    const place = PLACE.exec(location.hash);
    if (!place) {
      dialog?.close();
      return;
    }
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "reader";
      document.body.append(dialog);
      const reply = await fetch(`/read?language=${language()}`).catch(() => null);
      if (!reply?.ok) {
        dialog.remove();
        dialog = null;
        return;
      }
      dialog.innerHTML = await reply.text();
      listen();
      dialog.showModal();
    }
    show(place[1], { at: place[2] ?? "", sheet: place[3] ?? 0, q: "" });
  }

  /* Following a link must not look like going to another conversation, which "popstate" would be. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#read="]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(history.state, "", link.getAttribute("href"));
    open();
  });
  addEventListener("hashchange", open);
  (function begin() {
    if (document.querySelector("#library .frame")) open();
    else setTimeout(begin, 100);
  })();
})();
