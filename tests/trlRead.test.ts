/** Reading preference files in TRL's format: the formats, what is dropped and counted, and what is refused in a sentence. */
import { describe, expect, test } from 'vitest';
import { MAX_BYTES, MAX_ROW_BYTES, utf8Fault } from '../src/sim/trl/bytes.ts';
import { MAX_ROWS, readTrl, type ReadFile, type TrlFile } from '../src/sim/trl/read.ts';
import { sharedText } from '../src/sim/trl/implicit.ts';
import { finish } from './fixtures/trlFinish.ts';
import { bytesOf, FORMATS, jsonLines, plainRows } from './fixtures/trlRows.ts';

const read = (text: string | Uint8Array): ReadFile => finish(readTrl(typeof text === 'string' ? bytesOf(text) : text));
function file(text: string | Uint8Array): TrlFile {
  const result = read(text);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result.file;
}
function refusal(text: string | Uint8Array): string[] {
  const result = read(text);
  expect(result.ok).toBe(false);
  return result.ok ? [] : result.problems.map(({ message }) => message);
}
const ROW = { prompt: 'p', chosen: 'a', rejected: 'b' };
const plain = ({ rows }: TrlFile) => rows.map(({ prompt, chosen, rejected }) => ({ prompt: prompt.trim(), chosen: chosen.trim(), rejected: rejected.trim() }));

describe('300 rows of our own', () => {
  const rows = plainRows();
  test.each(Object.keys(FORMATS))('%s: the same rows, on lines or in one list', (name) => {
    const values = rows.map(FORMATS[name]);
    const [shape, prompt] = name.split(' ');
    const found = file(jsonLines(values));
    expect(found.format).toEqual({ shape, prompt });
    expect(plain(found)).toEqual(rows);
    expect(found.rows.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 1));
    expect(found.broken.size + found.extra.length).toBe(0);
    expect(plain(file(JSON.stringify(values)))).toEqual(rows);
    const pretty = file(JSON.stringify(values, null, 2));
    expect(plain(pretty)).toEqual(rows);
    expect(pretty.rows[0].line).toBe(2);
    // Windows line ends, blank lines, a byte order mark.
    const windows = `\uFEFF\r\n${jsonLines(values).replaceAll('\n', '\r\n\r\n')}  \r\n`;
    expect(plain(file(windows))).toEqual(rows);
    expect(file(windows).rows[0].line).toBe(2);
  });
});

describe('the implicit prompt', () => {
  test('of texts: whole words that both begin with, without the space', () => {
    // The example of TRL's documentation.
    expect(sharedText('The sky is blue.', 'The sky is green.')).toEqual({ prompt: 'The sky is', insideWord: false });
    // TRL ends inside the word: "The sky is bl".
    expect(sharedText('The sky is blue.', 'The sky is black.')).toEqual({ prompt: 'The sky is', insideWord: true });
    expect(sharedText('Where? ', 'Where? on the mat')).toEqual({ prompt: 'Where?', insideWord: false });
    expect(sharedText('yes', 'no')).toEqual({ prompt: '', insideWord: false });
    expect(sharedText('same', 'same')).toEqual({ prompt: 'same', insideWord: false });
    // Half of a character is never left behind.
    expect(sharedText('a \ud83d\ude00', 'a \ud83d\ude01').prompt).toBe('a');
    // No spaces between words: it may end at any character.
    expect(sharedText('天气怎么样？很好', '天气怎么样？不好').prompt).toBe('天气怎么样？');
  });
  test('of conversations: whole messages that both begin with', () => {
    const say = (role: string, content: string) => ({ role, content });
    const talk = [say('system', 'Be brief.'), say('user', 'Sky?')];
    const [row] = file(jsonLines([{ chosen: [...talk, say('assistant', 'blue')], rejected: [...talk, say('assistant', 'green')] }])).rows;
    expect(row).toMatchObject({ prompt: 'system: Be brief.\nuser: Sky?', chosen: 'blue', rejected: 'green' });
  });
  test('a prompt that is a text beside conversations which hold it, as in UltraFeedback', () => {
    const user = { role: 'user', content: 'Sky?' };
    const values = [{ prompt: 'Sky?', chosen: [user, { role: 'assistant', content: 'blue' }], rejected: [user, { role: 'assistant', content: 'green' }] }];
    const found = file(jsonLines(values));
    expect(found.format.prompt).toBe('mixed');
    expect(found.rows[0]).toMatchObject({ prompt: 'Sky?', chosen: 'blue', rejected: 'green' });
    const apart = file(jsonLines([{ prompt: 'Sky?', chosen: [{ role: 'assistant', content: 'blue' }], rejected: [{ role: 'assistant', content: 'green' }] }]));
    expect(apart.rows[0]).toMatchObject({ prompt: 'Sky?', chosen: 'blue' });
  });
});

