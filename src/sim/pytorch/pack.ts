/** Arrays of numbers as text: little-endian, compressed where they repeat themselves, base64. */

/** Base64 of bytes. */
function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let from = 0; from < bytes.length; from += 0x8000) binary += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  return btoa(binary);
}

/** Little-endian float32. */
export function packFloats(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true);
  return base64(new Uint8Array(view.buffer));
}

/** Little-endian float64. */
export function packDoubles(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i], true);
  return base64(new Uint8Array(view.buffer));
}

/** Whole numbers of 0..2³²−1 as little-endian uint32 in zlib's format. */
export async function packIntegers(values: ArrayLike<number>): Promise<string> {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) view.setUint32(4 * i, values[i], true);
  const compressed = new Blob([view.buffer]).stream().pipeThrough(new CompressionStream('deflate'));
  return base64(new Uint8Array(await new Response(compressed).arrayBuffer()));
}
