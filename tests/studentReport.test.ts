/** The report as a file: written and read back, whatever is in it; what was changed is found out; what is no report is refused in a sentence. */
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LAB_VERSION } from '../src/components/student/labVersion.ts';
import { addressOfPage, fileNameOf } from '../src/components/student/makeReport.ts';
import { REPORT_LIMITS, type Report } from '../src/components/student/report.ts';
import { hashOf, printReport, readReport, reportHtml } from '../src/components/student/reportFile.ts';
import { canonicalJson } from '../src/components/student/reportHash.ts';
import { EXAMPLE_EVIDENCE, EXAMPLE_PREDICTION, exampleReport, exampleTask } from './fixtures/exampleReport.ts';

const both = [['page', reportHtml], ['JSON', printReport]] as const;
const problem = (text: string) => { const read = readReport(text); return read.ok ? 'READ' : read.problem; };
const ofReport = (change: object) => problem(printReport({ ...exampleReport(), ...change } as Report));

/** What students may type, and what somebody may write into a file by hand. */
const HOSTILE = [
  '<script>alert(1)</script>', '</script><script id="dpo-lab-report">{}</script>', '"><img src=x onerror=alert(1)>', '&lt;b&gt; & &amp;',
  '$\\frac{1}{2}$ \\(x\\) $$\\href{javascript:alert(1)}{x}$$', '“quotes” \'single\' `back` "double"', '👩🏽‍🎓 🏳️‍🌈 π≠β', 'שלום עולם ‮evil‬ مرحبا', 'line\nbreak\ttab\u0000null\u2028', '\ud800 alone', '${x} {{y}} <!-- c --> ]]>',
];

describe('there and back', () => {
  test.each(both)('a report as a %s', (_name, write) => {
    const report = exampleReport();
    expect(readReport(write(report))).toEqual({ ok: true, report, hash: hashOf(report), hashMatches: true });
  });

  test.each(HOSTILE)('with %j in every text', (text) => {
    const report = exampleReport({
      student: text.slice(0, 200), tasks: [exampleTask({ title: text, asked: text, found: text, answers: [{ label: text, said: text, found: text, right: false, before: 2 }], evidence: { ...EXAMPLE_EVIDENCE, headline: text, top: [{ response: text, probability: 0.5 }] } })],
      predictions: [{ ...EXAMPLE_PREDICTION, words: text, said: text, votes: [{ option: 'a', text, count: 3 }] }],
    });
    for (const [, write] of both) {
      const read = readReport(write(report));
      expect(read).toMatchObject({ ok: true, hashMatches: true });
      if (read.ok) expect(read.report).toEqual(report);
    }
    const page = reportHtml(report);
    expect(page.match(/<script/g)).toHaveLength(1);
    // Nothing of it is an element or leaves its attribute: all that begins with "<" is of the page's own making.
    const shown = page.slice(page.indexOf('<body>'), page.indexOf('<script')).replace(/<\/?(body|main|h1|h2|p|dl|dt|dd|section|div|span|b|bdi|a|br|table|caption|thead|tbody|tr|th|td|figure|img|figcaption|footer)( (class|data-done|dir|scope|alt|src|href|rel|target|role|tabindex|aria-label)="[^"<>]*")*>/g, '');
    expect(shown).not.toMatch(/[<>]/);
  });

  test('the hash is that of the values, whatever the order of keys, and is stable', () => {
    const report = exampleReport();
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).toReversed().map(([key, item]) => [key, turned(item)]));
    };
    expect(JSON.stringify(turned(report))).not.toBe(JSON.stringify(report));
    expect(hashOf(turned(report) as Report)).toBe(hashOf(report));
    expect(canonicalJson({ b: [1, { d: null, c: 'é' }], a: 1e-7, A: true })).toBe('{"A":true,"a":1e-7,"b":[1,{"c":"é","d":null}]}');
    expect(hashOf({} as Report), 'SHA-256 of "{}"').toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  test('a page says what is unfinished, what the hash is worth, and needs nothing from anywhere', () => {
    const page = reportHtml(exampleReport());
    for (const words of ['○ not done', '✓ done', '1 of 2', 'It is no signature', hashOf(exampleReport()), 'DPO Lab 0.1.0', 'Ada Example', 'after one other answer', '5 of 100', 'seed 7', 'KL strength β 0.05', 'Neural network']) expect(page).toContain(words);
    expect(page).toContain('href="https://example.org/lab/?preset=the-the-the&amp;backend=wasm&amp;step=800&amp;v=1"');
    expect(page).toContain("default-src 'none'");
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].every(([, address]) => address.startsWith('data:image/svg+xml') || address.startsWith('https://example.org/lab/?'))).toBe(true);
    expect(reportHtml(exampleReport({ address: '' })), 'no link to a place on the student’s machine').not.toContain('<a ');
    expect(page.length).toBeLessThan(60_000);
  });
});

