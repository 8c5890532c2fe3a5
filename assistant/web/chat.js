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

  /* Beside the answer the panel scrolls and the page stays; below it, on narrow screens, the page scrolls. */
  function bringIntoView(card) {
    const panel = card.closest(".evidence");
    if (getComputedStyle(panel).position !== "sticky") {
      scrollTo(card, "start");
      return;
    }
    const top = panel.scrollTop + card.getBoundingClientRect().top - panel.getBoundingClientRect().top - 3;
    panel.scrollTo({ top, behavior: quiet() ? "auto" : "smooth" });
  }

  function openEvidence(chip) {
    const card = cardOf(chip);
    if (!card) return;
    markOnly(card);
    card.open = true;
    bringIntoView(card);
    card.querySelector("summary").focus({ preventScroll: true });
  }

  function backToAnswer(button) {
    const chip = chipsOf(button.closest(".card"))[0];
    if (!chip) return;
    scrollTo(chip, "center");
    chip.focus({ preventScroll: true });
  }

  function loadPicture(card) {
    for (const picture of card.querySelectorAll("img[data-src]:not([src])")) picture.src = picture.dataset.src;
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("a[data-cite]");
    const back = event.target.closest?.("button[data-back]");
    if (chip) {
      event.preventDefault();
      openEvidence(chip);
    } else if (back) {
      backToAnswer(back);
    }
  });

  document.addEventListener("keydown", (event) => {
    const chip = event.target.closest?.("a[data-cite]");
    if (chip && (event.key === " " || event.key === "Enter")) {
      event.preventDefault();
      openEvidence(chip);
    }
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
    if (exchange) scrollTo(exchange, "start");
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["id"] });
})();
