"use strict";
(() => {
  const find = (selector) => Array.from(document.querySelectorAll(selector));
  const form = document.querySelector("form.filters");
  const status = document.querySelector("#shown");
  const findings = find(".finding");
  const leaves = find(".leaf");
  const nodes = find(".tree details");

  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.text.trim().toLowerCase();
    let shown = 0;
    for (const one of findings) {
      const fits = ["provider", "group", "severity"].every((name) => !wanted[name] || one.dataset[name] === wanted[name]);
      one.hidden = !(fits && one.textContent.toLowerCase().includes(words));
      shown += one.hidden ? 0 : 1;
    }
    for (const group of find(".group")) {
      group.hidden = !group.querySelector(".finding:not([hidden])");
    }
    for (const leaf of leaves) {
      leaf.hidden = Boolean(wanted.state) && !leaf.classList.contains(wanted.state);
    }
    for (const node of nodes) {
      node.hidden = !node.querySelector(".leaf:not([hidden])");
    }
    for (const section of find("[data-section]")) {
      section.hidden = Boolean(wanted.provider) && section.dataset.section !== wanted.provider;
    }
    status.textContent = `${shown} of ${findings.length} findings are shown.`;
  };

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  // What is folded would not be printed; the trees alone are too long for paper.
  window.addEventListener("beforeprint", () => {
    for (const one of find(".finding details")) {
      one.open = true;
    }
  });
  apply();
})();
