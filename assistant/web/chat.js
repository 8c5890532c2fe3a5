/* Behaviour of the chat page: one script for every chip and card, of answers to come as well. No server round trips. */
(() => {
  "use strict";

  const quiet = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scrollTo = (element, block) =>
    element.scrollIntoView({ behavior: quiet() ? "auto" : "smooth", block });

  const cardOf = (chip) =>
    chip.closest(".reply")?.querySelector(`[data-evidence="${CSS.escape(chip.dataset.cite)}"]`);

  const chipsOf = (card) =>
    card.closest(".reply").querySelectorAll(`[data-cite="${CSS.escape(card.dataset.evidence)}"]`);

  /* One card is marked at a time; the one that a chip opened before closes again. */
  function markOnly(card) {
    for (const other of card.closest(".reply").querySelectorAll(".card.marked")) {
      if (other !== card) other.open = false;
    }
    card.classList.add("marked");
  }

  function bringIntoView(card) {
    const pane = card.closest(".evidence");
    const top = pane.scrollTop + card.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: top - pane.querySelector(".head").offsetHeight - 8, behavior: quiet() ? "auto" : "smooth" });
  }

  /* The pane shows the evidence of one answer: the one whose card is opened. */
  function show(card) {
    for (const other of document.querySelectorAll(".exchange.active")) other.classList.remove("active");
    card.closest(".exchange")?.classList.add("active");
    document.documentElement.classList.add("pane-open");
    markOnly(card);
    card.open = true;
    bringIntoView(card);
    card.querySelector("summary").focus({ preventScroll: true });
  }

  function step(button) {
    const cards = [...button.closest(".evidence").querySelectorAll(".card")];
    const at = cards.findIndex((card) => card.open);
    const by = button.dataset.step === "next" ? 1 : -1;
    show(cards[at < 0 ? 0 : (at + by + cards.length) % cards.length]);
    button.focus({ preventScroll: true });
  }

  function backToAnswer(button) {
    const chip = chipsOf(button.closest(".card"))[0];
    if (!chip) return;
    document.documentElement.classList.remove("pane-open");
    scrollTo(chip, "center");
    chip.focus({ preventScroll: true });
  }

  function loadPicture(card) {
    for (const picture of card.querySelectorAll("img[data-src]:not([src])")) picture.src = picture.dataset.src;
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("a[data-cite]");
    const back = event.target.closest?.("button[data-back]");
    const stepped = event.target.closest?.("button[data-step]");
    if (chip) {
      event.preventDefault();
      const card = cardOf(chip);
      if (card) show(card);
    } else if (back) {
      backToAnswer(back);
    } else if (stepped?.dataset.step === "close") {
      document.documentElement.classList.remove("pane-open");
    } else if (stepped) {
      step(stepped);
    }
  });

  document.addEventListener("keydown", (event) => {
    const chip = event.target.closest?.("a[data-cite]");
    if (!chip) return;
    const chips = [...chip.closest(".answer").querySelectorAll("a[data-cite]")];
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) chips[(chips.indexOf(chip) + by + chips.length) % chips.length].focus();
    else if (event.key === " " || event.key === "Enter") show(cardOf(chip));
    else return;
    event.preventDefault();
  });

  /* A card opens by its chip or by itself; "toggle" does not bubble, so it is caught on the way down. */
  document.addEventListener("toggle", (event) => {
    const card = event.target;
    if (!card.classList?.contains("card")) return;
    if (card.open) loadPicture(card);
    else card.classList.remove("marked");
    if (card.dataset.evidence) {
      for (const chip of chipsOf(card)) chip.setAttribute("aria-expanded", String(card.open));
    }
  }, true);

  document.addEventListener("error", (event) => {
    if (event.target.matches?.(".page img")) event.target.closest(".page").classList.add("broken");
  }, true);

  /* A question sent while the answer before it is just ending is dropped by the page's framework: it still stands in the
     box with nothing begun, and is sent once more. What was taken is not: it has left the box, or a new exchange is there. */
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("#question textarea");
    if (!box || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    const last = () => document.querySelector("#current .exchange")?.id;
    const asked = box.value, before = last();
    setTimeout(() => {
      const send = document.querySelector("button#send, #send button");
      if (asked.trim() && box.value === asked && last() === before && send?.offsetParent) send.click();
    }, 800);
  });

  /* Enter that ends an input method's composition chooses a word and must not send the question. */
  for (const type of ["keydown", "keypress"]) {
    document.addEventListener(type, (event) => {
      if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopImmediatePropagation();
    }, true);
  }

  /* A new question moves to the top of the window once; after that the reader scrolls. */
  let shown = "";
  new MutationObserver(() => {
    const exchange = document.querySelector("#current .exchange");
    if ((exchange?.id ?? "") === shown) return;
    shown = exchange?.id ?? "";
    for (const other of document.querySelectorAll(".exchange.active")) other.classList.remove("active");
    document.documentElement.classList.remove("pane-open");
    if (exchange) scrollTo(exchange, "start");
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["id"] });
})();
