/** The report as one page that prints well and needs nothing else: no script, no other address. Pure. */
import type { ExperimentFile } from '../../sim/experimentPrint.ts';
import { readExperiment } from '../../sim/experimentSchema.ts';
import { METRICS, type MetricId } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { formatNumber, formatProbability } from '../../sim/numbers.ts';
import { formatParam, getParam, PARAMS, type ParamId } from '../../sim/params.ts';
import { points } from '../../sim/question.ts';
import { quantile } from '../../sim/history.ts';
import { responseName } from '../../sim/words.ts';
import type { PredictionRecord } from '../predict/records.ts';
import { voidWords } from '../predict/words.ts';
import type { Evidence, Report, ReportAnswer, ReportPicture, ReportTask } from './report.ts';
import { canonicalJson, hashOf, shortHash } from './reportHash.ts';
import { REPORT_STYLE } from './reportStyle.ts';

/** Nothing is fetched, nothing runs; pictures are inside. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as text of a page; control characters, which a page may not have, become a sign for them. */
export function escapeHtml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- it is what is looked for
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

const h = escapeHtml;

export function reportHtml(report: Report): string {
  const hash = hashOf(report);
  const title = report.student === '' ? msg`DPO Lab report` : msg`DPO Lab report: ${report.student}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${h(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${headOf(report)}
${report.tasks.map((task, i) => taskOf(task, i + 1, report.address)).join('\n')}
${predictionsOf(report)}
<footer>
<h2>${h(msg`What can be checked`)}</h2>
<p>${h(msg`SHA-256 of the data in this file: ${shortHash(hash)}…`)}</p>
<p class="link">${hash}</p>
<p class="small">${h(msg`The hash is over all of the data: name, answers, numbers and pictures. It shows whether the data was changed after saving, by accident or by hand. It is no signature: whoever changes the data can make the hash anew, and it says nothing about who answered. The lab’s reports page reads the data, not the text above, and can run every experiment again from its link and compare the numbers.`)}</p>
</footer>
</main>
<script type="application/json" id="dpo-lab-report" data-hash="${hash}">${canonicalJson(report).replaceAll('<', '\\u003c')}</script>
</body>
</html>
`;
}

function headOf({ student, createdAt, tasks, lab, predictions }: Report): string {
  const done = tasks.filter((task) => task.done).length;
  const scores = predictions.flatMap(({ score }) => (score === null ? [] : [score]));
  const rows: [string, string][] = [
    [msg`saved`, dateWords(createdAt)],
    [msg`tasks done`, msg`${done} of ${tasks.length}`],
    [msg`prediction scored`, scores.length === 0 ? predictions.length === 0 ? msg`none` : msg`${predictions.length}, none scored` : scores.map(points).join(', ')],
    [msg`lab`, msg`DPO Lab ${lab}, on ${backendsOf(tasks)}`],
  ];
  return `<h1>${h(msg`Why is DPO biased? A guided path`)}</h1>
<p class="who">${student === '' ? h(msg`without a name`) : `<bdi>${h(student)}</bdi>`}</p>
<dl class="meta">${rows.map(([name, value]) => `<dt>${h(name)}</dt><dd>${h(value)}</dd>`).join('')}</dl>`;
}

/** "3 March 2026, 20:15 UTC": the same on every machine. */
function dateWords(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC', timeZoneName: 'short' });
}

function backendsOf(tasks: readonly ReportTask[]): string {
  const names = new Set(tasks.flatMap(({ evidence }) => (evidence ? [evidence.backend] : [])));
  return names.size === 0 ? msg`no backend yet` : [...names].join(', ');
}

function taskOf({ title, asked, done, at, answers, found, evidence, pictures }: ReportTask, number: number, address: string): string {
  return `<section class="task">
<div class="head"><h2>${number}. ${h(title)}</h2><span class="state" data-done="${done}">${h(done ? msg`✓ done` : msg`○ not done`)}</span></div>
<p class="asked">${h(asked)}</p>
${answers.map(answerOf).join('\n')}
${found === '' ? '' : `<p class="found"><b>${h(msg`Found:`)}</b> ${h(found)}</p>`}
${evidence ? evidenceOf(evidence, address) : ''}
${pictures.length === 0 ? '' : `<div class="pictures">${pictures.map(pictureOf).join('')}</div>`}
${evidence ? numbersOf(evidence, number) : ''}
${at === null ? '' : `<p class="small">${h(msg`Done on ${dateWords(at)}.`)}</p>`}
</section>`;
}

function answerOf({ label, said, found, right, before }: ReportAnswer): string {
  const mark = right === null ? '' : right ? '✓ ' : '✗ ';
  const tries = before === 0 ? '' : ` ${before === 1 ? msg`(after one other answer)` : msg`(after ${before} other answers)`}`;
  return `<div class="answer"><p>${h(label)}</p><p class="said" dir="auto">${h(said)}</p>${found === '' && tries === '' ? '' : `<p class="small">${h(`${mark}${found}${tries}`)}</p>`}</div>`;
}

