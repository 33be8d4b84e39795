// The map beside its list. The list is the page's own and is enough by itself; this draws the same
// things, keeps both fresh, and moves the map by keys. Nothing is worked out here: what is worst,
// how far it is and what is said of it come from the room.
"use strict";

import { colours, symbol } from "./map-symbols.js";
import { style } from "./map-style.js";

const $ = (id) => document.getElementById(id);
const box = $("map"), said = $("map-said");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const EMPTY = { type: "FeatureCollection", features: [] };
const NEAR = 14, DATA_MS = 1000, LIST_MS = 2000, SYMBOLS_MAX = 600;

const state = {
  spot: box.dataset.at ?? null,
  by: $("map-list").dataset.by,
  district: $("district").value,
  text: $("found") ? $("place").value : "",
};
const TILES = "tiles" in box.dataset
  ? new URL("/map/basemap.pmtiles", location.href).href : null;
let map = null, edges = null, data = null, base = EMPTY, ink = colours(), order = [], at = -1;
// What the eye is on: ringed and said. Distances are from what was chosen.
let eye = state.spot;

// ---- What is asked for -------------------------------------------------------------------------

function fields(withText = true) {
  const all = new URLSearchParams();
  if (state.district) all.set("district", state.district);
  const [, kind, name] = /^(log|unit)-(.*)$/.exec(state.spot ?? "") ?? [];
  if (kind) all.set(kind, name);
  if (state.by !== "risk") all.set("by", state.by);
  if (withText && state.text) all.set("text", state.text);
  return all;
}

// Where a place is never stands in the address.
function remember() {
  const query = fields(false).toString();
  history.replaceState(null, "", query ? `/map?${query}` : "/map");
}

// ---- The list ----------------------------------------------------------------------------------

// Rows are patched one by one: what is the same is left alone, and while somebody points at the
// list or works in it, nothing moves.
function patch(fresh) {
  const list = $("map-list");
  const steady = list.matches(":hover") || list.contains(document.activeElement);
  list.dataset.by = fresh.dataset.by;
  const old = list.querySelector("tbody"), body = fresh.querySelector("tbody");
  const rows = new Map([...old.rows].map((row) => [row.id, row]));
  const wanted = [...body.rows].map((row) => {
    const was = rows.get(row.id);
    if (!was) return row;
    rows.delete(row.id);
    if (!was.isEqualNode(row)) fill(was, row);
    return was;
  });
  for (const row of rows.values()) row.remove();
  if (steady) for (const row of wanted) { if (!row.isConnected) old.append(row); }
  else if (wanted.some((row, i) => old.rows[i] !== row)) old.replaceChildren(...wanted);
  for (const part of ["#list-h", "#from", "thead"]) swap(list, fresh, part);
  swap(list, fresh, "#found");
  swap(list, fresh, ".error");
}

// The focus stays on the same link of the row.
function fill(row, fresh) {
  const links = [...row.querySelectorAll("a")];
  const focused = links.indexOf(document.activeElement);
  row.replaceChildren(...fresh.childNodes);
  if (fresh.hasAttribute("aria-current")) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
  if (focused >= 0) row.querySelectorAll("a")[focused]?.focus();
}

function swap(list, fresh, part) {
  const old = list.querySelector(part), now = fresh.querySelector(part);
  if (old && now && old.isEqualNode(now)) return;
  if (old?.contains(document.activeElement) && now) return;
  if (old && now) old.replaceWith(now);
  else if (old) old.remove();
  else if (now) list.querySelector("#list-h").after(now);
}

let listing = null;

async function relist() {
  listing?.abort();
  listing = new AbortController();
  try {
    const response = await fetch("/map/part", {
      method: "POST", body: fields(), signal: listing.signal,
    });
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("map-list");
    if (fresh) { patch(fresh); marked(); }
  } catch {
    // The next change asks again; the page's link says that it is lost.
  }
}

// ---- The same things on the map ----------------------------------------------------------------

async function redraw() {
  try {
    const response = await fetch(`/map/data.json?${fields(false)}`);
    if (!response.ok || response.redirected) return;
    data = await response.json();
  } catch {
    return;
  }
  order = ["alone", "many", "units"].flatMap((source) => data[source].features)
    .sort((a, b) => a.properties.order - b.properties.order);
  at = order.findIndex((thing) => thing.properties.id === eye);
  if (!map) return;
  for (const source of ["rings", "lines", "units", "alone", "many"]) {
    map.getSource(source)?.setData(data[source]);
  }
  ring();
  forget();
}

// Old symbols go: each age of a position is one.
function forget() {
  const names = map.listImages();
  if (names.length < SYMBOLS_MAX) return;
  const used = new Set(order.map((thing) => thing.properties.symbol));
  for (const name of names) {
    if (/^(log|unit)\|/.test(name) && !used.has(name)) map.removeImage(name);
  }
}

