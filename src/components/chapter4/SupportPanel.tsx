/** "Less and less support": π_ref(y₀) goes to 0; π* gives y₀ up in proportion, the log-ratio and KL grow without bound, the loss does not notice. */
import { useMemo, useState, type ReactNode } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import { msg } from '../../sim/msg.ts';
import { supportWords } from '../../sim/sentences4.ts';
import { quoted } from '../../sim/words.ts';
import { responseText } from '../../sim/world.ts';
import { formatNumber, formatProbability, formatProbabilityOfLog, superscript } from '../format.ts';
import type { TableContent } from '../charts/DataTable.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { isoLossPolicy, onGridSetting } from './isoLoss.ts';
import { allDigits } from './IsoLossPanel.tsx';
import { Strips, type Strip } from './Strips.tsx';
import { readSupport, type SupportReading } from './support.ts';
import { TargetChoice } from './TargetChoice.tsx';
import { useSettingWords, useUsableSetting } from './useRuler.ts';
import { useTarget, type Target } from './useTarget.ts';
import './iso.css';

const TITLE = msg`Less and less support`;
/** The fixed policy has moved this share of the pairs' probability to y₀, as the one of Xu et al. 2024, Table 1. */
const SHARE = 0.9;
/** Steps of the slider in a decade, from 10⁻¹ to 10⁻¹²; one more is exactly 0. */
const PER_DECADE = 4;
const LAST = 11 * PER_DECADE;

/** q at a place of the slider. */
export function supportAt(place: number): number {
  return place > LAST ? 0 : 10 ** (-1 - place / PER_DECADE);
}

const supportText = (q: number) => (q === 0 ? msg`exactly 0` : formatProbabilityOfLog(Math.log(q)));

export function SupportPanel() {
  const given = useUsableSetting();
  const setting = useMemo(() => given && onGridSetting(given), [given]);
  const target = useTarget(setting);
  const words = useSettingWords();
  if (!setting) return <Panel title={TITLE}><EmptyChart heightRem={24}>{words ?? WAITING}</EmptyChart></Panel>;
  if (!target) return <Panel title={TITLE}><EmptyChart heightRem={24}>{msg`Every response is in a pair: there is none whose support could vanish unseen.`}</EmptyChart></Panel>;
  return <Support setting={setting} target={target} />;
}

function Support({ setting, target }: { setting: Setting; target: Target }) {
  const [place, setPlace] = useState(0);
  const y0 = target.response;
  const logps = useMemo(() => isoLossPolicy(setting, y0, SHARE), [setting, y0]);
  const places = useMemo(() => (setting.world.responseCount > 20_000 ? [0, LAST / 2, LAST] : Array.from({ length: LAST + 1 }, (_, i) => i)), [setting]);
  const line = useMemo(() => places.map((at) => readSupport(setting, logps, y0, supportAt(at))), [setting, logps, y0, places]);
  const q = supportAt(place);
  const now = useMemo(() => readSupport(setting, logps, y0, q), [setting, logps, y0, q]);
  const name = responseText(setting.world, y0);
  const words = supportWords({ q, name, optimal: formatProbabilityOfLog(now.optimalLogp), logRatio: now.logRatio, kl: now.kl, sameLoss: now.loss === line[0].loss });
  return (
    <Panel
      title={TITLE} actions={<TargetChoice target={target} />} table={() => tableOf(line, places)} tableWord={msg`Table of these readings`}
      sub={<>{msg`a fixed policy with π(y₀) = ${formatProbability(Math.exp(logps[y0]))} (Table 1 of Xu et al. 2024 has 0.9); the reference’s other responses share what ${quoted(name)} loses`}</>}
    >
      <div className="support">
        <div className="support-side">
          <div className="iso-slider">
            <label htmlFor="support-q"><span data-term="pi-ref"><PiRef /></span>(y₀)</label><output htmlFor="support-q" data-metric="support/q" data-value={String(q)}>{supportText(q)}</output>
            <input
              id="support-q" className="knob-slider" type="range" min={0} max={LAST + 1} step={1} value={place} aria-valuetext={supportText(q)}
              onChange={(event) => { setPlace(Number(event.target.value)); }}
            />
            <div className="support-ends" aria-hidden="true"><span>0.1</span><span>{msg`exactly 0`}</span></div>
          </div>
          <p className="support-words">{words}</p>
          {q === 0 && (
            <p className="lab-panel-note">
              {msg`A softmax never gets here: exp(logit) is positive for every finite logit, so no policy of the lab starts at 0. And it would not leave it: the gradient of π(y₀) is proportional to π(y₀). That is why references here keep a little probability everywhere (smoothing ε).`}
            </p>
          )}
        </div>
        <Strips
          strips={stripsOf(line, now)} places={places.map((at) => at / (LAST + 1))} at={place / (LAST + 1)} axis={<><PiRef />{msg`(y₀), from 0.1 down to exactly 0`}</>}
          ticks={[...[1, 3, 6, 9].map((k) => ({ at: (k - 1) * PER_DECADE / (LAST + 1), text: k === 1 ? '0.1' : `10${superscript(-k)}` })), { at: 1, text: '0' }]}
        />
      </div>
    </Panel>
  );
}

