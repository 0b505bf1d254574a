/**
 * All texts of the page come from the catalogue: in a made-up language, in which every one of them is put in brackets,
 * no word of any chapter stands outside brackets but names, formulas and the toy worlds' own words.
 */
import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../scripts/strings.mjs';
import { CHAPTERS } from '../../src/components/chapters.ts';
import { PRESETS } from '../../src/sim/presets/index.ts';
import { openLab, waitForState } from './harness.ts';

const BRACKETED = JSON.stringify(Object.fromEntries(Object.keys(JSON.parse(fs.readFileSync(CATALOGUE, 'utf8'))).map((key) => [key, `⟦${key}⟧`])));

/** Names: of the lab, of methods and backends, of metrics as TRL and the files have them, of keys. */
const NAMES = /DPO Lab|WebAssembly|WebGPU|\b(R-DPO|DPOP?|APO-(zero|down)|IPO|NLL|SimPO|SPPO|NCA|EXO|PPO|KL|TRL|Adam|SGD|MLP|Space|Home|End|Esc)\b|\b[a-z]+\/[a-z_A-Z]+|goldReward|proxyReward|argmax|\blog\b|\bsup\b/g;
/** What is set in the reader's own words, in code, or as a formula. */
const ELSEWHERE = '.katex, script, style, noscript, code, kbd, sub, sup, option, textarea, .lab-serif, .label-name, .bars-name, .pair-text, .pair-prompt';

/** The words outside brackets, each with where it stands. */
function scan(page: Page, worldWords: readonly string[]): Promise<string[]> {
  return page.evaluate(({ elsewhere, names, own }) => {
    const found: string[] = [];
    let depth = 0;
    const outside = (text: string, from: number): [string, number] => {
      let [out, d] = ['', from];
      for (const c of text) {
        if (c === '⟦') d++;
        else if (c === '⟧') d = Math.max(0, d - 1);
        else if (d === 0) out += c;
      }
      return [out, d];
    };
    const note = (text: string, where: string) => {
      const rest = text.replace(new RegExp(names, 'g'), ' ').split(/[^\p{L}\p{M}]+/u).filter((word) => word.length >= 3 && !own.includes(word));
      if (rest.length > 0) found.push(`${rest.join(' ')} (${where})`);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, {
      acceptNode: (node) => (node instanceof Element && node.closest(elsewhere) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
    });
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext']) note(outside(node.getAttribute(name) ?? '', 0)[0], `${name} of ${node.tagName} ${node.getAttribute('class') ?? ''}`);
      } else {
        const [rest, after] = outside(node.textContent ?? '', depth);
        depth = after;
        note(rest, `${node.parentElement?.tagName} ${node.parentElement?.getAttribute('class') ?? ''}`);
      }
    }
    return found;
  }, { elsewhere: ELSEWHERE, names: NAMES.source, own: [...worldWords] });
}

/** The words of the toy worlds, with what stands for the empty response. */
const WORLD_WORDS = [...new Set(PRESETS.flatMap(({ experiment: { world } }) => [...world.words, ...world.prompts.flatMap((prompt) => prompt.split(/[^\p{L}]+/u))]))];

test('every chapter, before and after a run, with its lists and its keys open', async () => {
  const { page, close } = await openLab({ query: 'strings/en.json' });
  await page.route('**/strings/xx.json', (route) => route.fulfill({ contentType: 'application/json', body: BRACKETED }));
  const outside = new Set<string>();
  const root = page.url().replace('strings/en.json', '');
  for (const { id } of CHAPTERS) {
    await page.goto(`${root}?lang=xx&backend=wasm&chapter=${id}&steps=20`);
    await waitForState(page, 'paused');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('xx');
    for (const text of await scan(page, WORLD_WORDS)) outside.add(text);
    await page.keyboard.press('k');
    await waitForState(page, 'done');
    for (const summary of await page.locator('summary:visible').all()) await summary.click();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    for (const text of await scan(page, WORLD_WORDS)) outside.add(text);
  }
  expect([...outside]).toEqual([]);
  await close();
}, 120_000);

test('a language that is not there is said in a sentence, and the page is in English', async () => {
  const { page, close } = await openLab({ query: '?lang=qq&backend=wasm&seeds=0&steps=20', expectedErrors: /404/ });
  await waitForState(page, 'paused');
  expect(await page.locator('[data-notice="problems"]').innerText()).toContain('lang must be a language that the lab has, got "qq"; the page is in English.');
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/probability/);
  await close();
});
