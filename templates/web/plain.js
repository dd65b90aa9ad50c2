// The plain-language page, after publisher.js.
"use strict";

// A hard word is explained where it stands; without scripts its link leads to the glossary.
for (const word of all("a.term")) {
  const entry = word.getAttribute("href").startsWith("#") && document.getElementById(decodeURIComponent(word.hash.slice(1)));
  if (!entry) continue;
  const told = document.createElement("span");
  told.className = "explained";
  told.hidden = true;
  for (let part = entry.nextElementSibling; part?.matches("dd"); part = part.nextElementSibling) told.append(" ", part.textContent.trim());
  word.after(told);
  word.setAttribute("role", "button");
  const explain = (event) => {
    if (event.type === "keydown" && event.key !== " ") return;
    event.preventDefault();
    told.hidden = !told.hidden;
    word.setAttribute("aria-expanded", !told.hidden);
  };
  word.setAttribute("aria-expanded", false);
  word.addEventListener("click", explain);
  word.addEventListener("keydown", explain);
}