describe('rows that cannot be read are dropped and counted', () => {
  const good = jsonLines([ROW]);
  test.each([
    ['a fault of JSON', '{"chosen": "a", ', 'json', 'Line 2 must be valid JSON, got a fault in line 2, column 16: expected a key in double quotes, got the end of the text.'],
    ['a key twice', '{"prompt": "p", "chosen": "a", "chosen": "c", "rejected": "b"}', 'json', 'expected each key of an object once ("chosen" is given twice)'],
    ['a zero byte in a text', '{"prompt": "p", "chosen": "a\0", "rejected": "b"}', 'json', 'expected the closing quote of the string, got "\\u0000".'],
    ['deep nesting', `{"chosen": ${'['.repeat(5000)}`, 'json', 'expected at most 64 levels of nesting'],
    ['a number', '3', 'object', 'Line 2 must be an object with the columns chosen and rejected, got 3.'],
    ['a list', '[1]', 'object', 'got [1].'],
    ['no rejected', '{"prompt": "p", "chosen": "a"}', 'columns', 'Line 2: rejected must be given, beside chosen, got the columns prompt, chosen.'],
    ['rejected null', '{"prompt": "p", "chosen": "a", "rejected": null}', 'columns', 'Line 2: rejected must be given'],
    ['a number for chosen', '{"prompt": "p", "chosen": 3, "rejected": "b"}', 'type', 'Line 2: chosen must be a text or a list of messages (each with role and content), got 3.'],
    ['messages without a role', '{"prompt": "p", "chosen": [{"content": "a"}], "rejected": "b"}', 'type', 'Line 2: chosen[0].role must be a text, got nothing.'],
    ['a picture', '{"chosen": [{"role": "assistant", "content": [{"type": "image"}]}], "rejected": "b"}', 'type', 'Line 2: chosen[0].content must be a text, or a list of parts of type "text"'],
    ['a text against messages', '{"chosen": "a", "rejected": [{"role": "assistant", "content": "b"}]}', 'type', 'Line 2: rejected must be of the same kind as chosen'],
    ['an empty conversation', '{"chosen": [], "rejected": []}', 'type', 'got [].'],
    ['another format', '{"chosen": "x a", "rejected": "x b"}', 'format', 'Line 2 must be standard (texts), with an explicit prompt, got standard (texts), with an implicit prompt.'],
  ])('%s', (_, line, reason, sentence) => {
    const found = file(`${good}${line}\n${good}`);
    expect([...found.broken]).toEqual([[reason, 1]]);
    expect(found.rows).toHaveLength(2);
    expect(found.total).toBe(3);
    expect(found.problems[0].message).toContain(sentence);
    expect(found.rows[1].line).toBe(3);
  });
  test('a row that is too long', () => {
    const long = JSON.stringify({ ...ROW, chosen: 'x'.repeat(MAX_ROW_BYTES) });
    const found = file(`${good}${long}\n`);
    expect([...found.broken]).toEqual([['long', 1]]);
    expect(found.problems[0].message).toMatch(/^Line 2 must be a row of at most 1,000,000 bytes, got 1,000,0\d\d bytes\.$/);
  });
  test('the first five in sentences, all in numbers', () => {
    const found = file(good + 'x\n'.repeat(30));
    expect(found.problems).toHaveLength(5);
    expect(found.broken.get('json')).toBe(30);
    expect(found.total).toBe(31);
  });
});

