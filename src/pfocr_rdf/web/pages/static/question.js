// Suggestions for the fields that name something, in the browser's own list of options: what
// begins as was typed, of the kind that the field takes. Without this file a field is plain.

const DELAY = 120;

const figures = (count) => `${count.toLocaleString("en")} ${count === 1 ? "figure" : "figures"}`;

function enhance(input) {
  let timer = 0;
  let asked = null;

  async function ask() {
    // Of several, the one that is being typed; the others stay before it.
    const start = input.dataset.several === undefined ? 0 : input.value.lastIndexOf(",") + 1;
    const before = start ? `${input.value.slice(0, start).trimEnd()} ` : "";
    const text = input.value.slice(start).trim();
    asked?.abort();
    if (text.length < 2) return;
    asked = new AbortController();
    const given = new URLSearchParams({ q: text, kind: input.dataset.kind });
    try {
      const answer = await fetch(`${input.dataset.suggest}?${given}`, { signal: asked.signal });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      const options = suggestions.map((each) => {
        const option = document.createElement("option");
        option.value = before + each.label;
        const why = [each.organism, each.matched, each.figures ? figures(each.figures) : ""];
        option.label = [each.label, ...why].filter(Boolean).join(" · ");
        return option;
      });
      input.list.replaceChildren(...options);
    } catch (error) {
      // A newer request took its place, or the server has gone: the form still works.
      if (error.name !== "AbortError") input.list.replaceChildren();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
}

document.querySelectorAll("input[data-kind]").forEach(enhance);
