/** Links for a class: what they hide, the QR code, the frame. */
import jsQR from 'jsqr';
import { describe, expect, test } from 'vitest';
import { openingOf } from '../src/components/link.ts';
import { frameSize, frameSnippet } from '../src/components/share/embed.ts';
import { HIDEABLE } from '../src/components/share/hideable.ts';
import { LONGEST_CODE, qrFile, qrOf, type QrPicture } from '../src/components/share/QrCode.tsx';
import { HIDE_SETS } from '../src/components/share/sets.ts';

/** What a reader of codes, which knows nothing of how this one was made, reads in the picture drawn at `scale` pixels a module. */
function readCode({ size, path }: QrPicture, scale = 4): string | null {
  const width = size * scale;
  const pixels = new Uint8ClampedArray(4 * width * width).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+),(\d+)h1v1h-1z/g)) {
    for (let i = 0; i < scale; i++) for (let k = 0; k < scale; k++) pixels.fill(0, 4 * ((Number(y) * scale + i) * width + Number(x) * scale + k), 4 * ((Number(y) * scale + i) * width + Number(x) * scale + k) + 3);
  }
  return jsQR(pixels, width, width)?.data ?? null;
}

describe('the QR code', () => {
  test.each(['https://example.org/dpo/', 'https://example.org/dpo/?preset=the-the-the&beta=0.5&hide=chapters,presets,controls&v=1', `https://example.org/?experiment=${'aB3_'.repeat(290)}`.slice(0, LONGEST_CODE)])('is read as what it was made of: %#', (text) => {
    const picture = qrOf(text);
    expect(picture && readCode(picture)).toBe(text);
  });

  test('has the four empty modules around it that readers need', () => {
    const picture = qrOf('https://example.org/');
    const places = [...(picture?.path ?? '').matchAll(/M(\d+),(\d+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)]);
    expect(Math.min(...places)).toBe(4);
    expect(Math.max(...places)).toBe((picture?.size ?? 0) - 5);
  });

  test('is not made of what is too long for one', () => {
    expect(qrOf(`https://example.org/?experiment=${'x'.repeat(4000)}`)).toBeNull();
  });

  test('is saved dark on white', () => {
    const picture = qrOf('https://example.org/');
    expect(picture && qrFile(picture)).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+".*fill="#fff".*fill="#000"\/><\/svg>\n$/);
  });
});

test('the frame has its size, and its address and title are escaped', () => {
  const snippet = frameSnippet('https://example.org/?preset=a&v=1', 'DPO Lab: “a” <b> "c" & d', frameSize('480x360'));
  expect(snippet).toContain('src="https://example.org/?preset=a&amp;v=1"');
  expect(snippet).toContain('width="480" height="360"');
  expect(snippet).toContain('title="DPO Lab: “a” &lt;b&gt; &quot;c&quot; &amp; d"');
});

test('ready-made choices name parts that exist; what a link hides is read back, and a part that is not there is said', () => {
  const ids = HIDEABLE.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { hide } of HIDE_SETS) {
    expect(ids).toEqual(expect.arrayContaining([...hide]));
    if (hide.length > 0) expect(openingOf(`?hide=${hide.join(',')}`)).toMatchObject({ hidden: hide, problems: [] });
  }
  const { hidden, problems } = openingOf('?hide=dial,everything');
  expect(hidden).toEqual([]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/hide.*"dial,everything"/);
});
