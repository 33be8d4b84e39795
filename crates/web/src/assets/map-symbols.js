// Symbols of the map, drawn once each: shape and number as well as colour. A symbol is named by
// what is on it: "log|1|0412|late,vague", "unit|DC14|5|free|9 min", "many|1|12", "town|Tilbeck|2".

const SIZE = 22, GAP = 4;
const RATIO = Math.min(3, Math.max(1, Math.ceil(devicePixelRatio || 1)));

// A colour of the page as numbers, whatever way it is written in.
export function colours() {
  const probe = document.createElement("i");
  probe.className = "map-probe";
  document.body.append(probe);
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const of = (token) => {
    probe.style.color = `var(${token})`;
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = getComputedStyle(probe).color;
    pixel.fillRect(0, 0, 1, 1);
    const [r, g, b] = pixel.getImageData(0, 0, 1, 1).data;
    return `rgb(${r},${g},${b})`;
  };
  const tokens = ["bg-panel", "bg-raised", "fg", "fg-strong", "fg-dim", "line", "ring", "red",
    "amber", "ok", "stale", "adv", "blue", "focus", "g1", "g1-fg", "g2", "g2-fg", "g3", "g3-fg", 
    "g4", "g4-fg", "map-sea", "map-land", "map-wood", "map-town", "map-river", "map-road",
    "map-edge"];
  const all = Object.fromEntries(tokens.map((token) => [token, of(`--${token}`)]));
  probe.remove();
  return all;
}

const font = (px, weight = 600) => `${weight} ${px}px Inter, system-ui, sans-serif`;

function sheet(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width) * RATIO;
  canvas.height = Math.ceil(height) * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  pen.textBaseline = "middle";
  return pen;
}

function wide(text, px, weight) {
  const pen = sheet(1, 1);
  pen.font = font(px, weight);
  return Math.ceil(pen.measureText(text).width);
}

function image(pen) {
  const { width, height } = pen.canvas;
  return { image: pen.getImageData(0, 0, width, height), pixelRatio: RATIO };
}

// The shape of a grade about a point: a square, a triangle, a diamond, a circle.
function shape(pen, rank, x, y, r) {
  pen.beginPath();
  if (rank === 0 || rank === 1) pen.rect(x - r, y - r, 2 * r, 2 * r);
  else if (rank === 2) {
    pen.moveTo(x, y - r - 2);
    pen.lineTo(x + r + 3, y + r);
    pen.lineTo(x - r - 3, y + r);
    pen.closePath();
  } else if (rank === 3) {
    pen.moveTo(x, y - r - 3);
    pen.lineTo(x + r + 3, y);
    pen.lineTo(x, y + r + 3);
    pen.lineTo(x - r - 3, y);
    pen.closePath();
  } else pen.arc(x, y, r + 1, 0, 2 * Math.PI);
}

function graded(pen, c, rank, x, y, r, text) {
  const of = Math.min(Math.max(rank, 0), 4);
  shape(pen, rank, x, y, r);
  pen.fillStyle = of === 0 ? c["bg-raised"] : c[`g${of}`];
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = c.ring;
  pen.stroke();
  pen.fillStyle = of === 0 ? c["fg-strong"] : c[`g${of}-fg`];
  pen.font = font(13, 700);
  pen.textAlign = "center";
  pen.fillText(text, x, y + (rank === 2 ? 2 : 0.5));
}

function label(pen, c, x, y, text, options = {}) {
  const width = wide(text, 12) + 8;
  pen.beginPath();
  pen.roundRect(x, y - 9, width, 18, 3);
  pen.fillStyle = c["bg-panel"];
  pen.fill();
  pen.lineWidth = options.heavy ? 2 : 1;
  pen.setLineDash(options.dashed ? [3, 2] : []);
  pen.strokeStyle = options.edge ?? c.ring;
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = options.ink ?? c["fg-strong"];
  pen.font = font(12);
  pen.textAlign = "left";
  pen.fillText(text, x + 4, y + 0.5);
  return width;
}

// The shape stands on the point; the words are to its right.
function log(c, [rank, name, marks]) {
  const has = (mark) => marks.split(",").includes(mark);
  const words = `${has("emergency") ? "! " : ""}${has("vague") ? "≈ " : ""}${name}`
    + `${has("late") ? " +" : ""}`;
  const height = SIZE + 12, middle = height / 2;
  const pen = sheet(height + GAP + wide(words, 12) + 12, height);
  label(pen, c, height + GAP - 4, middle, words, {
    heavy: has("late") || has("emergency"),
    edge: has("late") || has("emergency") ? c.red : c.ring,
    dashed: has("vague"),
  });
  graded(pen, c, Number(rank), middle, middle, SIZE / 2 - 1, rank === "0" ? "?" : rank);
  return { ...image(pen), middle };
}

// A full circle where it is known to be; a hollow one, and how long ago, where it was.
function unit(c, [name, status, state, age]) {
  const words = age ? `${name} ${status} · ${age}` : `${name} ${status}`;
  const height = 26, middle = height / 2;
  const pen = sheet(height + wide(words, 12) + 12, height);
  const ink = state === "emergency" ? c.red : age ? c.stale : state === "free" ? c.ok : c.adv;
  label(pen, c, height - 2, middle, words, {
    edge: ink, heavy: state === "emergency", dashed: Boolean(age), ink: age ? c.stale : undefined,
  });
  pen.beginPath();
  pen.arc(middle, middle, 8, 0, 2 * Math.PI);
  pen.fillStyle = c["bg-panel"];
  pen.fill();
  pen.lineWidth = 3;
  pen.setLineDash(age ? [4, 3] : []);
  pen.strokeStyle = ink;
  pen.stroke();
  if (!age) {
    pen.beginPath();
    pen.arc(middle, middle, state === "free" ? 5 : 6.5, 0, 2 * Math.PI);
    pen.fillStyle = ink;
    if (state === "free") pen.fill();
    else { pen.clip(); pen.fillRect(middle - 8, middle, 16, 8); }
  }
  return { ...image(pen), middle };
}

// Several logs: the worst grade among them, and how many.
function many(c, [rank, n]) {
  const words = `× ${n}`;
  const height = SIZE + 18, middle = height / 2;
  const pen = sheet(height + wide(words, 12) + 12, height);
  label(pen, c, height - 4, middle, words, { heavy: true });
  graded(pen, c, Number(rank), middle, middle, SIZE / 2 + 2, rank === "0" ? "?" : rank);
  return { ...image(pen), middle };
}

function town(c, [name, size]) {
  const px = { 1: 15, 2: 13, 3: 12 }[size] ?? 12;
  const district = size === "4";
  const words = district ? name.toUpperCase().split("").join("\u200a") : name;
  const width = wide(words, px, district ? 500 : 600) + 10, height = px + 10;
  const pen = sheet(width, height);
  pen.font = font(px, district ? 500 : 600);
  pen.textAlign = "center";
  pen.lineJoin = "round";
  pen.lineWidth = 4;
  pen.strokeStyle = c["map-land"];
  pen.strokeText(words, width / 2, height / 2);
  pen.fillStyle = district ? c["fg-dim"] : c.fg;
  pen.fillText(words, width / 2, height / 2);
  return image(pen);
}

const DRAWN = { log, unit, many, town };

/** The symbol of a name; nothing if the name is none of ours. */
export function symbol(name, c) {
  const [kind, ...parts] = name.split("|");
  return DRAWN[kind]?.(c, parts) ?? null;
}
