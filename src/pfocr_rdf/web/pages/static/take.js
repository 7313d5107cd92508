// Copies what a list shows. The files of a list need no script.

for (const place of document.querySelectorAll(".take-copy")) {
  const button = place.querySelector("button");
  const said = place.querySelector("[role=status]");
  if (!navigator.clipboard) continue;
  place.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = "copied";
    } catch {
      said.textContent = "your browser does not allow it";
    }
  });
}
