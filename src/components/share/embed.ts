/** The lab inside another page. */

export interface FrameSize {
  id: string;
  /** CSS pixels. */
  width: number;
  height: number;
}

/** Sizes of the frame that are offered: in each the sentence, the masses, the dial and Play are in view. */
export const FRAME_SIZES: readonly [FrameSize, ...FrameSize[]] = [
  { id: '800x500', width: 800, height: 500 },
  { id: '480x360', width: 480, height: 360 },
  { id: '1120x700', width: 1120, height: 700 },
];

/** @throws RangeError where there is no such size */
export function frameSize(id: string): FrameSize {
  const found = FRAME_SIZES.find((size) => size.id === id);
  if (!found) throw new RangeError(`frameSize: id must be one of ${FRAME_SIZES.map((size) => size.id).join(', ')}, got ${id}`);
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);

/** HTML to be pasted into another page. @param address  whole address of the lab with its query */
export function frameSnippet(address: string, title: string, { width, height }: FrameSize): string {
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="${width}" height="${height}" style="max-width: 100%; border: 1px solid #ccc" loading="lazy" allow="fullscreen; clipboard-write"></iframe>`;
}