function evidenceOf({ headline, link, step, backend, seeds, experiments }: Evidence, address: string): string {
  const where = `${address}${link}`;
  const text = link === '' ? '?' : link;
  return `<p>${h(msg`The lab said: ${headline}`)}</p>
<p class="small">${h(msg`Settings: ${experiments.map(settingsOf).join(' | ')}.`)}</p>
<p class="small">${h(msg`Update ${step}, seeds ${seeds.join(', ')}, ${backend}. The same update again:`)} ${address === '' ? `<span class="link">${h(text)}</span>` : `<a class="link" href="${h(where)}" rel="noreferrer" target="_blank">${h(text)}</a>`}</p>`;
}

/** The knobs that are printed; the data holds the whole experiment. */
const SETTINGS: readonly ParamId[] = ['algorithm', 'loss', 'beta', 'resampleEvery', 'judge', 'policy', 'optimizer', 'learningRate', 'steps'];

function settingsOf(file: ExperimentFile): string {
  const read = readExperiment(file);
  if (!read.ok) return '';
  const { experiment } = read;
  return PARAMS.flatMap((param) => {
    const value = getParam(experiment, param.id);
    if (!SETTINGS.includes(param.id) || value === undefined || !param.appliesTo(experiment)) return [];
    const said = param.kind === 'choice' ? param.choices.find((choice) => choice.value === value)?.label ?? String(value) : formatParam(param.id, value);
    return [`${param.label}${param.symbol === '' ? '' : ` ${param.symbol}`} ${said}`];
  }).join(', ');
}

function pictureOf({ title, svg }: ReportPicture): string {
  return `<figure><img alt="${h(title)}" src="data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg).replaceAll("'", '%27')}"></figure>`;
}

/** The metrics that are printed; the data holds all of them. */
const PRINTED: readonly MetricId[] = ['mass/chosen', 'mass/rejected', 'mass/otherInDistribution', 'mass/ood', 'loss', 'rewards/margins', 'rewards/accuracies', 'kl', 'goldReward'];
/** Policies with a column of their own. */
const COLUMNS = 8;

function numbersOf({ metrics, top, seeds }: Evidence, number: number): string {
  const rows = METRICS.flatMap(({ id, label, unit }) => {
    const values = metrics[id];
    return values && PRINTED.includes(id) ? [{ label, values, write: unit === 'probability' || unit === 'share' ? formatProbability : formatNumber }] : [];
  });
  const each = (rows[0]?.values.length ?? 0) <= COLUMNS && rows.every(({ values }) => values.length === seeds.length);
  const heads = [msg`median`, ...(each ? seeds.map((seed) => msg`seed ${seed}`) : [msg`smallest`, msg`largest`])];
  const cells = (values: readonly number[]) => [quantile(values, 0.5), ...(each ? values : [Math.min(...values), Math.max(...values)])];
  const table = rows.length === 0 ? '' : `<div class="scroll" role="region" tabindex="0" aria-label="${h(msg`Numbers of task ${number}`)}"><table><caption>${h(msg`Numbers at that update`)}</caption><thead><tr><td></td>${heads.map((head) => `<th scope="col">${h(head)}</th>`).join('')}</tr></thead><tbody>${rows.map(({ label, values, write }) => `<tr><th scope="row">${h(label)}</th>${cells(values).map((value) => `<td>${h(write(value))}</td>`).join('')}</tr>`).join('')}</tbody></table></div>`;
  const list = top.length === 0 ? '' : `<p class="small">${h(msg`Most probable (mean over the policies shown): ${top.map(({ response, probability }) => `${responseName(response)} ${formatProbability(probability)}`).join('; ')}.`)}</p>`;
  return table + list;
}

function predictionsOf({ predictions }: Report): string {
  if (predictions.length === 0) return '';
  return `<section class="task"><h2>${h(msg`Predictions on the way`)}</h2>
<div class="scroll" role="region" tabindex="0" aria-label="${h(msg`All predictions`)}"><table class="text"><thead><tr>${[msg`question`, msg`answer`, msg`what happened`, msg`score`].map((head) => `<th scope="col">${h(head)}</th>`).join('')}</tr></thead>
<tbody>${predictions.map(predictionOf).join('\n')}</tbody></table></div></section>`;
}

function predictionOf({ words, said, ended, outcome, score, committedAt }: PredictionRecord): string {
  const happened = ended === 'scored' ? outcome?.sentence ?? '' : voidWords(ended);
  return `<tr><td>${h(words)}<br><span class="small">${h(dateWords(committedAt))}</span></td><td>${h(said)}</td><td>${h(happened)}</td><td>${h(score === null ? '–' : points(score))}</td></tr>`;
}
