// SPDX-License-Identifier: MIT
// Filters for the lists and matrices of a page; without it everything is shown.
// What is looked for stands in the address (#filter=WORDS), so that it can be
// kept and sent.
"use strict";

const asked = () => new URLSearchParams(location.hash.slice(1)).get("filter") || "";

// The evidence that an address names is opened, in browsers that do not do it.
function open() {
  const at = document.getElementById(location.hash.slice(1));
  for (let up = at; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  if (at) at.scrollIntoView();
}

function field(box) {
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = "filter by any words";
  input.setAttribute("aria-label", `filter: ${box.dataset.filter}`);
  input.value = asked();
  return input;
}

// One button for each verdict in the list; pressed is shown.
function buttons(box, items, draw) {
  const off = new Set();
  for (const word of new Set(items.map(item => item.dataset.verdict))) {
    const button = document.createElement("button");
    button.className = word;
    button.textContent = `${word} ${items.filter(item => item.dataset.verdict === word).length}`;
    button.setAttribute("aria-pressed", "true");
    button.onclick = () => {
      off.delete(word) || off.add(word);
      button.setAttribute("aria-pressed", String(!off.has(word)));
      draw();
    };
    box.append(button);
  }
  return off;
}

function list(box) {
  const items = [...box.querySelectorAll("[data-verdict]")];
  const texts = new Map(items.map(item => [item, item.textContent.toLowerCase()]));
  const tools = document.createElement("div"), input = field(box), said = document.createElement("span");
  tools.className = "tools";
  said.className = "soft";
  said.setAttribute("role", "status");
  function draw() {
    const words = input.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const item of items) {
      item.hidden = off.has(item.dataset.verdict) || !words.every(word => texts.get(item).includes(word));
      shown += !item.hidden;
    }
    said.textContent = shown === items.length ? "" : `${shown} of ${items.length}`;
  }
  tools.append(input);
  const off = buttons(tools, items, draw);
  tools.append(said);
  remember(input, draw);
  box.prepend(tools);
  draw();
}

// A letter of a matrix stands for several cells: data-cells has the words of
// each, its verdict first, the worst cell first.
function matrix(box) {
  const letters = [...box.querySelectorAll("[data-cells]")].map(at => [at, at.dataset.cells.toLowerCase().split("|"), at.className]);
  const tools = document.createElement("div"), input = field(box);
  tools.className = "tools";
  tools.append(input);
  function draw() {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const [at, cells, all] of letters) {
      const found = cells.filter(cell => words.every(word => cell.includes(word)));
      at.hidden = !found.length;
      at.className = input.value && found.length ? found[0].split(" ")[0] : all;
    }
  }
  remember(input, draw);
  box.prepend(tools);
  draw();
}

function remember(input, draw) {
  input.oninput = () => {
    history.replaceState(null, "", input.value ? `#filter=${encodeURIComponent(input.value)}` : location.pathname);
    draw();
  };
  window.addEventListener("hashchange", () => { if (asked()) { input.value = asked(); draw(); } });
}

document.querySelectorAll("[data-filter]").forEach(box => box.classList.contains("matrix") ? matrix(box) : list(box));
window.addEventListener("hashchange", open);
open();
