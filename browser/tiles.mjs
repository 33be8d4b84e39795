// The smallest file of tiles: PMTiles version 3 with one vector tile, which is land everywhere.
//
// Source: the PMTiles specification, version 3, and the Mapbox vector tile specification, 2.1.

const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));

function varint(n) {
    const out = [];
    for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) + 128);
    out.push(n);
    return out;
}

const field = (number, kind, ...rest) => bytes(varint(number * 8 + kind), ...rest);
const sized = (number, content) => field(number, 2, varint(content.length), content);
const number = (at, n) => field(at, 0, varint(n));

// One square as large as the tile: move to a corner, three lines, close.
function tile() {
    const side = 4096;
    const zigzag = (n) => (n < 0 ? -n * 2 - 1 : n * 2);
    const geometry = [9, 0, 0, 26, zigzag(side), 0, 0, zigzag(side), zigzag(-side), 0, 15];
    const land = bytes(number(3, 3), sized(4, bytes(...geometry.map(varint))));
    const earth = bytes(number(15, 2), sized(1, bytes('earth')), sized(2, land), number(5, side));
    return sized(3, earth);
}

/** The whole file. */
export function onePieceOfLand() {
    const one = tile();
    const metadata = bytes(JSON.stringify({ vector_layers: [{ id: 'earth', fields: {} }] }));
    // One entry: tile 0, for one tile, this long, at the beginning.
    const directory = bytes(varint(1), varint(0), varint(1), varint(one.length), varint(1));
    const header = Buffer.alloc(127);
    header.write('PMTiles');
    header.writeUInt8(3, 7);
    const root = 127, about = root + directory.length, data = about + metadata.length;
    const places = [root, directory.length, about, metadata.length, data, 0, data, one.length];
    [...places, 1, 1, 1].forEach((n, i) => header.writeBigUInt64LE(BigInt(n), 8 + i * 8));
    // Ordered; nothing packed; vector tiles; zoom 0 alone; the whole Earth.
    [1, 1, 1, 1, 0, 0].forEach((n, i) => header.writeUInt8(n, 96 + i));
    [-180, -85, 180, 85].forEach((degrees, i) => header.writeInt32LE(degrees * 1e7, 102 + i * 4));
    return bytes(header, directory, metadata, one);
}
