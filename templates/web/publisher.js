// Reading settings, the commentary's switches and the read-along player. The pages read whole without any of it.
"use strict";
const page = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const kept = {
  get(name) {
    try { return JSON.parse(localStorage.getItem(`publisher-${name}`)) || {}; } catch { return {}; }
  },
  set(name, value) {
    try { localStorage.setItem(`publisher-${name}`, JSON.stringify(value)); } catch { /* a browser that keeps nothing */ }
  },
};

// The data of a page come in scripts of their own, when they are first wanted: also from a file, without a server.
const wanted = {};
const load = (name, address) => wanted[name] ??= new Promise((done, failed) => {
  window[name] = done;
  const script = document.createElement("script");
  script.src = address;
  script.onerror = failed;
  document.head.append(script);
});

// ------------------------------------------------------------------------------------------------- plain language

const { plain: plainly, written } = document.body.dataset;
let groups = [];
const show = (group, how, offered) => {
  group.how = how;
  for (const element of group.originals) element.hidden = how === "plain";
  group.plain.hidden = how === "written";
  group.button.hidden = !offered;
  group.button.textContent = how === "plain" ? written : plainly;
  group.button.setAttribute("aria-pressed", how === "plain");
};
const place = (markup) => {
  const holder = document.createElement("div");
  holder.className = "plainly";
  holder.innerHTML = markup;
  return holder;
};
const prepare = async () => {
  if (groups.length) return;
  const data = await load("publisherPlain", "plainly.js");
  groups = data.flatMap(([ids, markup]) => {
    const originals = ids.map((id) => document.getElementById(id)).filter(Boolean)
      .map((element) => element.closest(".scroll") || element);
    const last = originals.at(-1);
    if (!last) return [];
    const button = Object.assign(document.createElement("button"), { type: "button", className: "to-plain" });
    const group = { originals, plain: place(markup), button };
    last.after(group.plain, button);
    button.addEventListener("click", () => show(group, group.how === "plain" ? "written" : "plain", true));
    return [group];
  });
};
const showText = async (how) => {
  if (!plainly || (how === "written" && !groups.length)) return;
  await prepare().catch(() => {});
  for (const group of groups) show(group, how === "each" ? "written" : how, how === "each" || how === "plain");
};

// ------------------------------------------------------------------------------------------------- reading settings

// What runs over its side can be scrolled by keyboard, whatever size the text has been given.
// Observed is what is inside, since that is what grows, be it by the reader's own style sheet.
const grown = new ResizeObserver(() => {
  for (const one of all("pre, .scroll")) if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
});
for (const one of all("pre > code, .scroll > *")) grown.observe(one);

const settings = document.querySelector(".settings");
if (settings) {
  const inputs = all("input", settings);
  const apply = () => {
    const chosen = {};
    for (const input of inputs) {
      if (input.type === "checkbox") chosen[input.name] = input.checked;
      else if (input.checked) chosen[input.name] = input.value;
    }
    for (const input of inputs) {
      const value = chosen[input.name];
      if (input.type === "checkbox") page.classList.toggle(`no-${input.name}`, !value);
      else page.dataset[input.name] = value;
      if (input.dataset.kind) input.disabled = !chosen.commentary;
    }
    const away = new Set();
    for (const note of all(".note")) {
      const kind = [...note.classList].find((name) => name.startsWith("kind-"));
      note.hidden = !(chosen.commentary ?? true) || chosen[kind] === false;
      if (note.hidden) away.add(note.id);
    }
    for (const call of all(".note-call")) call.closest(".call").hidden = away.has(decodeURIComponent(call.hash.slice(1)));
    for (const target of all("span.target")) {
      target.classList.toggle("bare", target.dataset.notes.split(" ").every((id) => away.has(id)));
    }
    showText(chosen.text);
    return chosen;
  };
  const before = kept.get("reading");
  for (const input of inputs) {
    if (!(input.name in before)) continue;
    input.checked = input.type === "checkbox" ? before[input.name] : input.value === before[input.name];
  }
  const keep = () => kept.set("reading", { ...kept.get("reading"), ...apply() });
  settings.addEventListener("change", keep);
  settings.querySelector("button").addEventListener("click", () => {
    for (const input of inputs) input.checked = input.defaultChecked;
    keep();
  });
  apply();
  settings.hidden = false;
}