/** A value, or in words that there is none. */
const orUndefined = (value: number | null) => (value === null ? msg`undefined` : formatNumber(value));

function stripsOf(line: readonly SupportReading[], now: SupportReading): Strip[] {
  const between = (values: readonly number[]): [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? [low - 1, high + 1] : [low, high];
  };
  const optimal = line.map(({ optimalLogp }) => optimalLogp);
  const logRatios = line.map(({ logRatio }) => logRatio);
  const kls = line.map(({ kl }) => kl);
  const defined = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
  const [optimalDomain, ratioDomain, klDomain] = [between(optimal), between(defined(logRatios)), between(defined(kls))];
  const most = 1.2 * Math.max(Math.LN2, line[0].loss);
  const power = (logp: number) => `10${superscript(Math.round(logp / Math.LN10))}`;
  const head = (id: string, term: string, words: ReactNode, value: number | null, text: string) => (
    <><span data-term={term}>{words}</span> <b data-metric={`support/${id}`} data-value={value === null || !Number.isFinite(value) ? undefined : String(value)}>{text}</b></>
  );
  return [
    {
      id: 'optimal', domain: optimalDomain, low: power(optimalDomain[0]), high: power(optimalDomain[1]), lines: [{ values: optimal, role: 'optimal', term: 'pi-star' }],
      heading: head('optimalLogp', 'pi-star', msg`π*(y₀), what the optimum gives it, logarithmic`, now.optimalLogp, now.optimalLogp === -Infinity ? msg`exactly 0` : formatProbabilityOfLog(now.optimalLogp)),
    },
    {
      id: 'logRatio', domain: ratioDomain, low: formatNumber(ratioDomain[0]), high: formatNumber(ratioDomain[1]), lines: [{ values: logRatios, role: 'ood', term: 'pi-ref' }],
      heading: head('logRatio', 'pi-ref', msg`log-ratio of y₀, nats`, now.logRatio, orUndefined(now.logRatio)),
    },
    {
      id: 'kl', domain: klDomain, low: formatNumber(klDomain[0]), high: formatNumber(klDomain[1]), lines: [{ values: kls, role: 'ood', dash: '7 5', term: 'kl' }],
      heading: head('kl', 'kl', <>{msg`KL(π‖`}<PiRef />{msg`), nats`}</>, now.kl, orUndefined(now.kl)),
    },
    {
      id: 'loss', domain: [0, most], low: '0', high: formatNumber(most), lines: [{ values: line.map(({ loss }) => loss), role: 'ink', term: 'sigma' }],
      heading: head('loss', 'sigma', msg`DPO loss of the pair`, now.loss, allDigits(now.loss)),
    },
  ];
}

function tableOf(line: readonly SupportReading[], places: readonly number[]): TableContent {
  return {
    caption: msg`What is read at each π_ref(y₀), for the same policy π`,
    head: [msg`π_ref(y₀)`, 'π*(y₀)', msg`log-ratio of y₀`, msg`KL, nats`, msg`DPO loss`],
    rows: line.map(({ optimalLogp, logRatio, kl, loss }, i) => [supportText(supportAt(places[i])), formatProbabilityOfLog(optimalLogp), orUndefined(logRatio), orUndefined(kl), { text: allDigits(loss), value: loss }]),
  };
}
