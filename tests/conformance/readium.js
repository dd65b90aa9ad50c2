// Prints, as JSON, what Readium's r2-shared-js makes of each book named: DAISY 2.02, W3C Audiobook.
// https://github.com/readium/r2-shared-js
"use strict";
const path = require("path");
const at = (...parts) => require(path.join(process.env.NODE_MODULES, ...parts));
const parser = (name) => at("r2-shared-js", "dist", "es8-es2017", "src", "parser", name);
const { PublicationParsePromise } = parser("publication-parser");
const { lazyLoadMediaOverlays } = parser("epub-daisy-common");
const { TaJsonSerialize } = at("r2-lcp-js", "dist", "es8-es2017", "src", "serializable");
const globals = at("r2-shared-js", "dist", "es8-es2017", "src", "init-globals");
globals.initGlobalConverters_SHARED();
globals.initGlobalConverters_GENERIC();

async function read(file) {
  const book = await PublicationParsePromise(file);
  const narration = [];
  for (const link of book.Spine || []) {
    if (link.MediaOverlays) {
      await lazyLoadMediaOverlays(book, link.MediaOverlays);
      narration.push({ smil: link.Href, ...TaJsonSerialize(link.MediaOverlays) });
    }
  }
  return { ...TaJsonSerialize(book), narration };
}

(async () => {
  console.log = console.warn = console.error = () => {}; // its parser's remarks on document types
  const found = {};
  for (const file of process.argv.slice(2)) {
    found[path.basename(file)] = await read(file);
  }
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
})().catch((problem) => {
  process.stderr.write(`${problem && problem.stack ? problem.stack : problem}\n`);
  process.exit(1);
});