// ------------------------------------------------------------------------------------------------- links to share

const { share, copied } = document.body.dataset;
for (const note of share ? all(".note[id]") : []) {
  const holder = Object.assign(document.createElement("span"), { className: "share" });
  const link = document.createElement("a");
  link.href = `#${encodeURIComponent(note.id)}`;
  link.textContent = share;
  holder.append(" · ", link);
  note.querySelector(".note-footer")?.append(holder);
  link.addEventListener("click", (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    navigator.clipboard.writeText(link.href).then(() => {
      link.textContent = copied;
      setTimeout(() => { link.textContent = share; }, 2500);
    }, () => { location.hash = link.hash; });
  });
}

// ------------------------------------------------------------------------------------------------- the player

const player = document.querySelector(".listen");
if (player) {
  const audio = player.querySelector("audio");
  const controls = player.querySelector(".controls");
  const part = (name) => controls.querySelector(`[data-part=${name}]`);
  const [play, rate, slider, clock, follow] = ["play", "rate", "position", "clock", "follow"].map(part);
  const spot = `place ${controls.dataset.name}`;
  const speech = new Intl.NumberFormat(page.lang, { style: "unit", unit: "second", unitDisplay: "long" });
  const minutes = new Intl.NumberFormat(page.lang, { style: "unit", unit: "minute", unitDisplay: "long" });
  let cues = [];
  let current = -1;
  let away = false;

  const length = () => (Number.isFinite(audio.duration) ? audio.duration : Number(slider.max));
  const told = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const shown = (element) => element && element.getClientRects().length > 0;
  const at = (seconds) => cues.findLastIndex((cue) => cue[1] <= seconds * 1000 + 1);

  const ready = async () => {
    cues = await load("publisherCues", controls.dataset.cues).catch(() => []);
  };

  const textNodes = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest(".call, .explained") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  };

  // The words that sound, without a change to the document: https://www.w3.org/TR/css-highlight-api-1/
  const markWord = (cue, seconds) => {
    if (!CSS.highlights) return;
    CSS.highlights.delete("word");
    const [id, begin, , words = [], size = 0] = cue;
    const now = seconds * 1000 - begin;
    let chosen = -1;
    for (let index = 0; index < words.length && words[index + 2] <= now; index += 3) chosen = index;
    if (chosen < 0) return;
    const spoken = document.getElementById(id);
    if (!spoken) return; // the page is newer than its sound, as in a preview
    const nodes = textNodes(spoken);
    if (nodes.reduce((sum, node) => sum + node.length, 0) !== size) return;
    const range = new Range();
    let passed = 0;
    for (const node of nodes) {
      const inside = (offset) => offset >= passed && offset <= passed + node.length;
      if (inside(words[chosen]) && words[chosen] < passed + node.length) range.setStart(node, words[chosen] - passed);
      if (inside(words[chosen + 1])) { range.setEnd(node, words[chosen + 1] - passed); break; }
      passed += node.length;
    }
    if (!range.collapsed) CSS.highlights.set("word", new Highlight(range));
  };

  const inView = (element) => {
    const box = element.getBoundingClientRect();
    const top = player.classList.contains("active") ? player.getBoundingClientRect().bottom : 0;
    return box.top >= top && box.bottom <= innerHeight;
  };
  const reveal = (element) => {
    for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (!follow.checked || away) { away &&= !inView(element); return; }
    if (inView(element)) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  };

  const mark = (index) => {
    all(".sounding").forEach((element) => element.classList.remove("sounding"));
    current = index;
    const found = cues[index] && document.getElementById(cues[index][0]);
    if (!found) return;
    // Where a reader sees plain words instead, these are marked as a whole.
    const element = shown(found) ? found : groups.find((group) => group.originals.some((one) => one.contains(found)))?.plain ?? found;
    element.classList.add("sounding");
    if (!audio.paused) reveal(element);
    kept.set(spot, { at: cues[index][1] / 1000 });
  };

  const tellPlace = (now) => {
    slider.setAttribute("aria-valuetext", `${minutes.format(Math.floor(now / 60))} ${speech.format(Math.floor(now % 60))}`);
  };
  const update = () => {
    const now = audio.currentTime;
    slider.value = now;
    slider.style.setProperty("--done", `${(now / length()) * 100}%`);
    // A slider that has the focus is read out whenever its words change: not over the recording.
    if (audio.paused || document.activeElement !== slider) tellPlace(now);
    clock.textContent = `${told(now)} / ${told(length())}`;
    if (!cues.length) return;
    const index = at(now);
    // What the reader has put away, such as a note, is not read to them either.
    const away = cues[index] && document.getElementById(cues[index][0])?.closest(".note, .editors");
    if (away && !shown(away) && !audio.paused) {
      const next = cues.findIndex((cue, number) => number > index && shown(document.getElementById(cue[0])));
      audio.currentTime = next < 0 ? length() : cues[next][1] / 1000;
      return;
    }
    if (index !== current) mark(index);
    if (cues[index]) markWord(cues[index], now);
  };

  const start = async () => {
    player.classList.add("active");
    await ready();
    await audio.play().catch(() => {});
  };
  const toIndex = (index) => {
    const cue = cues[Math.max(0, Math.min(cues.length - 1, index))];
    if (!cue) return;
    away = false;
    audio.currentTime = cue[1] / 1000;
    update();
    const element = document.getElementById(cue[0]);
    if (element) reveal(element);
  };
  const step = async (by) => { await ready(); toIndex(at(audio.currentTime) + by); };

  const steer = () => {
    play.setAttribute("aria-label", audio.paused ? play.dataset.play : play.dataset.pause);
    play.classList.toggle("playing", !audio.paused);
  };
  play.addEventListener("click", () => (audio.paused ? start() : audio.pause()));
  part("back").addEventListener("click", () => step(-1));
  part("forward").addEventListener("click", () => step(1));
  rate.addEventListener("change", () => {
    audio.playbackRate = audio.defaultPlaybackRate = Number(rate.value);
    kept.set("player", { ...kept.get("player"), rate: rate.value });
  });
  slider.addEventListener("input", () => { audio.currentTime = Number(slider.value); tellPlace(audio.currentTime); update(); });
  follow.addEventListener("change", () => { away = false; kept.set("player", { ...kept.get("player"), follow: follow.checked }); });
  audio.addEventListener("timeupdate", update);
  audio.addEventListener("seeked", update);
  for (const event of ["play", "pause", "ended"]) audio.addEventListener(event, steer);
  audio.addEventListener("loadedmetadata", () => { slider.max = audio.duration; update(); });
  const frame = () => { if (!audio.paused) update(); requestAnimationFrame(frame); };
  audio.addEventListener("play", () => requestAnimationFrame(frame), { once: true });
  for (const event of ["wheel", "touchmove"]) {
    addEventListener(event, () => { away = !audio.paused; }, { passive: true });
  }

  // A click on a sentence plays from there, once the player is in use.
  document.addEventListener("click", async (event) => {
    if (!player.classList.contains("active") || event.target.closest("a, button, summary, input, select, label, audio")) return;
    if (!getSelection().isCollapsed) return;
    const element = event.target.closest("main [id]");
    await ready();
    const index = element ? cues.findIndex((cue) => cue[0] === element.id) : -1;
    if (index >= 0) { toIndex(index); start(); }
  });

  if ("mediaSession" in navigator) {
    navigator.mediaSession.metadata = new MediaMetadata({ title: document.title });
    const keys = { play: start, pause: () => audio.pause(), previoustrack: () => step(-1), nexttrack: () => step(1) };
    for (const [key, action] of Object.entries(keys)) navigator.mediaSession.setActionHandler(key, action);
  }

  const before = kept.get("player");
  if (all("option", rate).some((option) => option.value === before.rate)) {
    rate.value = before.rate;
    audio.playbackRate = audio.defaultPlaybackRate = Number(before.rate);
  }
  if ("follow" in before) follow.checked = before.follow;
  const left = kept.get(spot).at;
  if (left > 0 && left < length() - 5) { audio.currentTime = left; slider.value = left; }
  audio.controls = false;
  controls.hidden = false;
  steer();
  update();
}