const looked = () => order.find((thing) => thing.properties.id === eye);

function picked() {
  const thing = looked();
  return thing ? { type: "FeatureCollection", features: [thing] } : EMPTY;
}

function ring() { map?.getSource("picked")?.setData(picked()); }

function found() {
  const place = $("found");
  if (!place) return EMPTY;
  const coordinates = [Number(place.dataset.lon), Number(place.dataset.lat)];
  return { type: "FeatureCollection", features: [
    { type: "Feature", geometry: { type: "Point", coordinates }, properties: {} },
  ] };
}

function marked() { map?.getSource("found")?.setData(found()); }

function go(coordinates, zoom) {
  const near = Math.max(zoom ?? map.getZoom(), map.getZoom());
  if (still.matches) map.jumpTo({ center: coordinates, zoom: near });
  else map.easeTo({ center: coordinates, zoom: near, duration: 120 });
}

function inSight([lon, lat]) {
  const { x, y } = map.project([lon, lat]);
  const { clientWidth, clientHeight } = box;
  return x > 40 && y > 40 && x < clientWidth - 80 && y < clientHeight - 40;
}

function whole() {
  const points = order.map((thing) => thing.geometry.coordinates);
  for (const { geometry, properties } of base.features) {
    if (properties?.kind === "land" && geometry?.type === "Polygon") {
      points.push(...geometry.coordinates[0]);
    }
  }
  if (points.length === 0 && edges) points.push(...edges);
  if (points.length === 0) return;
  const ends = (i) => [Math.min(...points.map((p) => p[i])), Math.max(...points.map((p) => p[i]))];
  const [west, east] = ends(0), [south, north] = ends(1);
  map.fitBounds([[west, south], [east, north]], { padding: 24, maxZoom: NEAR, animate: false });
}

// ---- One of them -------------------------------------------------------------------------------

// It is looked at: ringed and said. With `measure`, distances are from it.
function look(thing, measure) {
  eye = thing.properties.id;
  at = order.indexOf(thing);
  said.textContent = thing.properties.says;
  if (!inSight(thing.geometry.coordinates)) go(thing.geometry.coordinates);
  ring();
  if (measure) choose(thing.properties.id);
}

function choose(id) {
  state.spot = id;
  state.text = "";
  eye = id;
  at = order.findIndex((thing) => thing.properties.id === id);
  remember();
  relist();
  freshData();
  ring();
}

function byHand(event) {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
  if (link.matches(".show")) {
    event.preventDefault();
    const id = link.closest("tr").id;
    const thing = order.find((one) => one.properties.id === id);
    choose(id);
    if (thing && map) {
      said.textContent = thing.properties.says;
      go(thing.geometry.coordinates, 12);
    }
  } else if (link.matches(".order")) {
    event.preventDefault();
    state.by = link.dataset.by;
    remember();
    link.blur();
    relist().then(() => document.querySelector(`.order[data-by="${state.by}"]`)?.focus());
  } else if (link.matches("[data-none]")) {
    event.preventDefault();
    choose(null);
    $("map-list").focus();
  }
}

// ---- Keys on the map ---------------------------------------------------------------------------

function keyed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const step = { Tab: event.shiftKey ? -1 : 1 }[event.key];
  if (step) {
    // After the last comes what follows the map: nobody is caught in it.
    const next = order[at + step];
    if (!next || at + step < 0) { eye = null; at = -1; return; }
    event.preventDefault();
    event.stopPropagation();
    look(next, false);
  } else if (event.key === "Enter" && order[at]) {
    event.preventDefault();
    look(order[at], true);
  } else if (event.key.toLowerCase() === "o" && order[at]?.properties.open) {
    location.assign(order[at].properties.open);
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    $("map-list").focus();
  }
}

// ---- Drawing -----------------------------------------------------------------------------------

function missing(name) {
  const drawn = symbol(name, ink);
  if (!drawn || map.hasImage(name)) return;
  map.addImage(name, drawn.image, { pixelRatio: drawn.pixelRatio });
}

function pointed(event) {
  const layers = ["alone", "many", "clusters", "units"].filter((id) => map.getLayer(id));
  const [hit] = map.queryRenderedFeatures(event.point, { layers });
  if (!hit) return;
  if (hit.properties.point_count) {
    map.getSource("many").getClusterExpansionZoom(hit.properties.cluster_id)
      .then((zoom) => go(hit.geometry.coordinates, zoom));
    return;
  }
  const thing = order.find((one) => one.properties.id === hit.properties.id);
  if (thing) look(thing, true);
}