test('parts of type text are one text, other columns are named, a null column is none', () => {
  const parts = [{ type: 'text', text: 'on ' }, { type: 'text', text: 'the mat' }];
  const found = file(jsonLines([{ prompt: null, chosen: [{ role: 'assistant', content: parts }], rejected: [{ role: 'assistant', content: 'no' }], score: 3, id: 'x' }]));
  expect(found.rows[0]).toMatchObject({ chosen: 'on the mat', rejected: 'no', prompt: '' });
  expect(found.format).toEqual({ shape: 'conversational', prompt: 'implicit' });
  expect(found.extra).toEqual(['score', 'id']);
});

test('the lab’s own weight is read, another column of that name is not', () => {
  expect(file(jsonLines([{ ...ROW, weight: 0.25 }])).rows[0].weight).toBe(0.25);
  const other = file(jsonLines([{ ...ROW, weight: 'heavy' }, { ...ROW, weight: 0 }]));
  expect(other.rows.map(({ weight }) => weight)).toEqual([1, 1]);
  expect([other.weighted, other.extra]).toEqual([false, ['weight']]);
});

test('names that objects inherit, markup, marks of direction and halves of characters are text', () => {
  const text = '{"__proto__": {"chosen": "x"}, "prompt": "<img src=x>", "chosen": "\\u202e\\ud800 $\\\\frac$", "rejected": "</script>", "constructor": 1}\n';
  const found = file(text);
  expect(found.rows[0]).toMatchObject({ prompt: '<img src=x>', chosen: '\u202e\ud800 $\\frac$', rejected: '</script>' });
  expect(found.extra).toEqual(['__proto__', 'constructor']);
  expect(Object.prototype).not.toHaveProperty('chosen');
  // Only inherited is not given.
  expect(refusal('{"__proto__": {"chosen": "a", "rejected": "b"}}')[1]).toContain('Line 1: chosen must be given');
});

