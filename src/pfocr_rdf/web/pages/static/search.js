// Suggestions for the search boxes: a combobox with a list below it, as the ARIA Authoring
// Practices describe it. Without this file each box is a plain form. Where a server answers, it
// is asked; on a static site the names lie in files, one for each beginning.

import { keysOf } from "./names.js";

const DELAY = 120;
const SHOWN = 8;

const figures = (count) => `${count.toLocaleString("en")} ${count === 1 ? "figure" : "figures"}`;

export async function json(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}

async function fromServer(address, text, signal) {
  const answer = await json(`${address}?q=${encodeURIComponent(text)}`, signal);
  return answer?.suggestions;
}

// As `pfocr_rdf.web.site.names` writes them.
export function fileOf(key) {
  const ensembl = /^ensg[0-9]+([0-9]{2})$/.exec(key);
  if (ensembl) return `ensg${ensembl[1]}`;
  return [...key]
    .slice(0, 2)
    .map((sign) => (/[a-z0-9]/.test(sign) ? sign : `_${sign.codePointAt(0).toString(16)}`))
    .join("");
}

// As `pfocr_rdf.query.index.names` ranks them: just this name, then names that begin so.
const LATER_KEY = 0.3;
const JUST_SO = 1000;

function score([, , , , , sure, name, , written], text) {
  if (!written) return sure;
  return name === text ? sure * JUST_SO : sure / JUST_SO;
}

export async function fromFiles(folder, text, signal, most = SHOWN) {
  const { files, kinds } = (await json(`${folder}files.json`, signal)) ?? { files: [] };
  // Of an id that is written with its database, the key is the id alone.
  const asked = text.replace(/^(hgnc|ncbigene|ncbitaxon|chebi|doid|mesh|ensembl|uniprotkb):/i, "");
  const likely = [];
  for (const [place, key] of keysOf(asked).entries()) {
    const file = fileOf(key);
    if (!files.includes(file)) continue;
    for (const entry of (await json(`${folder}${file}.json`, signal)) ?? []) {
      const just = entry[0] === key;
      if (just || entry[0].startsWith(key)) {
        likely.push({ entry, just, sure: score(entry, asked) * LATER_KEY ** place });
      }
    }
  }
  likely.sort(
    (one, other) =>
      other.just - one.just || other.sure - one.sure || (one.entry[3] < other.entry[3] ? -1 : 1),
  );
  const found = new Map();
  for (const { entry } of likely) {
    const [, kind, label, path, count, , matched = "", organism = ""] = entry;
    if (found.size === most) break;
    if (found.has(path)) continue;
    const page = new URL(`../${path}`, new URL(folder, document.baseURI)).href;
    found.set(path, { kind: kinds[kind], label, page, figures: count, matched, organism });
  }
  return [...found.values()];
}

function enhance(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.getElementById(form.dataset.list);
  const live = document.getElementById(form.dataset.live);
  let options = [];
  let active = -1;
  let timer = 0;
  let asked = null;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    list.replaceChildren();
    options = [];
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function activate(index) {
    options[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = options[active];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function option(suggestion, index) {
    const item = document.createElement("li");
    item.id = `${list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.page = suggestion.page;
    const kind = document.createElement("span");
    kind.className = `kind kind-${suggestion.kind}`;
    kind.textContent = suggestion.kind;
    const label = document.createElement("bdi");
    label.className = "suggestion-label";
    label.textContent = suggestion.label;
    item.append(kind, label);
    if (suggestion.organism) {
      const organism = document.createElement("bdi");
      organism.className = "suggestion-other";
      organism.textContent = suggestion.organism;
      label.append(" ", organism);
    }
    if (suggestion.matched) {
      const other = document.createElement("bdi");
      other.className = "suggestion-other";
      other.textContent = suggestion.matched;
      label.append(" ", other);
    }
    if (suggestion.figures) {
      const count = document.createElement("span");
      count.className = "suggestion-count";
      count.textContent = figures(suggestion.figures);
      item.append(count);
    }
    return item;
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(option));
    options = [...list.children];
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    live.textContent = options.length
      ? `${options.length} ${options.length === 1 ? "suggestion" : "suggestions"}; use the arrow keys`
      : "No suggestions";
  }

  async function ask() {
    const text = input.value.trim();
    asked?.abort();
    if (text.length < 2) {
      close();
      live.textContent = "";
      return;
    }
    asked = new AbortController();
    const { signal } = asked;
    try {
      const suggestions = form.dataset.names
        ? await fromFiles(form.dataset.names, text, signal)
        : await fromServer(form.dataset.suggest, text, signal);
      if (suggestions && !signal.aborted) show(suggestions.filter((one) => one.page));
    } catch (error) {
      // A newer request took its place, or the server has gone: the form still works.
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      window.location.assign(options[active].dataset.page);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        ask();
      } else {
        // Above the first and below the last is the box itself.
        const places = options.length + 1;
        const step = event.key === "ArrowDown" ? 1 : -1;
        activate(((active + 1 + step + places) % places) - 1);
      }
      event.preventDefault();
    }
  });

  list.addEventListener("pointerdown", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (!chosen) return;
    event.preventDefault();
    window.location.assign(chosen.dataset.page);
  });

  input.addEventListener("blur", close);
}

document.querySelectorAll("form[data-suggest], form[data-names]").forEach(enhance);