describe('what was changed is found out', () => {
  test.each(both)('in a %s', (_name, write) => {
    const text = write(exampleReport());
    for (const [from, to] of [['99.9', '98.9'], ['Ada Example', 'Eve Example'], ['"score":0.051', '"score":0.951'], ['0.99907', '0.09907']]) {
      const changed = text.replaceAll(from, to);
      expect(changed).not.toBe(text);
      expect(readReport(changed), from).toMatchObject({ ok: true, hashMatches: false });
    }
    const hash = hashOf(exampleReport());
    expect(readReport(text.replaceAll(hash, `${hash.slice(0, 63)}${hash.endsWith('0') ? '1' : '0'}`))).toMatchObject({ ok: true, hashMatches: false });
    expect(problem(text.replaceAll(hash, 'abc'))).toBe('The report’s hash must be 64 hexadecimal digits.');
  });

  test('a page that a browser or an editor has saved again is still read', () => {
    const report = exampleReport();
    const page = reportHtml(report).replaceAll('\n', '\r\n').replace('<script type="application/json" id="dpo-lab-report"', '<script id="dpo-lab-report" type="application/json"');
    expect(readReport(`\uFEFF${page}`)).toMatchObject({ ok: true, report, hashMatches: true });
    expect(readReport(`\uFEFF${printReport(report)}`)).toMatchObject({ ok: true, hashMatches: true });
  });
});

