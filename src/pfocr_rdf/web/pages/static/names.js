// The keys by which names are compared, as `pfocr_rdf.query.index.folding` makes them; a test
// holds both to the same names.

const LETTERS = {
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ζ: "zeta", η: "eta", θ: "theta",
  ι: "iota", κ: "kappa", λ: "lambda", μ: "mu", ν: "nu", ξ: "xi", ο: "omicron", π: "pi", ρ: "rho",
  σ: "sigma", τ: "tau", υ: "upsilon", φ: "phi", χ: "chi", ψ: "psi", ω: "omega",
};
const SPELLED = "alpha|beta|gamma|delta|epsilon|zeta|theta|kappa|lambda|omega";
const IN_NAMES = new RegExp(`(${SPELLED})(?=[ab]?[0-9]*(?![a-z0-9])|(?![a-z]))`, "g");
const SIGN = "[\\p{L}\\p{N}_]";
const PLURAL = new RegExp(
  `(?<=${SIGN}{3})(?:['’]s|(?<=us)es|(?<=ss)es|(?<=x)es|(?<=ch)es|(?<=sh)es|(?<![SsuUiI])s)(?!${SIGN})`,
  "gu",
);
const SEVERAL = new RegExp(`(?<=${SIGN}{3})ies(?!${SIGN})`, "gu");

export const folded = (text) =>
  text.toLowerCase().replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "").replace(/ς/g, "σ");

function keysOfOne(text) {
  const keys = new Set();
  for (const form of [text, text.replace(SEVERAL, "y").replace(PLURAL, "")]) {
    const spelled = folded(form).replace(/[α-ω]/g, (letter) => LETTERS[letter] ?? letter);
    const short = spelled.replace(IN_NAMES, (letter) => letter[0]);
    for (const each of [short, spelled]) {
      const key = each.replace(/[^\p{L}\p{N}+]/gu, "");
      if (/[\p{L}\p{N}]/u.test(key) && (key.length > 1 || each === spelled)) keys.add(key);
    }
  }
  return keys;
}

// Of what was typed also without pluses, and the parts between slashes.
export function keysOf(text) {
  const keys = [...keysOfOne(text)];
  const parts = text.split("/").flatMap((part) => [...keysOfOne(part)]);
  return [...new Set([...keys, ...keys.map((key) => key.replaceAll("+", "")), ...parts])];
}
