// SPDX-License-Identifier: MIT
// The results page without a browser: just as much of a document as its script
// uses.  page.js INDEX.html STEP... prints the text of the section after each
// STEP: #ADDRESS goes there, any other word clicks the first button with that
// text, last opened first.
"use strict";
const fs = require("fs"), vm = require("vm");

class Element {
  constructor(name) { Object.assign(this, {name, className: "", children: [], parent: null, dataset: {}, style: {}, own: ""}); }
  get classes() { return this.className.split(" ").filter(Boolean); }
  get classList() {
    const set = names => { this.className = [...names].join(" "); };
    return {
      add: c => set(new Set([...this.classes, c])),
      remove: c => set(this.classes.filter(x => x !== c)),
      contains: c => this.classes.includes(c),
      toggle: c => set(this.classes.includes(c) ? this.classes.filter(x => x !== c) : [...this.classes, c]),
    };
  }
  append(...more) {
    for (const one of more) {
      const child = one instanceof Element ? one : Object.assign(new Element("#text"), {own: String(one)});
      child.remove();
      child.parent = this;
      this.children.push(child);
    }
  }
  appendChild(child) { this.append(child); return child; }
  replaceChildren(...more) { for (const child of [...this.children]) child.remove(); this.append(...more); }
  remove() { if (this.parent) this.parent.children = this.parent.children.filter(c => c !== this); this.parent = null; }
  after(next) { next.remove(); next.parent = this.parent; this.parent.children.splice(this.parent.children.indexOf(this) + 1, 0, next); }
  get nextElementSibling() { return this.parent.children[this.parent.children.indexOf(this) + 1] || null; }
  get all() { return [this, ...this.children.flatMap(c => c.all)]; }
  querySelectorAll(selector) { const [name, c] = selector.split("."); return this.all.filter(e => e.name === name && e.classes.includes(c)); }
  get textContent() { return this.own + this.children.map(c => c.textContent).join(" "); }
  set textContent(text) { this.own = text; }
  setAttribute(name, value) { this[`@${name}`] = value; }
  scrollIntoView() {}
}

const [path, ...steps] = process.argv.slice(2);
const page = fs.readFileSync(path, "utf-8");
const [data, script] = [...page.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(m => m[1]);
const ids = Object.fromEntries(["about", "cards", "sections"].map(id => [id, new Element("div")]));
const listeners = [];
let hash = steps[0].startsWith("#") ? steps[0] : "";
const location = {
  get hash() { return hash; },
  set hash(value) { hash = value.startsWith("#") ? value : `#${value}`; for (const listener of listeners) listener(); },
};
vm.runInNewContext(script, {
  location, URLSearchParams, console,
  setTimeout: () => 0,
  window: {addEventListener: (name, listener) => name === "hashchange" && listeners.push(listener)},
  document: {
    createElement: name => new Element(name),
    createElementNS: (_, name) => new Element(name),
    getElementById: id => ids[id] || {textContent: data},
  },
});

const texts = [];
for (const step of steps) {
  if (step.startsWith("#")) {
    location.hash = step;
  } else {
    ids.sections.all.reverse().find(e => e.name === "button" && e.textContent.trim() === step).onclick();
  }
  texts.push(ids.sections.textContent);
}
console.log(JSON.stringify(texts));