describe('what is no report is refused in a sentence', () => {
  test.each([
    ['', 'The file holds no report of the lab.'],
    ['<html><p>hello</p></html>', 'The file holds no report of the lab.'],
    ['{"version": 1}', 'The file holds no report of the lab.'],
    ['[1, 2]', 'The file holds no report of the lab.'],
    ['{"report": ', 'The file cannot be read: line 1, column 12: expected a value, got the end of the text.'],
    ['{"report": 3, "hash": ""}', 'The report must be an object.'],
    [`${reportHtml(exampleReport())}${reportHtml(exampleReport())}`, 'The file must hold one report, it holds 2.'],
    ['<script id="dpo-lab-report" data-hash="0">{"a" 1}</script>', 'The report in the file cannot be read: line 1, column 6: expected ":" after the key, got "1".'],
    [`"${'x'.repeat(REPORT_LIMITS.file)}"`, 'The file must have at most 5 MB to be read as a report.'],
  ])('%#', (text, sentence) => { expect(problem(text)).toBe(sentence); });

  test.each<[string, string, string]>([
    ['a tag that never ends, again and again', '<script id="dpo-lab-report" ', 'The file holds no report of the lab.'],
    ['tags without an end to what is in them', '<script id="dpo-lab-report">', 'The file holds no report of the lab.'],
    ['other scripts', '<script>', 'The file holds no report of the lab.'],
    ['the name without a tag', 'id="dpo-lab-report" ', 'The file holds no report of the lab.'],
    ['an attribute that never ends', '<script data-hash="', 'The file holds no report of the lab.'],
    ['many reports', '<script id="dpo-lab-report">{}</script>', 'The file must hold one report, it holds 128205.'],
  ])('a file of 5 MB that was made to stall a reader: %s', (_, part, sentence) => {
    expect(problem(part.repeat(Math.floor(REPORT_LIMITS.file / part.length)))).toBe(sentence);
  });

  test('a script beside it, or one that is called alike, is not the report', () => {
    const page = reportHtml(exampleReport());
    const others = '<script>var id="dpo-lab-report";</script><script id="dpo-lab-reports">{}</script><scripted id="dpo-lab-report">{}</script>';
    expect(readReport(page.replace('<body>', `<body>${others}`))).toMatchObject({ ok: true, hashMatches: true });
    expect(problem(others)).toBe('The file holds no report of the lab.');
  });

  test('every field has its kind and its bounds', () => {
    const task = (change: object) => ({ tasks: [{ ...exampleTask(), ...change }] });
    const evidence = (change: object) => task({ evidence: { ...EXAMPLE_EVIDENCE, ...change } });
    const cases: [object, RegExp][] = [
      [{ format: 'other' }, /^format must be "dpo-lab-report", got "other"\.$/],
      [{ version: 2 }, /^version must be 1, the only version there is, got 2\.$/],
      [{ path: 'ppo' }, /^path must be/],
      [{ student: 'x'.repeat(201) }, /^student must be a text of at most 200 characters/],
      [{ address: 'javascript:alert(1)' }, /^address must be an address that begins with http/],
      [{ createdAt: 'yesterday' }, /^createdAt must be a date and time/],
      [{ extra: 1 }, /extra/],
      [{ tasks: [] }, /^tasks must be a list of 1 to 20 tasks/],
      [{ tasks: Array.from({ length: 21 }, () => exampleTask()) }, /^tasks must be a list of 1 to 20 tasks/],
      [task({ done: 'yes' }), /^tasks\[0\]\.done must be true or false, got "yes"\.$/],
      [task({ id: '../x' }), /^tasks\[0\]\.id must be/],
      [task({ answers: [{ label: 'a', said: 'x'.repeat(20_001), found: '', right: null, before: 0 }] }), /^tasks\[0\]\.answers\[0\]\.said must be a text of at most 20000 characters/],
      [task({ pictures: [{ title: 'a', svg: '<html><svg></svg></html>' }] }), /^tasks\[0\]\.pictures\[0\]\.svg must be an SVG document/],
      [task({ pictures: [{ title: 'a', svg: `<svg>${'x'.repeat(300_000)}</svg>` }] }), /svg must be an SVG document of at most 300000/],
      [evidence({ link: 'https://example.org/' }), /^tasks\[0\]\.evidence\.link must be a query string/],
      [evidence({ link: '//example.org/?a' }), /link must be a query string/],
      [evidence({ step: -3 }), /^tasks\[0\]\.evidence\.step must be an integer in \[0, 1000000\], got -3\.$/],
      [evidence({ seeds: [0, 0.5] }), /^tasks\[0\]\.evidence\.seeds\[1\] must be an integer in .*, got 0\.5\.$/],
      [evidence({ metrics: { 'mass/ood': [NaN] } }), /^tasks\[0\]\.evidence\.metrics\["mass\/ood"\]\[0\] must be a finite number, got null\.$/],
      [evidence({ metrics: { loss: [0.5, '0.5'] } }), /^tasks\[0\]\.evidence\.metrics\.loss\[1\] must be a finite number, got "0\.5"\.$/],
      [evidence({ metrics: { 'mass/ood': [0.5, 1.01] } }), /^tasks\[0\]\.evidence\.metrics\["mass\/ood"\]\[1\] must be a share in \[0, 1\], got 1\.01\.$/],
      [evidence({ metrics: { 'rewards/accuracies': [-0.1] } }), /must be a share in \[0, 1\], got -0\.1\.$/],
      [evidence({ metrics: { 'mass/ood': [-1e-9, 1 + 1e-9], kl: [40] } }), /^READ$/],
      [evidence({ metrics: { loss: [] } }), /^tasks\[0\]\.evidence\.metrics\.loss must be a list of 1 to 4096 numbers, got \[\]\.$/],
      [evidence({ metrics: { wealth: [1] } }), /^tasks\[0\]\.evidence\.metrics must be an object of lists of numbers by the name of a metric/],
      [evidence({ metrics: [1] }), /^tasks\[0\]\.evidence\.metrics must be an object/],
      [evidence({ experiments: [{ version: 1 }] }), /^tasks\[0\]\.evidence\.experiments\[0\] is no experiment: world must be/],
      [evidence({ top: [{ response: 'a', probability: 1.5 }] }), /probability must be/],
      [{ predictions: [{ ...EXAMPLE_PREDICTION, score: 7 }] }, /^predictions\[0\]\.score must be/],
      [{ predictions: [{ ...EXAMPLE_PREDICTION, question: 'who' }] }, /^predictions\[0\]\.question must be/],
    ];
    for (const [change, sentence] of cases) expect(ofReport(change)).toMatch(sentence);
    const deep = printReport(exampleReport()).replace('"student":', '"constructor":{},"student":');
    expect(problem(deep)).toContain('constructor');
  });
});

