/* The model view, and the line that offers a model. */
(() => {
  "use strict";

  const frame = () => document.querySelector("#model");
  const words = () => document.querySelector("#library .frame")?.dataset.language ?? "en";

  async function look(anyway = false) {
    if (!frame() || (frame().offsetParent == null && !anyway)) return;
    const reply = await fetch(`/model?language=${words()}`).catch(() => null);
    if (reply?.ok) frame().innerHTML = await reply.text();
  }

  async function offer() {
    const holder = document.querySelector("#banner");
    const reply = holder && (await fetch(`/model/banner?language=${words()}`).catch(() => null));
    if (reply?.ok) holder.innerHTML = await reply.text();
  }

  function renew() {
    offer();
    look();
  }

  async function choose(form, path) {
    const told = form.querySelector(".told");
    const value = (name) => form.elements[name]?.value ?? "";
    const kind = value("kind");
    const choice = { kind, name: "", base_url: "", api_key_env: "" };
    if (kind === "ollama") choice.name = value("ollama");
    if (kind === "openai") for (const name of ["name", "base_url", "api_key_env"]) choice[name] = value(name);
    told.className = "told";
    told.textContent = told.dataset.busy;
    const reply = await fetch(`${path}?language=${words()}`, {
      method: "POST",
      headers: { "X-Library": "1", "Content-Type": "application/json" },
      body: JSON.stringify(choice),
    }).catch(() => null);
    const found = await reply?.json().catch(() => null);
    if (reply?.ok && path === "/model") await Promise.all([look(true), offer()]);
    const line = frame().querySelector(".told");
    line.textContent = found?.text ?? line.dataset.lost;
    line.classList.add(reply?.ok ? "good" : "bad");
  }

  document.addEventListener("change", (event) => {
    if (event.target.closest?.("#view")) setTimeout(look, 0);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#model .test");
    if (button) choose(button.form, "/model/test");
    if (event.target.closest?.('a[href="#model"]')) {
      event.preventDefault();
      document.querySelector("#view label:nth-child(4) input")?.click();
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.closest?.("#model")) return;
    event.preventDefault();
    choose(event.target, "/model");
  });
  let shown; // the page learns its language from the server, and may be given another
  setInterval(() => {
    if (!document.querySelector("#library .frame") || words() === shown) return;
    shown = words();
    renew();
  }, 200);
})();
