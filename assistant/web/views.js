/* Copying references: a button carries what it copies, and says when it is done. */
(() => {
  "use strict";

  /* Pages that are not served over https or from this machine have no clipboard of their own. */
  function copyBySelection(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copyBySelection(text);
      button.focus();
    }
    if (button.classList.contains("done")) return;
    const label = button.textContent;
    button.textContent = button.dataset.copied;
    button.classList.add("done");
    setTimeout(() => {
      button.textContent = label;
      button.classList.remove("done");
    }, 1600);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-copy]");
    if (button) copy(button);
  });
})();