describe('files that are refused, each in a sentence', () => {
  const utf16 = (text: string) => Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0), 0]));
  test.each<[string, string | Uint8Array, string | RegExp]>([
    ['an empty file', '', 'The number of rows must be at least 1, got an empty file.'],
    ['only a byte order mark', '\uFEFF', 'The number of rows must be at least 1, got 0.'],
    ['blank lines only', '\n \r\n\t\n', 'The number of rows must be at least 1, got 0.'],
    ['an empty list', '[]', 'The number of rows must be at least 1, got 0.'],
    ['UTF-16 with its mark', Uint8Array.from([0xff, 0xfe, ...utf16('{}')]), 'The file must be text in UTF-8, got UTF-16 (its mark FF FE at byte 0).'],
    ['UTF-16 without one', utf16('{}'), 'The file must be text in UTF-8, got a zero byte at byte 1, as in UTF-16.'],
    ['Latin-1', Uint8Array.from([...bytesOf(jsonLines([ROW])), 0x22, 0xe9, 0x22]), 'The file must be text in UTF-8, got the byte E9 at byte 44 (line 2), which no text in UTF-8 has there.'],
    ['Parquet', bytesOf('PAR1 …'), /got a Parquet file/],
    ['PDF', bytesOf('%PDF-1.7'), 'The file must be text in UTF-8, got a PDF.'],
    ['gzip', Uint8Array.from([0x1f, 0x8b, 8]), /got a gzip archive/],
    ['a list that is not closed', `[${JSON.stringify(ROW)},`, 'The file must be a list of rows that is closed by ], got the end of the file before that.'],
    ['two lists', '[]\n[]', 'The file must be one list of rows, or a row on every line, got more after the list, in line 2.'],
    ['a comma without a row', '[{},,{}]', 'The file must be a list with a row between every two commas, got none before line 1, column 5.'],
    ['a comma at the end', '[{},]', /^The file must be a list with a row/],
  ])('%s', (_, text, sentence) => {
    const [first] = refusal(text);
    if (typeof sentence === 'string') expect(first).toBe(sentence);
    else expect(first).toMatch(sentence);
  });
  test.each([
    ['KTO', { prompt: 'p', completion: 'c', label: true }, 'got the columns prompt, completion, label (unpaired preferences, as for KTO).'],
    ['language modelling', { messages: [] }, '(language modelling)'],
    ['prompts', { prompt: 'p' }, '(prompts only)'],
    ['an experiment', { version: 1, world: {} }, 'got the columns version, world.'],
  ])('nothing but rows of another type: %s', (_, row, found) => {
    const [first, second] = refusal(jsonLines([row, row]));
    expect(first).toBe('The file must be a preference data set in TRL’s format (JSON Lines with the columns chosen and rejected), got no such row among 2.');
    expect(second).toContain(found);
  });
  test('more than 50 MB, before a byte of it is read', () => {
    expect(refusal(new Uint8Array(MAX_BYTES + 1))).toEqual(['The size of the file must be at most 50,000,000 bytes (50 MB), got 50,000,001 bytes.']);
  });
  test('a million tiny rows', () => {
    const start = performance.now();
    expect(refusal('{"chosen":"a","rejected":"b"}\n'.repeat(1_000_000))).toEqual([`The number of rows must be at most ${MAX_ROWS.toLocaleString('en')}, got 1,000,000.`]);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test('50 MB are read in steps, none of them long, and one line of 50 MB is not parsed', () => {
  const row = JSON.stringify({ ...ROW, chosen: 'word '.repeat(2000) });
  const bytes = bytesOf(`${row}\n`.repeat(Math.floor(MAX_BYTES / (row.length + 1))));
  let [steps, longest, last] = [0, 0, performance.now()];
  const reading = readTrl(bytes);
  for (let next = reading.next(); ; next = reading.next()) {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
    steps++;
    if (!next.done) {
      expect(next.value).toBeGreaterThanOrEqual(0);
      expect(next.value).toBeLessThanOrEqual(1);
      continue;
    }
    expect(next.value.ok && next.value.file.rows.length).toBe(Math.floor(MAX_BYTES / (row.length + 1)));
    break;
  }
  expect(steps).toBeGreaterThan(100);
  expect(longest).toBeLessThan(2000);
  expect(refusal(new Uint8Array(MAX_BYTES).fill(0x78))[1]).toBe('Line 1 must be a row of at most 1,000,000 bytes, got 50,000,000 bytes.');
}, 60_000);

test('the first byte that is not UTF-8 is found', () => {
  for (const text of ['', 'a', 'é', '猫', '🙂', '\u07ff\u0800\uffff\u{10000}\u{10ffff}']) expect(utf8Fault(bytesOf(text))).toBe(-1);
  for (const [bytes, at] of [[[0x80], 0], [[0xc0, 0x80], 0], [[0x61, 0xe9, 0x61], 1], [[0xed, 0xa0, 0x80], 0], [[0xf5, 0x80, 0x80, 0x80], 0], [[0xe2, 0x82], 0], [[0xc3, 0xa9, 0xff], 2], [[0xf0, 0x80, 0x80, 0x80], 0]] as const) {
    expect(utf8Fault(Uint8Array.from(bytes)), bytes.join(' ')).toBe(at);
    // The decoder of the platform agrees that it is none.
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))).toThrow(TypeError);
  }
});