function repaint() {
  ink = colours();
  for (const name of map.listImages()) map.removeImage(name);
  map.setStyle(drawing(), { diff: false });
  toggled();
}

function toggled() {
  const show = (id, on) => {
    if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", on ? "visible" : "none");
  };
  const apply = () => {
    show("units", $("with-units").checked);
    show("lines", $("with-lines").checked);
  };
  if (map.isStyleLoaded()) apply();
  else map.once("idle", apply);
}

const drawing = () =>
  style(ink, base, data, picked(), found(), TILES && `pmtiles://${TILES}`);

// A force's own tiles are read from one file, part by part.
async function ownTiles(addProtocol) {
  await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: "/assets/pmtiles.js" });
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error("no reader of tiles")));
    document.head.append(script);
  });
  const { PMTiles, Protocol } = window.pmtiles;
  const protocol = new Protocol(), file = new PMTiles(TILES);
  protocol.add(file);
  addProtocol("pmtiles", protocol.tile);
  const { minLon, minLat, maxLon, maxLat } = await file.getHeader();
  edges = [[minLon, minLat], [maxLon, maxLat]];
}

async function draw() {
  const { Map: Sheet, ScaleControl, addProtocol, setWorkerUrl } =
    await import("/assets/maplibre-gl.mjs");
  if (TILES) await ownTiles(addProtocol);
  setWorkerUrl(new URL("/assets/maplibre-gl-worker.mjs", location.href).href);
  const label = box.dataset.label;
  const sheet = new Sheet({
    container: box, style: drawing(), center: [-2, 54], zoom: 5,
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
    maxZoom: 18, fadeDuration: 0, locale: { "Map.Title": label },
  });
  map = sheet;
  map.addControl(new ScaleControl({ unit: "metric" }));
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const canvas = map.getCanvas();
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", label);
  canvas.setAttribute("aria-describedby", "map-keys");
  canvas.addEventListener("keydown", keyed, true);
  map.setMissingStyleImageResolver(missing);
  map.on("click", pointed);
  map.once("idle", () => { box.dataset.drawn = "yes"; });
  const from = looked(), place = found().features[0];
  if (place) map.jumpTo({ center: place.geometry.coordinates, zoom: 12 });
  else if (from) map.jumpTo({ center: from.geometry.coordinates, zoom: 12 });
  else whole();
  if (from) said.textContent = from.properties.says;
  for (const id of ["to-map", "nearer", "farther", "everything"]) $(id).hidden = false;
  $("to-map").addEventListener("click", () => canvas.focus());
  $("nearer").addEventListener("click", () => map.zoomIn({ animate: !still.matches }));
  $("farther").addEventListener("click", () => map.zoomOut({ animate: !still.matches }));
  $("everything").addEventListener("click", whole);
  for (const id of ["with-units", "with-lines"]) $(id).addEventListener("change", toggled);
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", repaint);
  new MutationObserver(repaint)
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}

// ---- What changes ------------------------------------------------------------------------------

const mine = (topic) => topic === "all" || topic === "units" || topic.startsWith("incident:");

// Asks at once and then not more often than this, however much happens.
function calmly(ask, every) {
  let last = 0, later = 0;
  return () => {
    if (later) return;
    const wait = last + every - performance.now();
    const now = () => { later = 0; last = performance.now(); ask(); };
    if (wait <= 0) now(); else later = setTimeout(now, wait);
  };
}

const freshList = calmly(relist, LIST_MS), freshData = calmly(redraw, DATA_MS);

document.addEventListener("callbox:update", ({ detail }) => {
  if (!detail.topics.some(mine)) return;
  freshList();
  freshData();
});
// Ages and countdowns move by time alone.
setInterval(() => { freshList(); freshData(); }, 20_000);

$("map-list").addEventListener("click", byHand);
$("look-up").addEventListener("submit", (event) => {
  event.preventDefault();
  state.text = $("place").value;
  relist().then(() => {
    const [place] = found().features;
    if (place && map) go(place.geometry.coordinates, 12);
    if (place) said.textContent = [...$("found").querySelectorAll("dd")].map((e) => e.textContent)
      .join("; ");
  });
});
$("district").addEventListener("change", () => {
  state.district = $("district").value;
  remember();
  relist();
  redraw().then(() => map && whole());
});

try {
  const under = fetch("/map/basemap.json").then((r) => (r.ok ? r.json() : EMPTY))
    .catch(() => EMPTY);
  await document.fonts?.load("600 12px Inter").catch(() => {});
  [base] = await Promise.all([under, redraw()]);
  $("no-map").hidden = true;
  await draw();
} catch (fault) {
  map = null;
  $("no-map").hidden = false;
  $("no-map").textContent = $("no-map").dataset.words;
  console.info(`the map is not drawn: ${fault.message}`);
}
