// The results page of a static site: what is meant, and the figures whose titles have the words.

import { folded } from "./names.js";
import { fileOf, fromFiles, json } from "./search.js";

const MEANT = 12;
const AT_ONCE = 20;
const place = document.getElementById("results");
const folder = place.dataset.names;

// As `pfocr_rdf.web.site.figure_words` writes them.
const wordsOf = (text) => [...new Set(folded(text).match(/[\p{L}\p{N}]{2,}/gu) ?? [])];

function wordFile(word) {
  const pmcid = /^pmc[0-9]*([0-9]{2})$/.exec(word);
  return pmcid ? `pmc${pmcid[1]}` : fileOf(word);
}

function numbersOf(steps) {
  let at = 0;
  return steps.map((step) => (at += step));
}

// The last word need not be whole.
async function having(word, isLast, files) {
  const file = wordFile(word);
  const known = files.includes(file) ? await json(`${folder}words/${file}.json`) : {};
  const fitting = Object.keys(known ?? {}).filter(
    (each) => each === word || (isLast && each.startsWith(word)),
  );
  return new Set(fitting.flatMap((each) => numbersOf(known[each])));
}

async function figuresWith(words) {
  const about = await json(`${folder}words.json`);
  if (!about || !words.length) return { numbers: [], piece: 1 };
  const sets = await Promise.all(
    words.map((word, at) => having(word, at === words.length - 1, about.files)),
  );
  sets.sort((one, other) => one.size - other.size);
  const numbers = [...sets[0]].filter((each) => sets.every((set) => set.has(each)));
  return { numbers: numbers.sort((one, other) => one - other), piece: about.piece };
}

const pageOf = (path) => new URL(`../${path}`, new URL(folder, document.baseURI)).href;

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function link(address, text, className = "") {
  const made = element("a", className, element("bdi", "", text));
  made.href = address;
  return made;
}

function section(id, heading, list) {
  const title = element("h2", "part-title", heading);
  title.id = id;
  const made = element("section", "", title, list);
  made.setAttribute("aria-labelledby", id);
  return made;
}

function meant(one) {
  const name = element(
    "p", "hit-title", element("span", `kind kind-${one.kind}`, one.kind), " ", link(one.page, one.label),
  );
  if (one.organism) name.append(" ", element("bdi", "organism", one.organism));
  const more = one.figures === 1 ? "1 figure" : `${one.figures} figures`;
  const about = one.matched ? `${one.matched} · ${more}` : more;
  return element("li", "hit", name, element("p", "meta", element("bdi", "", about)));
}

function figure([path, title, year, pmcid]) {
  const about = element("p", "meta");
  if (year) about.append(element("span", "", year));
  if (pmcid) about.append(element("span", "", link(pageOf(`papers/${pmcid}.html`), pmcid)));
  return element("li", "", link(pageOf(path), title || path, "figure-title"), about);
}

async function showFigures({ numbers, piece }) {
  const list = element("ul", "figures");
  const made = section("figures", `Figures (${numbers.length})`, list);
  const more = element("button", "plain-button", "More figures");
  more.type = "button";
  let shown = 0;
  const show = async () => {
    const next = numbers.slice(shown, shown + AT_ONCE);
    shown += next.length;
    const pieces = new Map();
    for (const file of new Set(next.map((each) => Math.floor(each / piece)))) {
      pieces.set(file, await json(`${folder}figures/${file}.json`));
    }
    const items = next.map((each) => figure(pieces.get(Math.floor(each / piece))[each % piece]));
    list.append(...items);
    more.hidden = shown >= numbers.length;
    return items;
  };
  more.addEventListener("click", async () => {
    const [first] = await show();
    first?.querySelector("a").focus();
  });
  await show();
  made.append(more);
  return made;
}

async function find() {
  const text = (new URLSearchParams(window.location.search).get("q") ?? "").trim();
  if (!text) return;
  for (const box of document.querySelectorAll("input[type=search]")) box.value = text;
  document.title = `Search: ${text} – PFOCR linked data`;
  const heading = document.querySelector("h1");
  heading.replaceChildren(element("span", "quiet", "Results for"), " ", element("bdi", "", text));
  const [names, figures] = await Promise.all([
    fromFiles(folder, text, undefined, MEANT),
    figuresWith(wordsOf(text)),
  ]);
  const parts = [];
  if (names.length) {
    const list = element("ol", "hits meanings", ...names.map(meant));
    parts.push(section("meant", "Genes, chemicals, diseases and organisms", list));
  }
  if (figures.numbers.length) parts.push(await showFigures(figures));
  if (!parts.length) {
    parts.push(element("p", "empty", "No name and no title in this release has all these words."));
  }
  place.replaceChildren(...parts);
  place.dataset.ready = "yes";
}

find();