describe('a picture is shapes, text and PNG images alone', () => {
  const NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
  const pictureProblem = (svg: string) => ofReport({ tasks: [exampleTask({ pictures: [{ title: 'a', svg }] })] });
  const svgOf = (content: string, attributes = '') => `<svg ${NS}${attributes}>${content}</svg>`;
  const bomb = svgOf(`<defs><g id="a0"><rect width="9" height="9"/></g>${Array.from({ length: 12 }, (_, i) => `<g id="a${i + 1}">${`<use href="#a${i}"/>`.repeat(10)}</g>`).join('')}</defs><use href="#a12"/>`);

  test.each([
    ['a picture of the lab', `<?xml version="1.0" encoding="UTF-8"?>\n${svgOf('<title>a &amp; b</title>\n<desc>c</desc>\n<defs><clipPath id="p0-r-1"><rect x="5" y="5" width="10" height="10"/></clipPath></defs><g transform="translate(24 20.00)" clip-path="url(#p0-r-1)"><path d="M0 0L1 1"/><text x="1" y="2" xml:space="preserve" font-family="&quot;Segoe UI&quot;, sans-serif">url(<tspan fill="#22211d">b</tspan></text></g><image x="0" y="0" width="4" height="4" preserveAspectRatio="none" xlink:href="data:image/png;base64,iVBORw0KGgo="/>', ' version="1.1" width="40" height="20" viewBox="0 0 40 20"')}\n`],
    ['text about markup', svgOf('<text>&lt;use href="#a"/&gt; style=</text>')],
  ])('read: %s', (_, svg) => { expect(pictureProblem(svg)).toBe('READ'); });

  test.each([
    ['a bomb of copies', bomb], ['a prefix', svgOf('<s:use xmlns:s="http://www.w3.org/2000/svg" href="#a"/>')], ['a filter', svgOf('<filter id="f"/><rect filter="url(#f)"/>')],
    ['a pattern', svgOf('<pattern id="p"><rect fill="url(#p)"/></pattern>')], ['a script', svgOf('<script>1</script>')], ['a page', svgOf('<foreignObject/>')], ['movement', svgOf('<rect><animate attributeName="x"/></rect>')], ['a set', svgOf('<rect><set/></rect>')],
    ['a style', svgOf('<style>*{fill:red}</style>')], ['a style of its own', svgOf('<rect style="fill:url(https://example.org)"/>')], ['a handler', svgOf('', ' onload="1"')],
    ['a document type', `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]>${svgOf('')}`], ['an entity', svgOf('<!ENTITY a "b">')], ['a comment', svgOf('<!-- -->')],
    ['an image from elsewhere', svgOf('<image href="https://example.org/a.png"/>')], ['an image that is a drawing', svgOf('<image xlink:href="data:image/svg+xml,x"/>')], ['a paint from elsewhere', svgOf('<rect fill="url(https://example.org/#a)"/>')],
    ['clips in clips', svgOf('<clipPath id="a"><rect clip-path="url(#b)"/></clipPath>')], ['a clip of a clip', svgOf('<clipPath id="a" clip-path="url(#b)"/>')],
    ['a thousand groups in one another', svgOf(`${'<g>'.repeat(1000)}${'</g>'.repeat(1000)}`)], ['a drawing in a drawing', svgOf('<svg/>')], ['no end', `<svg ${NS}><g`], ['what is never closed', `<svg ${'<g '.repeat(90_000)}`],
  ])('refused in a sentence: %s', (_, svg) => {
    expect(pictureProblem(svg)).toMatch(/^tasks\[0\]\.pictures\[0\]\.svg must be an SVG document of at most 300000 characters, of nothing but shapes, text and PNG images, got /);
  });

  test('the bomb is short', () => { expect(bomb.length).toBeLessThan(3000); });
});

test('the report names the lab’s version, and no place on the student’s machine', () => {
  expect(LAB_VERSION).toBe((JSON.parse(fs.readFileSync('package.json', 'utf8')) as { version: string }).version);
  expect(addressOfPage({ protocol: 'file:', origin: 'null', pathname: '/home/ada/dpo-lab.html' })).toBe('');
  expect(addressOfPage({ protocol: 'https:', origin: 'https://example.org', pathname: '/lab/' })).toBe('https://example.org/lab/');
});

test.each([['', 'dpo-lab-report'], ['Ada Example', 'dpo-lab-report-ada-example'], ['../../etc/passwd', 'dpo-lab-report-etc-passwd'], ['Zoë Ångström', 'dpo-lab-report-zoe-angstrom'], ['शिक्षा', 'dpo-lab-report-शिक्षा'], ['<>:"/\\|?*', 'dpo-lab-report']])('the file of %j is called %s', (name, file) => {
  expect(fileNameOf(name)).toBe(file);
});
