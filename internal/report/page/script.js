"use strict";
(() => {
  const form = document.querySelector("form.filter");
  if (!form) return;
  const rows = [...document.querySelectorAll(".changes > div")];
  const seen = rows.map(row => ({ row, text: row.dataset.text, risk: " " + row.dataset.risk + " ", kind: row.dataset.kind, action: row.dataset.action }));
  const field = id => document.getElementById(id);
  const [text, risk, kind, action, shown, none] = ["text", "risk", "kind", "action", "shown", "none"].map(field);
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let count = 0;
    for (const s of seen) {
      const fits = (!wanted || s.text.includes(wanted)) && (!risk.value || s.risk.includes(" " + risk.value + " ")) &&
        (!kind.value || s.kind === kind.value) && (!action.value || s.action === action.value);
      if (s.row.hidden === fits) s.row.hidden = !fits;
      if (fits) count++;
    }
    shown.textContent = count + " of " + seen.length + " changes";
    none.hidden = count > 0;
  };
  const openAll = open => { for (const s of seen) if (!s.row.hidden) s.row.firstElementChild.open = open; };
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  field("open").addEventListener("click", () => openAll(true));
  field("close").addEventListener("click", () => openAll(false));
  addEventListener("beforeprint", () => openAll(true));
  const toTarget = () => {
    const row = /^#c\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (!row) return;
    if (row.hidden) { form.reset(); filter(); }
    row.firstElementChild.open = true;
    row.scrollIntoView();
  };
  addEventListener("hashchange", toTarget);
  toTarget();
})();
