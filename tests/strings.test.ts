/** One catalogue of texts: what msg says, that the committed catalogue is that of the sources, and that no text is left out of it. */
import fs from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { languageOf } from '../src/components/language.ts';
import { msg, setTranslation } from '../src/sim/msg.ts';
import { CATALOGUE, catalogueOf, nodesOf, problemsOf, sourceFiles, textOf } from '../scripts/strings.mjs';

afterEach(() => setTranslation(null));

test('a text is its English with its values, and in another language what the translation says, places in any order', () => {
  const said = (from: number, to: string) => msg`from update ${from} to ${to}`;
  expect(said(3, 'the end')).toBe('from update 3 to the end');
  setTranslation({ 'from update {0} to {1}': 'bis {1} ab Schritt {0}; {1}' });
  expect(said(3, 'the end')).toBe('bis the end ab Schritt 3; the end');
  expect(said(4, '$& {0}'), 'values are not read as places').toBe('bis $& {0} ab Schritt 4; $& {0}');
  expect(msg`not translated, ${0}`).toBe('not translated, 0');
});

test('the catalogue has exactly the texts of the sources (npm run strings writes it)', () => {
  expect(fs.readFileSync(CATALOGUE, 'utf8')).toBe(textOf(catalogueOf(sourceFiles())));
});

test('a translation with other places or other texts is found out', () => {
  const catalogue = { 'update {0} of {1}': 'update {0} of {1}', Play: 'Play' };
  expect(problemsOf(catalogue, { 'update {0} of {1}': 'Schritt {0} von {1}' })).toEqual([]);
  expect(problemsOf(catalogue, { 'update {0} of {1}': 'Schritt {0}', Pause: 'Pause', Play: 3 })).toEqual([
    'The translation of "update {0} of {1}" must have the places {0} {1}, it has {0}.',
    'The catalogue has no text "Pause".',
    'The translation of "Play" must be a text, got 3.',
  ]);
});

test('a link asks for a language by its name, and for nothing else', () => {
  expect(languageOf('?lang=hi')).toBe('hi');
  expect(languageOf('?preset=near-pairs&lang=pt-BR')).toBe('pt-BR');
  for (const search of ['', '?lang=', '?lang=en', '?lang=../secret', '?lang=HI!']) expect(languageOf(search)).toBeNull();
});

/** Attributes that a reader reads or hears. */
const READ = ['aria-label', 'title', 'label', 'placeholder', 'alt', 'description', 'aria-valuetext'];
/** Names, the same in every language. */
const NAMES = /^(DPO Lab|WebAssembly|WebGPU|JSON|CSV|ref|clip|old|[πθβλσyhxrJKLZETRDV*()[\]{}.,:;=+−–·/|≻∥^_\d\s%<>…→←↑↓●○■×₊₋₀-]+)$/u;

test('no text of a component stands outside the catalogue', () => {
  const outside: string[] = [];
  for (const file of sourceFiles().filter((name) => name.endsWith('.tsx'))) {
    for (const node of nodesOf(file)) {
      const text: unknown = node.type === 'JSXText' ? node.value
        : node.type === 'JSXAttribute' && READ.includes(node.name.name) && node.value?.type === 'Literal' ? node.value.value : null;
      if (typeof text === 'string' && /\p{L}{2}/u.test(text) && !NAMES.test(text.trim())) outside.push(`${file}: ${text.trim()}`);
    }
  }
  expect(outside).toEqual([]);
});

/** What the terminal says, the toy worlds' own words, the text of Python scripts, and the sentence for a page that could not even load its texts. */
const ELSEWHERE = /^src\/(main\.tsx|sim\/(cli|cliOptions|cliScript|bench)\.ts|sim\/(presets|pytorch\/python)\/)/;
/** Three words in a row, and no CSS, selector, TeX or HTML. */
const isSentence = (text: string) => /\p{L}{2,} \p{L}[\p{L}’']* \p{L}{2,}/u.test(text) && !/[\\{}<>;=[\]]/.test(text);

/** The texts of a syntax tree that msg does not say, errors for developers left out. */
function* textsOutside(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  const { type, tag, quasi, callee, quasis, value, expressions } = node as Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- a syntax tree without types
  if (type === 'ImportDeclaration' || (type === 'NewExpression' && String(callee.name).endsWith('Error'))) return;
  if (type === 'Literal' && typeof value === 'string') yield value;
  if (type === 'TemplateLiteral') yield quasis.map((part: { value: { cooked: string } }) => part.value.cooked).join('…');
  if (type === 'TaggedTemplateExpression' && tag.name === 'msg') yield* textsOutside(quasi.expressions);
  else for (const child of type === 'TemplateLiteral' ? expressions : Object.values(node)) yield* textsOutside(child);
}

test('no sentence of the sources stands outside the catalogue', () => {
  const outside = sourceFiles().filter((file) => !ELSEWHERE.test(file)).flatMap((file) => {
    const [program] = nodesOf(file);
    return [...textsOutside(program)].filter(isSentence).map((text) => `${file}: ${text}`);
  });
  expect(outside).toEqual([]);
});
