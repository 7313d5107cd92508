// Images of figures come from another host, which may not give them. Then the page of a figure
// says so beside its links, and lists do without. Without this file the text of an image stands
// in its place.

function failed(image) {
  const figure = image.closest(".pathway");
  if (figure) {
    figure.querySelector(".no-image").hidden = false;
    image.parentElement.remove();
  } else {
    image.parentElement.classList.remove("with-thumb");
    image.remove();
  }
}

for (const image of document.querySelectorAll(".pathway img, img.thumb")) {
  // One that has failed before this runs tells nobody any more.
  if (image.complete && image.naturalWidth === 0) failed(image);
  else image.addEventListener("error", () => failed(image), { once: true });
}
