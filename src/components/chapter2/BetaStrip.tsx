/** π* over β, exactly above the slider of β: where on the way from the best response to the reference it stands. */
import { scaleLog, scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { useMemo } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import { optimalPolicy } from '../../sim/exact/optimal.ts';
import { msg } from '../../sim/msg.ts';
import { paramOf } from '../../sim/params.ts';
import { knobWords } from '../../sim/sentences.ts';
import { stripSentence } from '../../sim/sentences2.ts';
import { GROUPS, responseText } from '../../sim/world.ts';
import { responseName } from '../../sim/words.ts';
import type { View } from '../../sim/worker/protocol.ts';
import { readyRun } from '../chapter/ready.ts';
import type { TableContent } from '../charts/DataTable.tsx';
import { spreadLabels, wrapLabel } from '../charts/labels.ts';
import { useBox } from '../charts/useBox.ts';
import { useSetting } from '../derivation/useSetting.ts';
import { formatProbability } from '../format.ts';
import { EmptyChart, Panel } from '../panels/Panel.tsx';
import { useThrottledRun } from '../run.ts';
import { usePrompt } from './look.ts';
import { rowsOf } from './rows.ts';
import './chapter2.css';

const TITLE = msg`π* over β`;
/** The slider's own range, so that its thumb stands under the line. */
const { min: LOWEST, max: HIGHEST } = paramOf('beta') as { min: number; max: number };
const POINTS = 61;
const BETAS = Array.from({ length: POINTS }, (_, i) => Number((LOWEST * (HIGHEST / LOWEST) ** (i / (POINTS - 1))).toPrecision(12)));
/** A response that never has this much of π* has no line. */
const LEAST_SHARE = 0.03;
const MOST_LINES = 4;
const DASHES: Partial<Record<string, string>> = { rejected: '7 5', ood: '2 4', otherInDistribution: '10 3' };

export interface StripLine {
  response: number;
  /** π*(y|x) at every β of `BETAS`. */
  shares: number[];
}

/** π* of a prompt at every β, enumerated; only of responses that matter at some of them. */
export function stripLines(setting: Setting, prompt: number): StripLine[] {
  const { world, refLogps, rewards } = setting;
  const optima = BETAS.map((beta) => optimalPolicy(world, refLogps, rewards, beta).logps);
  const { shown } = rowsOf(setting, prompt, [optima[0], refLogps]);
  const lines = shown.map((response) => ({ response, shares: optima.map((logps) => Math.exp(logps[response])) }));
  const peak = ({ shares }: StripLine) => Math.max(...shares);
  return lines.filter((own) => peak(own) >= LEAST_SHARE).toSorted((a, b) => peak(b) - peak(a)).slice(0, MOST_LINES);
}

export function BetaStrip() {
  const setting = useSetting();
  const view = useThrottledRun(readyRun)?.view;
  if (setting === null || typeof setting === 'string' || !view) return <Panel title={TITLE}><div className="strip-box"><EmptyChart>{msg`Drawn as soon as the reference stands.`}</EmptyChart></div></Panel>;
  return <Strip setting={setting} view={view} />;
}

function Strip({ setting, view }: { setting: Setting; view: View }) {
  const [ref, box] = useBox<HTMLDivElement>();
  const { world } = setting;
  const [prompt] = usePrompt(world);
  // oxlint-disable-next-line react/exhaustive-deps -- of the setting only what the view holds is read; a new policy or β draws the same lines
  const lines = useMemo(() => stripLines(setting, prompt), [view, prompt]);
  const best = (at: number) => lines.reduce((a, b) => (b.shares[at] > a.shares[at] ? b : a));
  const end = (at: number) => ({ beta: BETAS[at], text: responseText(world, best(at).response), share: best(at).shares[at] });
  const said = lines.length === 0 ? '' : stripSentence(end(0), end(POINTS - 1));
  return (
    <Panel title={TITLE} tableWord={msg`Table`} table={() => tableOf(setting, lines, prompt)}>
      <div ref={ref} className="strip-box">
        {box.width > 0 && <StripPlot setting={setting} groups={view.groups} lines={lines} width={box.width} height={box.height} rem={box.rem} said={said} />}
      </div>
    </Panel>
  );
}

interface StripPlotProps { setting: Setting; groups: Uint8Array; lines: readonly StripLine[]; width: number; height: number; rem: number; said: string }

function StripPlot({ setting: { world, beta, refLogps, rewards }, groups, lines, width, height, rem, said }: StripPlotProps) {
  const inset = 0.6 * rem;
  const x = scaleLog([LOWEST, HIGHEST], [inset, width - inset]);
  const y = scaleLinear([0, 1], [height - 0.3 * rem, 0.9 * rem]);
  const path = line<number>().x((_, i) => x(BETAS[i])).y((share) => y(share));
  const now = optimalPolicy(world, refLogps, rewards, beta).logps;
  const isInside = beta >= LOWEST && beta <= HIGHEST;
  // At the right end, where the lines are apart as π_ref has them.
  const at = POINTS - 1;
  const labels = spreadLabels(lines.map(({ shares }) => y(shares[at]) - 0.55 * rem), lines.map(() => 0.95 * rem), 0, height);
  return (
    <svg className="chart strip" role="img" aria-label={msg`π* at every β from ${LOWEST} to ${HIGHEST}. ${said}`} width={width} height={height}>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line className="grid" x1={inset} x2={width - inset} y1={y(share)} y2={y(share)} />
          {share > 0 && <text className="strip-tick" x={inset} y={y(share) - 0.25 * rem}>{100 * share} %</text>}
        </g>
      ))}
      {isInside && <line className="strip-beta" data-term="beta" x1={x(beta)} x2={x(beta)} y1={0.2 * rem} y2={height}><title>{`β = ${knobWords(beta)}`}</title></line>}
      {lines.map(({ response, shares }) => (
        <path key={response} data-term="pi-star" className={`line role-${GROUPS[groups[response]]}`} style={{ stroke: 'var(--role)' }} strokeDasharray={DASHES[GROUPS[groups[response]]]} d={path(shares) ?? ''} />
      ))}
      {isInside && lines.map(({ response }) => <circle key={response} data-term="pi-star" className="target-ring" cx={x(beta)} cy={y(Math.exp(now[response]))} r={0.28 * rem}><title>{msg`π* of ${responseName(responseText(world, response))}: ${formatProbability(Math.exp(now[response]))}`}</title></circle>)}
      {lines.map(({ response }, i) => (
        <text key={response} className={`label label-name strip-label role-${GROUPS[groups[response]]}`} x={width - inset} y={labels[i]} dy="0.32em" textAnchor="end" style={{ fill: 'var(--role-text)' }}>
          {wrapLabel(shortName(responseText(world, response)), 14)[0]}
        </text>
      ))}
    </svg>
  );
}

const shortName = (text: string) => (text === '' ? msg`(empty)` : text);

function tableOf({ world }: Setting, lines: readonly StripLine[], prompt: number): TableContent {
  return {
    caption: msg`π* of the responses to “${world.prompts[prompt]}”, by β`,
    head: ['β', ...lines.map(({ response }) => responseName(responseText(world, response)))],
    rows: BETAS.flatMap((beta, i) => (i % 5 === 0 ? [[knobWords(beta), ...lines.map(({ shares }) => ({ text: formatProbability(shares[i]), value: shares[i] }))]] : [])),
  };
}
