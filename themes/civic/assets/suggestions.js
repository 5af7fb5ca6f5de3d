// Suggestions while somebody types; search.js says when. The page's parts lie in search.html.
(function () {
"use strict";

const { part, fill, el, aside, marked, noteOf, quiet, places, suggestions, site, isTyped } = window.genSearch.page;
const input = part("q"), list = part("suggestions");
let chosen = -1, pause = 0, thought = 0;

function choose(next) {
  const options = [...list.children];
  chosen = (next + options.length + 2) % (options.length + 1) - 1;
  options.forEach((option, at) => option.setAttribute("aria-selected", at === chosen));
  input.setAttribute("aria-expanded", options.length > 0);
  input.setAttribute("aria-activedescendant", chosen < 0 ? "" : options[chosen].id);
}

function offer(found) {
  fill("suggestions", found.map((one, at) => el("a", { role: "option", id: "g-option-" + at, href: one.href, tabindex: "-1" }, one.name, aside(one.note))));
  choose(-1);
}

async function think() {
  const mine = ++thought, q = input.value;
  const [near, { hits = [] }] = await Promise.all([quiet(places(q)), quiet(suggestions(q))]);
  const titles = hits.filter(one => !site || one.site === site).map(one => ({ name: marked(one.title), note: one.number || one.published, href: one.url }));
  if (mine === thought) offer(near.map(one => ({ ...one, note: noteOf(one) })).concat(titles));
}

function later(event) {
  clearTimeout(pause);
  if (!event.isComposing) pause = setTimeout(think, 200);
}

function stay() {
  thought++;
  clearTimeout(pause);
}

function shut() {
  stay();
  offer([]);
}

input.oninput = later;
input.addEventListener("compositionend", later);
input.onblur = shut;
input.onkeydown = event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing || !list.firstChild) return;
  if (step) {
    // Who chooses from what he sees keeps seeing it.
    stay();
    choose(chosen + step);
  } else if (event.key === "Escape") shut();
  else if (event.key === "Enter" && chosen >= 0) list.children[chosen].click();
  else return;
  event.preventDefault();
};
list.onmousedown = event => event.preventDefault();
part("ask").addEventListener("submit", shut);
if (isTyped()) later({});
})();
