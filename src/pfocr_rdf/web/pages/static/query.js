// The query page: YASGUI over /sparql, started with one of the shipped questions, completed
// from the vocabulary of this release. It keeps what was typed in this browser's storage and
// asks no other host.

const place = document.getElementById("yasgui");
const list = document.getElementById("questions");
const filter = document.getElementById("question-filter");
const live = document.getElementById("question-live");
const data = JSON.parse(document.getElementById("query-data").textContent);
const questions = new Map(data.questions.map((question) => [question.name, question]));
const endpoint = new URL(place.dataset.endpoint, window.location.href).href;
const { Yasgui } = window;
const { Yasqe } = Yasgui;

const iris = (terms) => terms.map((term) => term.iri);
const prefixes = Object.entries(data.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`);

// YASGUI's own completions ask lov.linkeddata.es. These know what the release has; `bulk` puts
// them into its index, and without a `persistenceId` no older release's terms are kept.
for (const [base, get] of [
  ["prefixes", prefixes.sort()],
  ["class", iris(data.classes)],
  ["property", iris(data.properties)],
]) {
  Yasqe.forkAutocompleter(base, {
    name: `release-${base}`,
    bulk: true,
    autoShow: true,
    persistenceId: null,
    get,
  });
}

// In place and not among the options: those are merged into the defaults, entry by entry.
const completers = ["variables", "release-prefixes", "release-class", "release-property"];
Yasqe.defaults.autocompleters.splice(0, Infinity, ...completers);

// A link may bring a query (`#query=`), but never another endpoint.
const here = (tab) => ({ ...tab, requestConfig: { ...tab.requestConfig, endpoint } });

// Whole cells, and no datatypes beside numbers; both can be switched in the table.
const READABLE = { compact: true, isEllipsed: false };

// The prefixes that the endpoint knows are none that the editor misses.
Yasqe.extendMode("sparql11", {
  startState() {
    const state = this._startState();
    state.prefixes = { ...data.prefixes };
    return state;
  },
});

const first = questions.get(data.selected);
const yasgui = new Yasgui(place, {
  autofocus: false,
  copyEndpointOnNewTab: true,
  populateFromUrl: here,
  persistenceId: "pfocr-rdf",
  autoAddOnInit: false,
  requestConfig: { endpoint },
  endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
  // Short IRIs in answers, also where the query has no prefixes.
  yasr: { prefixes: data.prefixes },
  yasqe: {
    collapsePrefixesOnLoad: true,
    editorHeight: "22rem",
  },
});

// Tabs that were kept may name an endpoint of an earlier run, on another port.
Object.values(yasgui._tabs).forEach((tab) => tab.setEndpoint(endpoint));

// A list of tabs holds tabs alone; the button that adds one stands behind it.
const tabs = yasgui.tabElements;
tabs._tabsListEl.after(tabs.addTabEl);
tabs.addTabEl = undefined;

// What YASGUI and CodeMirror leave without a name for those who do not see it.
const NAMES = {
  ".CodeMirror textarea": "SPARQL query",
  ".CodeMirror-scroll": "Text of the query",
  ".tableSizer": "Rows on a page",
};

function nameParts() {
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const part of place.querySelectorAll(`${selector}:not([aria-label])`)) {
      part.setAttribute("aria-label", name);
      if (part.tabIndex < 0) {
        // It scrolls, and so the keyboard must reach it.
        part.tabIndex = 0;
        part.setAttribute("role", "region");
      }
    }
  }
}

function mark(name) {
  for (const link of list.querySelectorAll("a[data-question]")) {
    if (link.dataset.question === name) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function open(question) {
  // Each question has a tab of its own, found again by its name: nothing typed is lost.
  const known = Object.values(yasgui._tabs).find((tab) => tab.getName() === question.title);
  if (known) {
    yasgui.selectTabId(known.getId());
  } else {
    yasgui.addTab(true, {
      name: question.title,
      requestConfig: { endpoint },
      yasqe: { value: question.text },
      yasr: { settings: { selectedPlugin: "table", pluginsConfig: { table: READABLE } } },
    });
  }
  mark(question.name);
}

list.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-question]");
  const question = link && questions.get(link.dataset.question);
  if (!question || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(question);
  window.history.replaceState(null, "", link.href);
  live.textContent = `${question.title} is in the editor`;
  place.scrollIntoView({ block: "nearest" });
});

