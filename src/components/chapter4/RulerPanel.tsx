/** The ratio ruler: the objective with its numbers, the pair's probabilities, and the two marks that may be dragged. */
import { msg } from '../../sim/msg.ts';
import { knobWords } from '../../sim/sentences.ts';
import { formatNumber, formatProbability, formatProbabilityOfLog } from '../format.ts';
import { PiRef } from '../charts/PiRef.tsx';
import { Tex } from '../charts/Tex.tsx';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { useRun } from '../run.ts';
import { RatioRuler } from './RatioRuler.tsx';
import { EXAMPLES, ratioText, SIDES, signed, SYMBOLS, type ExampleId, type MarkReading, type RulerReading, type Side } from './ruler.ts';
import { showExample, showRun, useRulerStore } from './rulerStore.ts';
import { useRuler, useSettingWords, useUsableSetting, type RulerNow } from './useRuler.ts';
import './ruler.css';

export function RulerPanel() {
  const ruler = useRuler();
  const words = useSettingWords();
  return (
    <Panel title={msg`The ratio ruler`} quiet>
      <div className="ruler-container"><div className="ruler-panel">
        <Sources />
        {ruler ? (
          <>
            <Formula reading={ruler.reading} beta={ruler.beta} />
            <Probabilities ruler={ruler} />
            <RatioRuler ruler={ruler} />
            <Results reading={ruler.reading} />
          </>
        ) : <EmptyChart heightRem={24}>{words ?? WAITING}</EmptyChart>}
      </div></div>
    </Panel>
  );
}

/** Whose numbers are on the ruler. */
function Sources() {
  const source = useRulerStore((ruler) => ruler.source);
  const failed = useRun((run) => run.state === 'failed');
  return (
    <div className="ruler-sources" role="group" aria-label={msg`Whose numbers`}>
      <button type="button" className="quiet-button" aria-pressed={source.kind === 'run'} disabled={failed} onClick={() => { showRun(); }}>{msg`this run’s pair`}</button>
      <PairChoice />
      <span className="ruler-word">{msg`from the slides:`}</span>
      {(Object.keys(EXAMPLES) as ExampleId[]).map((id) => (
        <button key={id} type="button" className="quiet-button" aria-pressed={source.kind === 'example' && source.id === id} onClick={() => { showExample(id); }}>{EXAMPLES[id].label}</button>
      ))}
    </div>
  );
}

/** Which pair of the run, where it has several. */
function PairChoice() {
  const setting = useUsableSetting();
  const pair = useRulerStore((ruler) => ruler.pair);
  const count = setting?.pairs.length ?? 0;
  if (count < 2) return null;
  return (
    <select className="quiet-select" aria-label={msg`Pair of the run`} value={Math.min(pair, count - 1)} onChange={(event) => { showRun(Number(event.target.value)); }}>
      {Array.from({ length: Math.min(count, 40) }, (_, i) => <option key={i} value={i}>{msg`pair `}{i + 1}{msg` of `}{count}</option>)}
    </select>
  );
}

const ratioTex = (side: Side) => {
  const y = `\\term{${SYMBOLS[side].term}}{\\${side}{y_${side === 'chosen' ? '+' : '-'}}}`;
  return `\\log\\frac{\\term{pi-theta}{\\pi}(${y})}{\\term{pi-ref}{\\pi_{\\mathrm{ref}}}(${y})}`;
};

/** A number, or the words in its place, inside a formula: "−2.01·10⁻⁷" is -2.01\cdot10^{-7}. */
function texNumber(text: string): string {
  if (/[a-z]/.test(text)) return `\\text{${text}}`;
  const power = (raised: string) => `^{${raised.replaceAll(/./g, (c) => '-0123456789'['⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c)])}}`;
  return text.replaceAll('−', '-').replaceAll(',', '{,}').replace('·10', '\\cdot10').replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/, power);
}

function Formula({ reading, beta }: { reading: RulerReading; beta: number }) {
  const brace = (side: Side) => `\\underbrace{${ratioTex(side)}}_{${texNumber(signed(reading[side].logRatio))}}`;
  const tex = `-\\log\\term{sigma}{\\sigma}\\Bigl(\\underbrace{\\term{beta}{\\beta}}_{${texNumber(knobWords(beta))}}\\Bigl[\\,${brace('chosen')}-${brace('rejected')}\\,\\Bigr]\\Bigr)=${texNumber(formatNumber(reading.loss))}`;
  return <div className="ruler-formula"><Tex tex={tex} display /></div>;
}

/** Both responses: their probabilities on one scale from 0 to 100 %, and the ratio that is all the loss reads of them. */
function Probabilities({ ruler: { reading, names } }: { ruler: RulerNow }) {
  return (
    <table className="ruler-table">
      <thead>
        <tr><th scope="col">{msg`response`}</th><th scope="col" className="ruler-bar-head">{msg`probability, 0 to 100 %`}</th><th scope="col"><span data-term="pi-ref"><PiRef /></span> → <span data-term="pi-theta">π</span></th><th scope="col">{msg`ratio`}</th><th scope="col">{msg`log-ratio`}</th></tr>
      </thead>
      <tbody>
        {SIDES.map((side) => <Probability key={side} side={side} reading={reading[side]} name={names?.[side] ?? null} />)}
      </tbody>
    </table>
  );
}

function Probability({ side, reading: { ref, now, logRatio }, name }: { side: Side; reading: MarkReading; name: string | null }) {
  const percent = (p: number) => `${(100 * Math.min(1, p)).toFixed(3)}%`;
  const { sub, term } = SYMBOLS[side];
  return (
    <tr className={`role-${side}`}>
      <th scope="row" data-term={term}>y<sub>{sub}</sub>{name !== null && <span className="ruler-name"> {name === '' ? msg`the empty response` : name}</span>}</th>
      <td className="ruler-bar-cell">
        <span className="ruler-bar" aria-hidden="true"><b style={{ width: percent(now) }} /><i style={{ left: percent(ref) }} /></span>
      </td>
      <td title={`${formatProbabilityOfLog(Math.log(ref))} → ${formatProbabilityOfLog(Math.log(ref) + logRatio)}`}>
        <span data-ruler={`${side}/ref`} data-value={String(ref)}>{formatProbability(ref)}</span> → <b data-ruler={`${side}/now`} data-value={String(now)}>{formatProbability(now)}</b>
      </td>
      <td data-ruler={`${side}/ratio`} data-value={String(Math.exp(logRatio))}>{ratioText(logRatio)}</td>
      <td data-ruler={`${side}/logRatio`} data-value={String(logRatio)}>{signed(logRatio)}</td>
    </tr>
  );
}

/** What the loss makes of the distance; `weight` is the gradient's. */
function Results({ reading: { margin, rewardMargin, loss, weight } }: { reading: RulerReading }) {
  const cells = [
    { id: 'h', term: 'h', name: msg`margin`, symbol: 'h', value: margin },
    { id: 'betaH', term: 'beta', name: '', symbol: 'βh', value: rewardMargin },
    { id: 'loss', term: 'sigma', name: msg`loss`, symbol: '', value: loss },
    { id: 'weight', term: 'sigma', name: msg`weight`, symbol: 'σ(−βh)', value: weight },
  ];
  return (
    <dl className="ruler-results">
      {cells.map(({ id, term, name, symbol, value }) => (
        <div key={id} data-term={term}>
          <dt>{name}{name !== '' && symbol !== '' && ' '}{symbol !== '' && <i>{symbol}</i>}</dt>{' '}
          <dd data-ruler={id} data-value={String(value)} title={String(value)}>{formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
