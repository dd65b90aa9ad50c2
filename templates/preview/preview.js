// Hears of new drafts, reloads the page and brings its reader back to where they were. The panel's words come escaped.
"use strict";
(() => {
  const host = document.querySelector("publisher-preview");
  if (!host.shadowRoot) {
    // A browser that knows no declarative shadow trees.
    const template = host.querySelector("template");
    host.attachShadow({ mode: "open" }).append(template.content);
    template.remove();
  }
  const panel = host.shadowRoot;
  const [section, said, details, findings] = ["section", "[role=status]", "details", ".findings"].map((one) => panel.querySelector(one));
  const store = {
    get(name) { try { return JSON.parse(sessionStorage.getItem(`preview-${name}`)); } catch { return null; } },
    set(name, value) { try { sessionStorage.setItem(`preview-${name}`, JSON.stringify(value)); } catch { /* keeps nothing */ } },
    drop(name) { try { sessionStorage.removeItem(`preview-${name}`); } catch { /* keeps nothing */ } },
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (element) => element && element.getClientRects().length > 0;

  // -------------------------------------------------------------------------------------------- where the reader is

  // An element is named by the nearest id at or above it, so that its name outlives an edit elsewhere.
  const nameOf = (element) => {
    const near = element.closest("[id]");
    const alike = near === element ? [] : [...(near || document).querySelectorAll(element.localName)];
    return [near && near.id, element.localName, alike.indexOf(element)];
  };
  const find = ([id, kind, index]) => {
    const near = id === null ? document : document.getElementById(id);
    return near && index >= 0 ? near.querySelectorAll(kind)[index] : near;
  };

  const keep = () => {
    const marks = all("body [id]").filter(shown).map((element) => [element.id, element.getBoundingClientRect().top]);
    marks.sort((one, other) => Math.abs(one[1]) - Math.abs(other[1]));
    const focused = document.activeElement;
    store.set("place", {
      page: location.pathname,
      x: scrollX,
      y: scrollY,
      marks: scrollY > 0 ? marks.slice(0, 24) : [],
      folds: all("details").map((fold) => [nameOf(fold), fold.open]),
      focus: focused === host ? "panel" : focused && focused !== document.body ? nameOf(focused) : null,
    });
  };

  const scroll = (place) => {
    for (const [id, top] of place.marks) {
      const element = document.getElementById(id);
      if (!shown(element)) continue;
      scrollBy({ top: element.getBoundingClientRect().top - top, behavior: "instant" });
      return;
    }
    scrollTo({ left: place.x, top: place.y, behavior: "instant" });
  };

  const restore = () => {
    const place = store.get("place");
    store.drop("place");
    if (!place || place.page !== location.pathname) return;
    for (const [name, open] of place.folds) {
      const fold = find(name);
      if (fold && fold.localName === "details" && fold.open !== open) fold.open = open;
    }
    const focused = place.focus === "panel" ? panel.querySelector("summary") : place.focus && find(place.focus);
    if (focused && focused.focus) focused.focus({ preventScroll: true });
    scroll(place);
    // Fonts, pictures and plain words come later and move the text; who has begun to scroll is let go.
    const settling = new ResizeObserver(() => scroll(place));
    const done = () => { settling.disconnect(); history.scrollRestoration = "auto"; };
    for (const event of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(event, done, { once: true, passive: true });
    settling.observe(document.body);
    addEventListener("load", () => { scroll(place); setTimeout(done, 1000); }, { once: true });
  };

  // ------------------------------------------------------------------------------------------------- what is new

  const put = (element, words) => { if (element.textContent !== words) element.textContent = words; };

  const again = () => {
    put(said, "new draft");
    if (source) source.close();
    keep();
    history.scrollRestoration = "manual";
    location.reload();
  };

  let waiting = null;
  const show = (view) => {
    if (view.version && view.version !== host.dataset.version) {
      // Who listens is not cut off.
      const sounding = all("audio").find((audio) => !audio.paused);
      if (!sounding) again();
      else if (sounding !== waiting) sounding.addEventListener("pause", again, { once: true });
      waiting = sounding;
      if (sounding) put(said, "a new draft waits for the sound to pause");
      return;
    }
    put(said, view.said);
    if (details.dataset.digest === view.digest) return;
    details.dataset.digest = view.digest;
    findings.innerHTML = view.panel;
    details.hidden = !view.panel;
    details.open = view.grave && store.get("closed") !== view.digest;
  };

  details.addEventListener("toggle", () => {
    if (details.open) store.drop("closed");
    else if (!details.hidden) store.set("closed", details.dataset.digest);
  });
  section.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    panel.querySelector("summary").focus();
  });

  // A browser opens few connections to one host: pages that nobody sees hold none.
  let source = null;
  const listen = () => {
    if (source) source.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource(host.dataset.events);
    source.onmessage = (event) => show(JSON.parse(event.data));
    source.onerror = () => put(said, "the preview has ended or cannot be reached; this page stays as it is");
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  addEventListener("pagehide", () => { if (source) source.close(); });

  if (details.open && store.get("closed") === details.dataset.digest) details.open = false;
  restore();
  listen();
})();
