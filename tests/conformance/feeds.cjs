// What Readium's reader of OPDS and a parser of podcasts find in a catalogue's folder, as JSON.
const fs = require("fs");
const path = require("path");
const folder = process.argv[2];
const text = (name) => fs.readFileSync(path.join(folder, name), "utf8");

const { initGlobalConverters_OPDS } = require("r2-opds-js/dist/es6-es2015/src/opds/init-globals");
const { initGlobalConverters_GENERIC } = require("r2-shared-js/dist/es6-es2015/src/init-globals");
const { OPDSFeed } = require("r2-opds-js/dist/es6-es2015/src/opds/opds2/opds2");
const { OPDSPublication } = require("r2-opds-js/dist/es6-es2015/src/opds/opds2/opds2-publication");
const { TaJsonDeserialize } = require("r2-lcp-js/dist/es6-es2015/src/serializable");
initGlobalConverters_OPDS();
initGlobalConverters_GENERIC();

const told = (publication) => ({
  title: publication.Metadata.Title,
  identifier: publication.Metadata.Identifier,
  language: publication.Metadata.Language,
  links: publication.Links.map((link) => [link.Rel?.[0] ?? link.Rel, link.TypeLink, link.Href]),
  images: (publication.Images ?? []).map((link) => link.Href),
});
const feed = TaJsonDeserialize(JSON.parse(text("opds.json")), OPDSFeed);
const alone = fs.readdirSync(path.join(folder, "catalogue.files/opds")).sort()
  .map((name) => told(TaJsonDeserialize(JSON.parse(text(`catalogue.files/opds/${name}`)), OPDSPublication)));

const { parseFeed } = require("podcast-partytime");
const podcast = parseFeed(text("podcast.xml"));
console.log(JSON.stringify({ opds: { title: feed.Metadata.Title, publications: feed.Publications.map(told), alone }, podcast }));
