// The picture of a gene and the genes it shares figures with. The table beside it says the
// same, so whoever cannot see or run this misses nothing.

const frame = document.getElementById("network");
const live = document.getElementById("network-live");

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function style(largest, grown) {
  // `grown` makes up for a picture that was shrunk to fit: its letters stay as large.
  const font = '"Source Sans 3", "Segoe UI", system-ui, sans-serif';
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        width: "data(size)",
        height: "data(size)",
        "background-color": colour("--net-node"),
        color: colour("--ink"),
        "font-family": font,
        "font-size": 13 * grown,
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-outline-color": colour("--surface"),
        "text-outline-width": 2.5,
        "overlay-opacity": 0,
      },
    },
    {
      selector: "node[?centre]",
      style: { "background-color": colour("--accent"), "font-weight": "bold", "font-size": 16 * grown },
    },
    {
      selector: "edge",
      style: {
        width: `mapData(figures, 1, ${Math.max(2, largest)}, 0.7, 5)`,
        "line-color": colour("--net-edge"),
        "curve-style": "haystack",
        "overlay-opacity": 0,
        opacity: 0.55,
      },
    },
    { selector: "edge.near", style: { "line-color": colour("--accent"), opacity: 0.95 } },
    {
      selector: "node.at",
      style: { "border-width": 3, "border-color": colour("--focus"), "z-index": 10 },
    },
  ];
}

function elements(data) {
  const most = Math.max(1, ...data.nodes.map((node) => node.figures));
  const nodes = data.nodes.map((node) => ({
    data: { ...node, size: node.centre ? 40 : 13 + 19 * Math.sqrt(node.figures / most) },
  }));
  // The nearest of all pairs: with every pair drawn, a picture of 24 genes is a felt mat.
  const pairs = data.edges.filter((edge) => edge.source !== data.nodes[0].id);
  const spokes = data.edges.filter((edge) => edge.source === data.nodes[0].id);
  pairs.sort((one, other) => other.figures - one.figures);
  return [...nodes, ...[...spokes, ...pairs.slice(0, 40)].map((edge) => ({ data: edge }))];
}

function fewer(data, most) {
  const nodes = data.nodes.slice(0, most);
  const kept = new Set(nodes.map((node) => node.id));
  return { nodes, edges: data.edges.filter((e) => kept.has(e.source) && kept.has(e.target)) };
}

function draw(all) {
  const narrow = frame.clientWidth < 560;
  const data = narrow ? fewer(all, 11) : all;
  const largest = Math.max(1, ...data.edges.map((edge) => edge.figures));
  const net = window.cytoscape({
    container: frame,
    elements: elements(data),
    style: style(largest, 1),
    layout: { name: "null" },
    minZoom: 0.3,
    maxZoom: 2.5,
    userZoomingEnabled: false,
    boxSelectionEnabled: false,
  });
  const order = net.nodes().toArray();
  // Two rings: the nearer half of the genes inside, both in the order of the table.
  const around = order.slice(1);
  const inner = around.slice(0, around.length > 10 ? Math.ceil(around.length / 3) : around.length);
  const outer = around.slice(inner.length);
  const ring = (nodes, radius, turn) =>
    nodes.forEach((node, index) => {
      const angle = turn - Math.PI / 2 + (2 * Math.PI * index) / nodes.length;
      node.position({ x: radius * Math.cos(angle) * 1.18, y: radius * Math.sin(angle) });
    });
  order[0].position({ x: 0, y: 0 });
  ring(inner, 125, 0);
  ring(outer, 235, Math.PI / Math.max(1, outer.length));
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const settle = () => {
    net.resize();
    net.fit(undefined, 26);
    net.style(style(largest, Math.max(1, 1 / net.zoom())));
    net.fit(undefined, 26);
  };
  settle();

  const follow = (node) => {
    if (node.data("page") && !node.data("centre")) window.location.assign(node.data("page"));
  };
  const say = (node) => {
    const shared = node.data("figures");
    live.textContent = node.data("centre")
      ? `${node.data("label")}, the gene of this page`
      : `${node.data("label")}, ${shared} shared ${shared === 1 ? "figure" : "figures"}`;
  };
  let at = -1;
  const stand = (index) => {
    if (at >= 0) order[at].removeClass("at").connectedEdges().removeClass("near");
    at = index;
    if (at < 0) return;
    order[at].addClass("at").connectedEdges().addClass("near");
    say(order[at]);
  };

  net.on("tap", "node", (event) => follow(event.target));
  net.on("mouseover", "node", (event) => {
    frame.classList.add("over-node");
    event.target.connectedEdges().addClass("near");
  });
  net.on("mouseout", "node", (event) => {
    frame.classList.remove("over-node");
    if (order[at] !== event.target) event.target.connectedEdges().removeClass("near");
  });
  frame.addEventListener("keydown", (event) => {
    const forward = event.key === "ArrowRight" || event.key === "ArrowDown";
    const back = event.key === "ArrowLeft" || event.key === "ArrowUp";
    if (forward || back) {
      stand((at + (forward ? 1 : -1) + order.length) % order.length);
    } else if (event.key === "Home") {
      stand(0);
    } else if (event.key === "End") {
      stand(order.length - 1);
    } else if (event.key === "Enter" && at >= 0) {
      follow(order[at]);
    } else {
      return;
    }
    event.preventDefault();
  });
  frame.addEventListener("blur", () => stand(-1));
  dark.addEventListener("change", settle);
  new ResizeObserver(settle).observe(frame);
  // The browser tests ask where a gene stands, to click on it.
  frame.addEventListener("pfocr:where", (event) => {
    const node = order.find((one) => one.data("label") === event.detail.label);
    event.detail.position = node?.renderedPosition();
  });
  frame.dataset.ready = String(order.length);
}

async function start() {
  try {
    const answer = await fetch(frame.dataset.source, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    draw(await answer.json());
  } catch {
    frame.closest(".network-frame").hidden = true;
  }
}

if (frame && window.cytoscape) start();
