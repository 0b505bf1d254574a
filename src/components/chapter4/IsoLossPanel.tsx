/** "The same loss, another policy": the pair's probability moves to y₀; the loss keeps every digit, J and KL do not. */
import { useMemo, useState } from 'react';
import { dpoLoss, objectiveOf } from '../../derivation/objective.ts';
import type { Setting } from '../../derivation/setting.ts';
import { msg } from '../../sim/msg.ts';
import { isoWords } from '../../sim/sentences4.ts';
import { responseName } from '../../sim/words.ts';
import { responseText } from '../../sim/world.ts';
import { PiRef } from '../charts/PiRef.tsx';
import { ResponseBars, type ResponseBar } from '../charts/ResponseBars.tsx';
import type { TableContent } from '../charts/DataTable.tsx';
import { formatNumber, formatProbability } from '../format.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { isoLossPolicy, onGridSetting, pairedWith } from './isoLoss.ts';
import { Strips, type Strip } from './Strips.tsx';
import { TargetChoice } from './TargetChoice.tsx';
import { useSettingWords, useUsableSetting } from './useRuler.ts';
import { useTarget, type Target } from './useTarget.ts';
import './iso.css';

const TITLE = msg`The same loss, another policy`;

/** At s = 1 there would be no log-probability left to take a ratio of. */
const MOST_SHARE = 0.99;

/** What is read of the policy at one s. */
interface IsoReading { share: number; loss: number; value: number; reward: number; kl: number }

function readIso(setting: Setting, target: number, share: number): IsoReading {
  const logps = isoLossPolicy(setting, target, share);
  return { share, loss: dpoLoss(setting, logps), ...objectiveOf(setting, logps) };
}

/** The shares whose policies are evaluated for the lines: fewer in a world of many responses. */
function sharesFor({ world }: Setting): number[] {
  const count = Math.max(5, Math.min(34, Math.floor(400_000 / world.responseCount)));
  return Array.from({ length: count }, (_, i) => MOST_SHARE * i / (count - 1));
}

export function IsoLossPanel() {
  const given = useUsableSetting();
  const setting = useMemo(() => given && onGridSetting(given), [given]);
  const target = useTarget(setting);
  const words = useSettingWords();
  if (!setting) return <Panel title={TITLE}><EmptyChart heightRem={30}>{words ?? WAITING}</EmptyChart></Panel>;
  if (!target) return <Panel title={TITLE}><EmptyChart heightRem={30}>{msg`Every response is in a pair: there is no other that the probability could go to.`}</EmptyChart></Panel>;
  return <Iso setting={setting} target={target} />;
}

