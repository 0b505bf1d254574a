/**
 * The catalogue of all texts: every msg`…` of src, as public/strings/en.json (English text with {0} for its places → the same).
 *
 *   npm run strings            writes it
 *   npm run strings -- FILE    says what a translation (a copy of it with other values) lacks and has wrong
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
export const CATALOGUE = path.join(root, 'public/strings/en.json');

/** The TypeScript files of src, relative to the project's root. */
export function sourceFiles() {
  return fs.readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name)).map((name) => path.join('src', name)).sort();
}

/** A text's name in the catalogue, as in src/sim/msg.ts (Node 20 reads no TypeScript). */
const keyOf = (/** @type {readonly string[]} */ texts) => texts.reduce((key, text, i) => `${key}{${i - 1}}${text}`);

/**
 * Every node of a file's syntax tree.
 * @param {string} file  relative to the project's root
 * @returns {Generator<any>}
 */
export function* nodesOf(file) {
  const { program, errors } = parseSync(file, fs.readFileSync(path.join(root, file), 'utf8'));
  if (errors.length > 0) throw new Error(`strings: ${file} cannot be read: ${errors[0].message}`);
  /** @type {any[]} */
  const waiting = [program];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (typeof node.type === 'string') yield node;
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) waiting.push(child);
  }
}

/**
 * The catalogue as the sources say it, texts ascending.
 * @param {readonly string[]} files
 * @returns {Record<string, string>}
 */
export function catalogueOf(files) {
  /** @type {Set<string>} */
  const keys = new Set();
  for (const file of files) {
    for (const node of nodesOf(file)) {
      if (node.type !== 'TaggedTemplateExpression' || node.tag.name !== 'msg') continue;
      keys.add(keyOf(node.quasi.quasis.map((/** @type {any} */ quasi) => quasi.value.cooked)));
    }
  }
  return Object.fromEntries([...keys].sort().map((key) => [key, key]));
}

/** The places of a text, each once: "{0} {1}". */
const placesOf = (/** @type {string} */ text) => [...new Set(text.match(/\{\d+\}/g))].sort().join(' ');

/** @param {Record<string, string>} catalogue */
export const textOf = (catalogue) => `${JSON.stringify(catalogue, null, 1)}\n`;

/**
 * What is wrong with a translation, one sentence each. Texts that it lacks are said in English and are no fault.
 *
 * @param {Record<string, string>} catalogue
 * @param {Record<string, unknown>} candidate
 * @returns {string[]}
 */
export function problemsOf(catalogue, candidate) {
  return Object.entries(candidate).flatMap(([key, text]) => {
    if (!Object.hasOwn(catalogue, key)) return [`The catalogue has no text ${JSON.stringify(key)}.`];
    if (typeof text !== 'string') return [`The translation of ${JSON.stringify(key)} must be a text, got ${JSON.stringify(text)}.`];
    const [wanted, found] = [placesOf(key), placesOf(text)];
    return wanted === found ? [] : [`The translation of ${JSON.stringify(key)} must have the places ${wanted || '(none)'}, it has ${found || '(none)'}.`];
  });
}

/**
 * @param {string | undefined} translation
 * @returns {Promise<number>}
 */
async function main(translation) {
  const catalogue = catalogueOf(sourceFiles());
  if (translation === undefined) {
    fs.mkdirSync(path.dirname(CATALOGUE), { recursive: true });
    fs.writeFileSync(CATALOGUE, textOf(catalogue));
    console.log(`${Object.keys(catalogue).length} texts in ${path.relative(root, CATALOGUE)}`);
    return 0;
  }
  const candidate = JSON.parse(fs.readFileSync(translation, 'utf8'));
  const problems = problemsOf(catalogue, candidate);
  for (const problem of problems) console.log(problem);
  const lacking = Object.keys(catalogue).filter((key) => !Object.hasOwn(candidate, key));
  console.log(`${lacking.length} of ${Object.keys(catalogue).length} texts are not translated, ${problems.length} are wrong.`);
  return problems.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv[2]);
