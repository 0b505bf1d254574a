/** "Why Z cancels": two inverted rewards, one below the other, subtracted step by step, with live numbers under every term. */
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { msg } from '../../sim/msg.ts';
import { quoted } from '../../sim/words.ts';
import { responseText } from '../../sim/world.ts';
import type { Setting } from '../../derivation/setting.ts';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { Tex } from '../charts/Tex.tsx';
import { useSetting } from '../derivation/useSetting.ts';
import { formatNumber } from '../format.ts';
import { FocusSelect } from '../panels/FocusSelect.tsx';
import { ROLE_NAMES } from '../panels/groupNames.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { useRefreshMs } from '../panels/useRefreshMs.ts';
import { useThrottledRun } from '../run.ts';
import { LossLine } from './LossLine.tsx';
import { MOST_PAIRS, pairAt, pairsOf } from './pairs.ts';
import { CANCEL_STEPS } from './steps.ts';
import { gapOf, termsOf, TEX, type Terms } from './terms.ts';
import './chapter3.css';

const LAST = CANCEL_STEPS.length - 1;

interface CancellationProps {
  /** Number of the pair that is shown. */
  pair: number;
  onPair(pair: number): void;
}

export function Cancellation({ pair, onPair }: CancellationProps) {
  const run = useThrottledRun(readyRun, useRefreshMs(100));
  const setting = useSetting();
  const [step, setStep] = useState(0);
  const formula = useRef<HTMLDivElement>(null);
  /** Goes to a step; what it writes below the fold comes into view. */
  function goTo(next: number): void {
    const target = Math.max(0, Math.min(LAST, next));
    flushSync(() => setStep(target));
    if (target > step) [...formula.current?.querySelectorAll(`[data-end="${target}"]`) ?? []].at(-1)?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }
  const title = msg`Why Z is in no pair`;
  if (!run || setting === null || typeof setting === 'string' || setting.logps.length !== run.world.responseCount) {
    return <Panel title={title}><div className="cancel-waiting"><EmptyChart>{typeof setting === 'string' ? setting : WAITING}</EmptyChart></div></Panel>;
  }
  const shown = pairAt(setting, pair);
  const terms = termsOf(setting, shown);
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const steps: Record<string, number> = { ArrowRight: step + 1, ArrowDown: step + 1, ArrowLeft: step - 1, ArrowUp: step - 1, Home: 0, End: LAST };
    if (!(event.key in steps)) return;
    goTo(steps[event.key]);
    event.preventDefault();
  }
  return (
    <Panel
      title={title} actions={<Stepper step={step} onStep={goTo} />}
      note={<span className="cancel-selects"><PairSelect setting={setting} pair={pair} onPair={onPair} /><FocusSelect /></span>}
      table={() => tableOf(setting, shown, terms, run)} tableWord={msg`Table of the terms`}
    >
      <p className="cancel-words" role="status"><b>{step + 1}{msg` of ${CANCEL_STEPS.length}, `}{CANCEL_STEPS[step].title}.</b> {CANCEL_STEPS[step].words(terms.optimal)}</p>
      <div className="cancel-box"><div
        ref={formula} className="cancel" data-step={CANCEL_STEPS[step].id} data-reached={step} tabIndex={0} role="group" data-keys="own"
        aria-label={msg`The formula, with the numbers of the pair. Arrow keys go from step to step.`} onKeyDown={onKeyDown}
      >
        <RewardLine side="chosen" terms={terms} />
        <RewardLine side="rejected" terms={terms} subtracted={step >= 1} />
        <span className="cancel-rule" data-from="1" />
        <GapLine terms={terms} />
        <LossLine setting={setting} run={run} pair={shown} gap={gapOf(terms.trained)} />
      </div></div>
    </Panel>
  );
}

function Stepper({ step, onStep }: { step: number; onStep(step: number): void }) {
  return (
    <div className="cancel-steps" role="group" aria-label={msg`Steps of the cancellation`}>
      <button type="button" className="outlined" aria-disabled={step === 0 || undefined} onClick={() => onStep(step - 1)}>{msg`Previous`}</button>
      <button type="button" className="outlined" aria-disabled={step === LAST || undefined} onClick={() => onStep(step + 1)}>{msg`Next`}</button>
      <button type="button" className="outlined" aria-disabled={step === LAST || undefined} onClick={() => onStep(LAST)}>{msg`All`}</button>
    </div>
  );
}

