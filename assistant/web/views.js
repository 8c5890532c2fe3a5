/* The library view: its files, added and removed. */
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
    const dialog = frame().querySelector("dialog");
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

  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("#library .drop input")) return;
    add(event.target.files).finally(() => { event.target.value = ""; });
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#library .remove");
    if (button) askToRemove(button.dataset.path);
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
