// What is drawn, from below: the sheet, what is not exactly known, who goes where, the units, the
// logs. Grade 1, logs without a grade and emergencies are never drawn as one of many.

const EMPTY = { type: "FeatureCollection", features: [] };
const kind = (...of) => ["in", ["get", "kind"], ["literal", of]];
const width = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];
// The middle of the shape at the left of a symbol stands on the point.
const SYMBOL = {
  "icon-anchor": "left",
  "icon-allow-overlap": true,
  "icon-ignore-placement": true,
};

// A force's own file of tiles, in the layers of Protomaps.
function tiles(c) {
  const line = (id, layer, kinds, color, ...stops) => ({
    id, type: "line", source: "base", "source-layer": layer,
    ...(kinds && { filter: kind(...kinds) }),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": c[color], "line-width": width(...stops) },
  });
  const fill = (id, layer, kinds, color) => ({
    id, type: "fill", source: "base", "source-layer": layer,
    ...(kinds && { filter: kind(...kinds) }),
    paint: { "fill-color": c[color] },
  });
  return [
    { id: "sea", type: "background", paint: { "background-color": c["map-sea"] } },
    fill("land", "earth", null, "map-land"),
    fill("wood", "landuse", ["wood", "forest", "nature_reserve", "park"], "map-wood"),
    fill("town", "landuse", ["residential", "industrial", "hospital", "school"], "map-town"),
    { ...fill("water", "water", null, "map-sea"), filter: ["==", ["geometry-type"], "Polygon"] },
    { ...line("river", "water", null, "map-river", 8, 1, 13, 4),
      filter: ["==", ["geometry-type"], "LineString"] },
    { ...line("street", "roads", ["minor_road"], "map-road", 10, 0.5, 16, 6), minzoom: 11 },
    line("lane", "roads", ["medium_road", "other"], "map-road", 8, 0.6, 16, 8),
    line("road", "roads", ["highway", "major_road"], "map-road", 6, 1, 16, 14),
    line("district", "boundaries", null, "fg-dim", 4, 1, 12, 2),
    { id: "names", type: "symbol", source: "base", "source-layer": "places",
      filter: kind("locality"),
      layout: {
        "icon-image": ["concat", "town|", ["coalesce", ["get", "name"], ""], "|2"],
        "icon-allow-overlap": false,
      } },
  ];
}

function sheet(c) {
  return [
    { id: "sea", type: "background", paint: { "background-color": c["map-sea"] } },
    { id: "land", type: "fill", source: "base", filter: kind("land"),
      paint: { "fill-color": c["map-land"] } },
    { id: "coast", type: "line", source: "base", filter: kind("land"),
      paint: { "line-color": c["map-edge"], "line-width": 1 } },
    { id: "wood", type: "fill", source: "base", filter: kind("wood"),
      paint: { "fill-color": c["map-wood"] } },
    { id: "town", type: "fill", source: "base", filter: kind("town"),
      paint: { "fill-color": c["map-town"] } },
    { id: "river", type: "line", source: "base", filter: kind("river"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": c["map-river"], "line-width": width(8, 1, 13, 5) } },
    { id: "street", type: "line", source: "base", filter: kind("street"), minzoom: 10.5,
      paint: { "line-color": c["map-road"], "line-opacity": 0.5,
        "line-width": width(10, 0.5, 14, 3) } },
    { id: "lane", type: "line", source: "base", filter: kind("lane"),
      paint: { "line-color": c["map-road"], "line-width": width(8, 0.6, 14, 4) } },
    { id: "road-edge", type: "line", source: "base", filter: kind("road"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": c["map-land"], "line-width": width(8, 3, 14, 11) } },
    { id: "road", type: "line", source: "base", filter: kind("road"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": c["map-road"], "line-width": width(8, 1.6, 14, 7) } },
    { id: "district", type: "line", source: "base", filter: kind("district"),
      paint: { "line-color": c["fg-dim"], "line-width": 1.5, "line-dasharray": [4, 3] } },
    { id: "names", type: "symbol", source: "base", filter: kind("label"),
      layout: {
        "icon-image": ["concat", "town|", ["get", "name"], "|", ["to-string", ["get", "size"]]],
        "icon-anchor": "bottom", "icon-offset": [0, -8], "icon-allow-overlap": false,
        "symbol-sort-key": ["get", "size"],
      } },
  ];
}

function things(c) {
  const symbols = (id, source, order) => ({
    id, type: "symbol", source,
    layout: { ...SYMBOL, "icon-image": ["get", "symbol"], "symbol-sort-key": order },
  });
  // The worst is drawn last, on top.
  const worstOnTop = ["-", 0, ["get", "order"]];
  return [
    { id: "rings", type: "fill", source: "rings",
      paint: { "fill-color": c.stale, "fill-opacity": 0.15 } },
    { id: "ring-edges", type: "line", source: "rings",
      paint: { "line-color": c.stale, "line-width": 2, "line-dasharray": [3, 2] } },
    { id: "lines", type: "line", source: "lines",
      paint: { "line-color": c.adv, "line-width": 2, "line-dasharray": [2, 2] } },
    { id: "found-ring", type: "fill", source: "found", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": c.focus, "fill-opacity": 0.2 } },
    { id: "picked", type: "circle", source: "picked",
      paint: { "circle-radius": 20, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 3,
        "circle-stroke-color": c.focus } },
    symbols("units", "units", worstOnTop),
    { id: "clusters", type: "symbol", source: "many", filter: ["has", "point_count"],
      layout: { ...SYMBOL,
        "icon-image": ["concat", "many|", ["to-string", ["get", "worst"]], "|",
          ["to-string", ["get", "point_count"]]] } },
    { ...symbols("many", "many", worstOnTop), filter: ["!", ["has", "point_count"]] },
    symbols("alone", "alone", worstOnTop),
    { id: "found", type: "circle", source: "found", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 8, "circle-color": c.focus, "circle-stroke-width": 3,
        "circle-stroke-color": c.blue } },
  ];
}

/** The whole style, with what is on the map now; `ownTiles` is the address of a force's own. */
export function style(c, base, data, picked, found, ownTiles) {
  const of = (geojson) => ({ type: "geojson", data: geojson ?? EMPTY });
  return {
    version: 8,
    sources: {
      base: ownTiles ? { type: "vector", url: ownTiles } : of(base),
      rings: of(data?.rings),
      lines: of(data?.lines),
      picked: of(picked),
      found: of(found),
      units: of(data?.units),
      alone: of(data?.alone),
      many: {
        ...of(data?.many), cluster: true, clusterRadius: 44, clusterMaxZoom: 13,
        // A cluster wears the worst grade that is in it; no grade yet is worse than any.
        clusterProperties: { worst: ["min", ["get", "rank"]] },
      },
    },
    layers: [...(ownTiles ? tiles(c) : sheet(c)), ...things(c)],
  };
}