function PairSelect({ setting, pair, onPair }: { setting: Setting } & CancellationProps) {
  const pairs = pairsOf(setting);
  if (pairs.length < 2) return null;
  const { world, promptOf } = setting;
  const name = (y: number) => quoted(responseText(world, y));
  return (
    <select className="quiet-select" aria-label={msg`Pair in the formula`} value={pairs[pair] ? pair : 0} onChange={(event) => onPair(Number(event.target.value))}>
      {pairs.slice(0, MOST_PAIRS).map(({ chosen, rejected }, i) => (
        <option key={`${chosen} ${rejected}`} value={i}>{`${name(chosen)} ≻ ${name(rejected)}${world.promptCount > 1 ? ` · ${world.prompts[promptOf[chosen]]}` : ''}`}</option>
      ))}
    </select>
  );
}

type Side = 'chosen' | 'rejected';
const POLICIES = ['optimal', 'trained'] as const;

/** A number in its slot: its place is kept whatever its width. */
export function Slot({ name, value, children }: { name: string; value: number; children?: ReactNode }) {
  return <span className="cancel-slot" data-slot={name} data-value={String(value)} title={String(value)}>{children ?? formatNumber(value)}</span>;
}

function RewardLine({ side, terms, subtracted = false }: { side: Side; terms: Record<(typeof POLICIES)[number], Terms>; subtracted?: boolean }) {
  return (
    <>
      <span className="cancel-minus" data-on={subtracted}>{side === 'rejected' && '−'}</span>
      <span className="cancel-lhs"><Tex tex={TEX.reward[side]} /></span><span>=</span>
      <span><Tex tex={TEX.ratio[side]} /></span><span className="cancel-z-sign">+</span>
      <span className="cancel-z"><Tex tex={TEX.logZ} /><Ghost side={side} /></span>
      {POLICIES.map((policy) => (
        <NumberRow
          key={policy} policy={policy} sign="+" isZ
          lhs={<Slot name={`${policy}/${side}/reward`} value={terms[policy].reward[side]} />}
          first={<Slot name={`${policy}/${side}/implicit`} value={terms[policy].implicit[side]} />}
          second={<Slot name={`${policy}/${side}/logZ`} value={terms[policy].logZ} />}
        />
      ))}
    </>
  );
}

/** A copy of the term that flies to the margin, where the two of them meet. */
function Ghost({ side }: { side: Side }) {
  return <span className="cancel-ghost" data-side={side} aria-hidden="true">{side === 'rejected' && '− '}<Tex tex={TEX.logZ} />{side === 'rejected' && ' = 0'}</span>;
}

function NumberRow({ policy, lhs, first, sign, second, from = 0, isZ = false }: { policy: 'optimal' | 'trained'; lhs: ReactNode; first: ReactNode; sign: string; second: ReactNode; from?: number; isZ?: boolean }) {
  return (
    <span className="cancel-numbers" data-policy={policy} data-from={from}>
      <span className="cancel-who"><Tex tex={TEX[policy]} /></span>
      <span className="cancel-lhs">{lhs}</span><span>=</span><span>{first}</span>
      <span className={isZ ? 'cancel-z-sign' : undefined}>{sign}</span><span className={isZ ? 'cancel-z' : undefined} data-end={from > 0 ? from : undefined}>{second}</span>
    </span>
  );
}

/** A number after a minus sign: negative ones in brackets. */
const bracketed = (value: number) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));

function GapLine({ terms }: { terms: Record<(typeof POLICIES)[number], Terms> }) {
  return (
    <>
      <span className="cancel-formula" data-from="3">
        <span /><span className="cancel-lhs"><Tex tex={TEX.gap} /></span><span>=</span>
        <span><Tex tex={TEX.ratio.chosen} /></span><span>−</span><span><Tex tex={TEX.ratio.rejected} /></span>
      </span>
      {POLICIES.map((policy) => {
        const { implicit } = terms[policy];
        return (
          <NumberRow
            key={policy} policy={policy} from={3} sign="−"
            lhs={<Slot name={`${policy}/gap`} value={gapOf(terms[policy])} />}
            first={<Slot name={`${policy}/gap/chosen`} value={implicit.chosen} />}
            second={<Slot name={`${policy}/gap/rejected`} value={implicit.rejected}>{bracketed(implicit.rejected)}</Slot>}
          />
        );
      })}
    </>
  );
}

function tableOf({ world }: Setting, pair: Record<Side, number>, terms: Record<(typeof POLICIES)[number], Terms>, { frame }: ReadyRun) {
  const cell = (value: number) => ({ text: formatNumber(value), value });
  const rows = POLICIES.flatMap((policy) => (['chosen', 'rejected'] as const).map((side) => [
    `${policy === 'optimal' ? 'π*' : 'π_θ'}, ${ROLE_NAMES[side]} ${quoted(responseText(world, pair[side]))}`,
    cell(terms[policy].reward[side]), cell(terms[policy].implicit[side]), cell(terms[policy].logZ),
  ]));
  return { caption: msg`The terms of the pair at update ${frame.step}`, head: [msg`what`, msg`reward`, msg`β·log-ratio`, msg`β·log Z`], rows };
}
