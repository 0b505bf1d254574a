/**
 * All texts of the page come from the catalogue: in a made-up language, which writes every one of them in full-width
 * letters, no word of any chapter is in ordinary letters but names, formulas and the toy worlds' own words. So a text that
 * is put together from a translated part and an English one is found out too.
 */
import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../scripts/strings.mjs';
import { CHAPTERS } from '../../src/components/chapters.ts';
import { PRESETS } from '../../src/sim/presets/index.ts';
import { openLab, waitForState } from './harness.ts';

/** "Play" → "Ｐｌａｙ"; places and symbols stay. */
const fullWidth = (text: string) => text.replace(/[A-Za-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
const FULL_WIDTH = JSON.stringify(Object.fromEntries(Object.keys(JSON.parse(fs.readFileSync(CATALOGUE, 'utf8'))).map((key) => [key, fullWidth(key)])));

/** Names: of the lab, of methods, losses and backends, of metrics as TRL and the files have them, of keys, of functions. */
const NAMES = /DPO Lab|WebAssembly|Wasm|WebGPU|TL;DR|sigmoid|\b(R-DPO|DPOP?|APO-(zero|down|0|d)|IPO|NLL|SimPO|SPPO|NCA|EXO|PPO|KL|TRL|Adam|SGD|MLP|Home|End)\b|\b[a-zA-Z]+\/[a-z_A-Z]+|goldReward|proxyReward|β·kl|\blog\b|\bsup\b|π_(ref|old|θ)|L_DPO|\bclip\b/g;
/** What is set in code, or as a formula. */
const ELSEWHERE = '.katex, script, style, noscript, code, sub, sup, textarea';

/** The words in ordinary letters, each with where it stands. */
function scan(page: Page, worldWords: readonly string[]): Promise<string[]> {
  return page.evaluate(({ elsewhere, names, own }) => {
    const found: string[] = [];
    const note = (text: string | null, where: string) => {
      const words = (text ?? '').replace(new RegExp(names, 'g'), ' ').match(/[A-Za-z]{2,}/g)?.filter((word) => !own.includes(word)) ?? [];
      if (words.length > 0) found.push(`${words.join(' ')} (${where})`);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, {
      acceptNode: (node) => (node instanceof Element && node.closest(elsewhere) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
    });
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext']) note(node.getAttribute(name), `${name} of ${node.tagName} ${node.getAttribute('class') ?? ''}`);
      } else note(node.textContent, `${node.parentElement?.tagName} ${node.parentElement?.getAttribute('class') ?? ''}`);
    }
    return found;
  }, { elsewhere: ELSEWHERE, names: NAMES.source, own: [...worldWords] });
}

/** The words of the toy worlds and of their prompts. */
const WORLD_WORDS = [...new Set(PRESETS.flatMap(({ experiment: { world } }) => [...world.words, ...world.prompts.flatMap((prompt) => prompt.split(/[^\p{L}]+/u))]))];

test('every chapter, before and after a run, with its lists, its further panels and its keys open', async () => {
  const { page, close } = await openLab({ query: '?backend=wasm&seeds=0' });
  await page.route('**/strings/xx.json', (route) => route.fulfill({ contentType: 'application/json', body: FULL_WIDTH }));
  const ordinary = new Set<string>();
  const note = async (chapter: number) => { for (const text of await scan(page, WORLD_WORDS)) ordinary.add(`${chapter}: ${text}`); };
  const root = new URL('./', page.url()).href;
  for (const { id } of CHAPTERS) {
    await page.goto(`${root}?lang=xx&backend=wasm&chapter=${id}&steps=20`);
    await waitForState(page, 'paused');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('xx');
    await note(id);
    await page.keyboard.press('k');
    await waitForState(page, 'done');
    for (const summary of await page.locator('summary:visible').all()) await summary.click();
    await note(id);
    for (const button of await page.locator('.second-rank-tabs button').all()) {
      await button.click();
      await page.locator('.second-rank-panel > :not([role="status"])').first().waitFor();
      await note(id);
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await note(id);
  }
  expect([...ordinary]).toEqual([]);
  await close();
}, 240_000);

test('a language that is not there is said in a sentence, and the page is in English', async () => {
  const { page, close } = await openLab({ query: '?lang=qq&backend=wasm&seeds=0&steps=20', expectedErrors: /404/ });
  await waitForState(page, 'paused');
  expect(await page.locator('[data-notice="problems"]').innerText()).toContain('lang must be a language that the lab has, got "qq"; the page is in English.');
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/probability/);
  await close();
});
