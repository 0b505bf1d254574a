/** Any file may be opened or dropped: its content says what it is, and what cannot be opened changes nothing. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { presetOrigin } from '../src/components/chapters.ts';
import { fileKind, MAX_FILE_BYTES, openAny } from '../src/components/files/openAny.ts';
import { createLabStore } from '../src/components/labStore.ts';
import { trlStore } from '../src/components/trl/trlStore.ts';
import { printExperiment } from '../src/sim/experimentPrint.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { createRunStore } from '../src/sim/runStore.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); vi.restoreAllMocks(); });

const bytes = (text: string) => new TextEncoder().encode(text);
const kind = (text: string) => fileKind(bytes(text)).kind;
const what = (content: Uint8Array | string) => { const found = fileKind(typeof content === 'string' ? bytes(content) : content); return found.kind === 'unknown' ? found.what : `a ${found.kind}`; };
const ROW = '{"prompt": "p", "chosen": "a", "rejected": "b"}';

test('the content decides, whatever the name', () => {
  for (const { experiment } of PRESETS) expect(kind(printExperiment(experiment))).toBe('experiment');
  expect(kind('\uFEFF {"world": 3}')).toBe('experiment');
  expect(kind(ROW)).toBe('preferences');
  expect(kind(`\n${ROW}\r\n${ROW}\n`)).toBe('preferences');
  expect(kind(`{"prompt": 3}\n${ROW}\n{broken`)).toBe('preferences');
  expect(kind(`[${ROW}]`)).toBe('preferences');
  expect(kind('{"chosen": ["a"], "rejected": ["b"]}')).toBe('preferences');
  expect(kind('{"prompt": "p", "completion": "c", "label": true}')).toBe('preferences');
  expect(kind('{"format": "dpo-lab-report", "version": 1}')).toBe('report');
  expect(kind('{"report": {"student": "x"}, "hash": "00"}')).toBe('report');
  expect(kind('<!doctype html><html><script type="application/json" id="dpo-lab-report">{}</script></html>')).toBe('report');
});

test('a result of the command line is the experiment in it', () => {
  const { experiment } = presetOrigin('own-words');
  const found = fileKind(bytes(JSON.stringify({ experiment, backend: 'cpu', runs: [] })));
  expect(found.kind === 'experiment' && JSON.parse(found.text)).toEqual(JSON.parse(JSON.stringify(experiment)));
});

test('what is none of these is said in words', () => {
  expect(what('')).toBe('it is empty');
  expect(what(' \n\t')).toBe('it is empty');
  expect(what('\uFEFF')).toBe('it is empty');
  expect(what(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]))).toBe('it is no text');
  expect(what(new Uint8Array([0xff, 0xfe, 0x7b, 0]))).toBe('it is written in UTF-16; save it as UTF-8');
  expect(what(new Uint8Array([0x7b, 0x22, 0xe9, 0x22, 0x7d]))).toBe('it is not written in UTF-8');
  expect(what(new Uint8Array([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]))).toBe('it is written in UTF-32; save it as UTF-8');
  expect(what('PAR1....')).toMatch(/^it is a Parquet file/);
  expect(what('<html>hello</html>')).toBe('it is a web page, but no report of the DPO Lab');
  expect(what('hello')).toMatch(/^it is a text, but not JSON/);
  for (const text of ['{}', '{"a": 1}', '{"a": {"b": [1]}}', '{"rows": [1, 2]}']) expect(what(text), text).toBe('it is JSON, but neither an experiment nor a report nor preferences');
  for (const text of ['[]', '[1]', '[{"text": "x"}]']) expect(what(text), text).toMatch(/^it is a JSON list, but not of preferences/);
});

function setUp() {
  const run = createRunStore(createFakeClient({ startMs: 10 }));
  const lab = createLabStore(run, { origin: presetOrigin('own-words') });
  const before = lab.getState().base;
  const notices = () => lab.getState().notices;
  const open = (content: BlobPart, name: string) => openAny(new File([content], name), lab);
  return { lab, before, notices, open };
}

test('an experiment is opened in the chapter it belongs to, and in the sandbox stays in the sandbox', async () => {
  const { lab, open, notices } = setUp();
  const own = printExperiment({ ...presetOrigin('the-the-the').experiment, name: 'mine' });
  await open(own, 'a.txt');
  expect(notices()).toEqual([]);
  expect(lab.getState()).toMatchObject({ base: { name: 'mine' }, origin: { id: null, chapter: 10 } });
  lab.getState().choosePreset('the-the-the');
  await open(own, 'a.json');
  expect(lab.getState().origin.chapter).toBe(5);
});

test('a broken experiment is named with its line, and preferences go to their own reader', async () => {
  const { lab, before, open, notices } = setUp();
  await open('{"version": 1,\n "world": }', 'slip.json');
  expect(notices()[0]).toBe('“slip.json” was not opened; nothing has changed.');
  expect(notices()[1]).toContain('line 2, column 11');
  await open(`${ROW}\n${ROW}`, 'rows.jsonl');
  expect(trlStore.getState().file?.name).toBe('rows.jsonl');
  trlStore.getState().close();
  await open('{"format": "dpo-lab-report"}', 'report.json');
  expect(notices()).toEqual(['“report.json” is a student’s report. Reports are opened on a page of their own: under “Study”, “Reports of a class”.']);
  expect(lab.getState().base).toBe(before);
});

test('rows that are no preferences go to the reader of preferences, and rows inside an object are named', async () => {
  for (const row of ['{"prompt": "p"}', '{"messages": [{"role": "user", "content": "x"}]}', '{"text": "x"}']) expect(kind(`${row}\n${row}\n`), row).toBe('preferences');
  expect(kind('{"prompt": "p"}')).toBe('preferences');
  // Experiments that are broken after their first line stay with their own reader.
  for (const row of ['{"version": 1}', '{"world": 3}']) expect(kind(`${row}\n${row}`), row).toBe('experiment');
  const { lab, before, open, notices } = setUp();
  await open('{"prompt": "p"}\n{"prompt": "q"}', 'prompts.jsonl');
  expect(trlStore.getState().file?.name).toBe('prompts.jsonl');
  expect(notices()).toEqual([]);
  trlStore.getState().close();
  await open(`{"data": [${ROW}]}`, 'data.json');
  expect(trlStore.getState().file).toBeNull();
  expect(notices()).toEqual(['“data.json” was not opened: its rows are inside “data”; save that list by itself, or one row a line, and open it. Nothing has changed.']);
  expect(lab.getState().base).toBe(before);
});

test('of two files the later is opened, also where the earlier takes longer to be read or cannot be', async () => {
  const { lab, notices } = setUp();
  const named = (name: string) => printExperiment({ ...presetOrigin('the-the-the').experiment, name });
  for (const slow of [() => Promise.resolve(new TextEncoder().encode(named('early')).buffer), () => Promise.reject(new DOMException('no', 'NotFoundError'))]) {
    const early = new File(['x'], 'early.json');
    let read: () => void = () => undefined;
    const held = new Promise<void>((resolve) => { read = resolve; });
    vi.spyOn(early, 'arrayBuffer').mockImplementation(() => held.then(slow));
    const first = openAny(early, lab);
    await openAny(new File([named('late')], 'late.json'), lab);
    read();
    await first;
    expect(lab.getState().base.name).toBe('late');
    expect(notices()).toEqual([]);
  }
});

test('a file that is too large is refused before it is read, and a folder in a sentence', async () => {
  const { lab, before, notices } = setUp();
  const large = new File(['x'], 'large.jsonl');
  Object.defineProperty(large, 'size', { value: MAX_FILE_BYTES + 10_000_000 });
  const reading = vi.spyOn(large, 'arrayBuffer');
  await openAny(large, lab);
  expect(reading).not.toHaveBeenCalled();
  expect(notices()).toEqual(['“large.jsonl” was not opened: it has 60 MB, and 50 MB is the most that is read. Nothing has changed.']);
  const experiment = new File([`{"version": 1, "world": 3}${' '.repeat(6_000_000)}`], 'wide.json');
  await openAny(experiment, lab);
  expect(notices()).toEqual(['“wide.json” was not opened: it has 6.0 MB, and an experiment has 5.0 MB at most. Nothing has changed.']);
  const folder = new File([], `folder\u202e${'x'.repeat(200)}`);
  vi.spyOn(folder, 'arrayBuffer').mockRejectedValue(new DOMException('no', 'NotFoundError'));
  await openAny(folder, lab);
  expect(notices()[0]).toMatch(/^“folder\\u202ex{40,60}…x{12}” was not opened: it could not be read/);
  expect(lab.getState().base).toBe(before);
});