if (first) open(first);
else if (!yasgui.getTab()) open({ title: "Figures that show a gene", text: data.opening });

// Results lead to our own pages where there is one; the title still says the IRI.
function pageOf(iri) {
  for (const page of data.pages) {
    if (iri.startsWith(page.before) && iri.endsWith(page.after)) {
      const key = iri.slice(page.before.length, iri.length - page.after.length);
      if (/^[A-Za-z0-9._-]+$/.test(key)) return page.address + key + data.suffix;
    }
  }
  return null;
}

nameParts();
new MutationObserver(() => {
  nameParts();
  for (const link of place.querySelectorAll("a.iri:not([title])")) {
    const iri = link.getAttribute("href") ?? "";
    const page = pageOf(iri);
    link.title = iri;
    if (iri.startsWith(data.figures) && link.textContent === iri) {
      // Nobody reads the address of a page; what stands for a figure is its figid.
      link.textContent = iri.slice(data.figures.length).replace(/\.html$/, "");
    }
    if (page) {
      link.href = page;
      link.target = "_self";
    }
  }
}).observe(place, { childList: true, subtree: true });

// Words of a question and its description; the list is short enough to look through each time.
filter.hidden = false;
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const item of list.children) {
    const text = `${item.textContent} ${item.dataset.words}`.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
    shown += item.hidden ? 0 : 1;
  }
  live.textContent = `${shown} of ${list.children.length} questions`;
});

// An answer without rows may be due to a name that the release does not have: it is told then,
// with those that are near. What is asked for stands in the VALUES of the questions' parameters.
const hint = document.getElementById("query-hint");
let asked = 0;

function soughtIn(query) {
  const found = new Map();
  for (const [, variable, block] of query.matchAll(/VALUES\s+\?(\w+)\s*\{([^{}]*)\}/g)) {
    const kind = data.sought[variable];
    if (!kind) continue;
    for (const [, text] of block.matchAll(/"([^"\\]+)"/g)) {
      if (!/^[a-z]+:\S+$/.test(text)) found.set(`${kind} ${text}`, { kind, text });
    }
  }
  return [...found.values()];
}

async function nearest({ kind, text }) {
  const address = `${data.suggestions}?${new URLSearchParams({ q: text })}`;
  const { suggestions } = await (await fetch(address)).json();
  const near = suggestions.filter((each) => each.kind === kind);
  const known = near.some(
    (each) => each.label === text || (kind !== "gene" && each.matched === text),
  );
  return known ? null : { kind, text, near: near.slice(0, 3) };
}

function told({ kind, text, near }) {
  const line = document.createElement("span");
  line.append(`This release has no ${kind} “${text}”.`);
  near.forEach((each, place) => {
    line.append(place ? ", " : " Did you mean ");
    const link = document.createElement("a");
    link.href = each.page ?? "#";
    link.textContent = each.label;
    line.append(link);
  });
  line.append(near.length ? "? " : " ");
  return line;
}

async function giveHints(tab) {
  const results = tab.getYasr()?.results;
  const empty = results?.getBindings()?.length === 0 || results?.getBoolean() === false;
  const turn = ++asked;
  hint.replaceChildren();
  if (!empty) return;
  const unknown = await Promise.all(soughtIn(tab.getQuery()).map(nearest));
  // Another query may have been answered meanwhile.
  if (turn === asked) hint.replaceChildren(...unknown.filter(Boolean).map(told));
}

// The event comes before the answer is read, in the same task.
yasgui.on("queryResponse", (_yasgui, tab) => queueMicrotask(() => giveHints(tab)));

place.dataset.ready = "true";
