/** The lab inside another page. */
import { msg } from '../../sim/msg.ts';


/** Size of the frame that is offered, CSS pixels: the sentence, the masses, the dial and Play fit in it. */
export const FRAME = { width: 760, height: 620 } as const;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);

/** HTML to be pasted into another page. @param address  whole address of the lab with its query */
export function frameSnippet(address: string, title: string): string {
  return msg`<iframe src="${escaped(address)}" title="${escaped(title)}" width="${FRAME.width}" height="${FRAME.height}" style="border: 1px solid #ccc" loading="lazy" allow="fullscreen; clipboard-write"></iframe>`;
}