function Iso({ setting, target }: { setting: Setting; target: Target }) {
  const [share, setShare] = useState(0);
  const y0 = target.response;
  const shares = useMemo(() => sharesFor(setting), [setting]);
  const line = useMemo(() => shares.map((s) => readIso(setting, y0, s)), [setting, y0, shares]);
  const logps = useMemo(() => isoLossPolicy(setting, y0, share), [setting, y0, share]);
  const now = useMemo(() => readIso(setting, y0, share), [setting, y0, share]);
  const [pair] = setting.pairs;
  const bar = (response: number, role: string): ResponseBar => ({
    response, role, name: responseName(responseText(setting.world, response)), logp: logps[response], refLogp: setting.refLogps[response], optimalLogp: null,
  });
  const bars = [bar(pair.chosen, 'chosen'), bar(pair.rejected, 'rejected'), bar(y0, target.isOod ? 'ood' : 'otherInDistribution')];
  const left = pairedWith(setting, y0).reduce((sum, y) => sum + Math.exp(setting.logps[y]), 0);
  const words = isoWords({ share, left, start: line[0], now, name: responseText(setting.world, y0), on: Math.exp(logps[y0]) });
  const several = setting.pairs.length > 1;
  return (
    <Panel
      title={TITLE}
      sub={msg`π(y₊)/π(y₋) is kept; ${several ? msg`all pairs’` : msg`their`} probability goes to y₀`}
      table={() => tableOf(line)} tableWord={msg`Table over s`}
      note={<>{msg`The loss is computed from log π`}<sub>s</sub>{msg` and log `}<PiRef />{msg` anew at every s, all kept on a grid of 2⁻⁴⁴ nats, where sums are exact. KL, J and E[r] are sums over all ${setting.world.responseCount.toLocaleString('en')} responses.`}</>}
    >
      <div className="iso-container"><div className="iso">
        <div className="iso-bars"><ResponseBars bars={bars} scale="linear" rows={3} ariaLabel={msg`Probabilities at s = ${formatNumber(share)}: ${bars.map(({ name, logp }) => `${name} ${formatProbability(Math.exp(logp))}`).join(', ')}.`} /></div>
        <div className="iso-slider strip-slider">
          <span className="iso-label"><label htmlFor="iso-share">{msg`s, share moved to`}</label> <TargetChoice target={target} /></span><output htmlFor="iso-share">{percent(share)}</output>
          <input
            id="iso-share" className="knob-slider" type="range" min={0} max={MOST_SHARE} step={0.01} value={share} aria-valuetext={percent(share)}
            onChange={(event) => { setShare(Number(event.target.value)); }}
          />
        </div>
        <Strips
          strips={stripsOf(line, now)} places={shares.map((s) => s / MOST_SHARE)} at={share / MOST_SHARE}
          ticks={[0, 0.25, 0.5, 0.75, 0.99].map((s) => ({ at: s / MOST_SHARE, text: percent(s) }))} axis="s"
        />
        <p className="iso-words">{words}</p>
      </div></div>
    </Panel>
  );
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** The loss as it is, to 15 decimals. */
export const allDigits = (x: number) => x.toFixed(15).replace('-', '−');

function stripsOf(line: readonly IsoReading[], now: IsoReading): Strip[] {
  const domainOf = (values: readonly number[]): [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? [low - 1, high + 1] : [low, high];
  };
  const loss = line.map((at) => at.loss);
  const kls = line.map(({ kl }) => kl);
  const rewards = line.map(({ reward }) => reward);
  const values = line.map(({ value }) => value);
  const klDomain: [number, number] = [0, Math.max(...kls, 1)];
  const rewardDomain = domainOf([...rewards, ...values]);
  const lossDomain: [number, number] = [0, Math.max(Math.LN2, 1.2 * loss[0])];
  return [
    {
      id: 'loss', domain: lossDomain, low: '0', high: formatNumber(lossDomain[1]), lines: [{ values: loss, role: 'ink', term: 'sigma' }],
      heading: <><span data-term="sigma">{msg`DPO loss`}</span> <b data-metric="iso/loss" data-value={String(now.loss)}>{allDigits(now.loss)}</b></>,
    },
    {
      id: 'kl', domain: klDomain, low: formatNumber(klDomain[0]), high: formatNumber(klDomain[1]), lines: [{ values: kls, role: 'ood', term: 'kl' }],
      heading: <><span data-term="kl">{msg`KL(π‖`}<PiRef />{msg`), nats`}</span> <b data-metric="iso/kl" data-value={String(now.kl)}>{formatNumber(now.kl)}</b></>,
    },
    {
      id: 'J', domain: rewardDomain, low: formatNumber(rewardDomain[0]), high: formatNumber(rewardDomain[1]),
      lines: [{ values: rewards, role: 'ink', dash: '2 5', term: 'r' }, { values, role: 'optimal', term: 'J' }],
      heading: (
        <>
          <span><span className="iso-key role-optimal" data-term="J">J</span> <b data-metric="iso/J" data-value={String(now.value)}>{formatNumber(now.value)}</b></span>
          <span><span className="iso-key iso-key-dotted" data-term="r">E[r]</span> <b data-metric="iso/reward" data-value={String(now.reward)}>{formatNumber(now.reward)}</b></span>
        </>
      ),
    },
  ];
}

function tableOf(line: readonly IsoReading[]): TableContent {
  const cell = (value: number) => ({ text: formatNumber(value), value });
  return {
    caption: msg`The policy after a share s of the pair’s probability has moved to y₀`,
    head: ['s', msg`DPO loss`, msg`KL, nats`, 'J', 'E[r]'],
    rows: line.map(({ share, loss, kl, value, reward }) => [formatNumber(share), { text: allDigits(loss), value: loss }, cell(kl), cell(value), cell(reward)]),
  };
}
