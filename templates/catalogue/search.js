const box = document.querySelector(".search");
const input = box.querySelector("input");
const found = box.querySelector(".found");
const editions = [...document.querySelectorAll(".editions > li")];
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const folded = (text) => text.normalize("NFD").toLowerCase().replace(/\p{M}/gu, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const search = () => {
  const wanted = folded(input.value).map((word) => (unspaced.test(word) ? word : ` ${word}`));
  let count = 0;
  for (const edition of editions) {
    const terms = ` ${edition.dataset.terms}`;
    edition.hidden = !wanted.every((word) => terms.includes(word));
    count += edition.hidden ? 0 : 1;
  }
  const { some, none } = found.dataset;
  found.textContent = !wanted.length ? "" : count ? some.replace("{count}", count).replace("{all}", editions.length) : none;
};
box.hidden = false;
input.addEventListener("input", search);
search();
