/** The pairs it trains on now: drawn from the policy, with the judge's scores and verdicts; before the first draw, those that are given. */
import { drawnPairs, latestBatch, type DrawnPair, type Judged } from '../../sim/drawn.ts';
import { msg } from '../../sim/msg.ts';
import { everyOf } from '../../sim/onlineStory.ts';
import { focusedExperiment } from '../../sim/focus.ts';
import { judgeWords } from '../../sim/sentences6.ts';
import { responseName } from '../../sim/words.ts';
import { responseText, type World } from '../../sim/world.ts';
import { Pairs } from '../chapter/Pairs.tsx';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { formatNumber } from '../format.ts';
import { Panel } from '../panels/Panel.tsx';
import { useThrottledRun } from '../run.ts';
import './DrawnPairs.css';

/** Distinct pairs shown; the others are counted. */
const SHOWN = 4;
/** The list changes at most once in this time, ms: it is to be read. */
const READ_MS = 1000;

/** The given pairs, and until when they are what is trained on. */
export function GivenPairs() {
  const run = useThrottledRun(readyRun, READ_MS);
  return (
    <>
      <Pairs />
      {run && <p className="drawn-note">{givenWords(run)}</p>}
    </>
  );
}

function givenWords({ experiment, focus, judged, shown }: ReadyRun): string {
  if (experiment.algorithm.kind !== 'online-dpo') return '';
  const every = everyOf(focusedExperiment(experiment, focus));
  const these = 'pairs' in experiment.preferences && experiment.preferences.pairs.length === 1 ? msg`this pair` : msg`these pairs`;
  if (every === null) return msg`It trains on ${these} to the end.`;
  if (every === 1) return msg`It never trains on ${these}: fresh ones are drawn before update 1.`;
  const drawn = judged.some(({ policy }) => policy === shown[0]);
  return drawn ? msg`It trained on ${these} until the first draw, before update ${every.toLocaleString('en')}.` : msg`It trains on ${these} until the first draw, before update ${every.toLocaleString('en')}.`;
}

export function DrawnPairs() {
  const run = useThrottledRun(readyRun, READ_MS);
  if (!run || run.experiment.algorithm.kind !== 'online-dpo') return null;
  const { experiment, shown, judged, view, world } = run;
  const [policy] = shown;
  const title = msg`The pairs it trains on now`;
  const batch = latestBatch(judged, policy);
  if (!batch) return <Panel title={title}><p className="drawn-note drawn-none">{msg`None has been drawn: it trains on what is given.`}</p></Panel>;
  const pairs = drawnPairs(batch, view.groups);
  const rest = pairs.slice(SHOWN).reduce((sum, { times }) => sum + times, 0);
  const upset = pairs.slice(0, SHOWN).some((pair) => pair.upset) ? msg` *\u00a0The lower score won, by chance.` : '';
  const note = msg`${rest > 0 ? msg`And ${rest} more. ` : ''}Judged by ${judgeWords(experiment)}; beside each response, what it was given.${upset}`;
  return (
    <Panel
      title={title} sub={msg`${batch.nodes.length / 2} drawn from seed ${experiment.seeds[policy % experiment.seeds.length]} before update ${batch.step.toLocaleString('en')}`}
      note={note} table={() => tableOf(pairs, world, batch.step)}
    >
      <ol className="drawn-list">{pairs.slice(0, SHOWN).map((pair) => <Drawn key={`${pair.winner.response} ${pair.loser.response}`} pair={pair} world={world} />)}</ol>
    </Panel>
  );
}

function tableOf(pairs: readonly DrawnPair[], world: World, step: number) {
  const cell = ({ response }: Judged) => responseName(responseText(world, response));
  const score = ({ score: value }: Judged) => ({ text: formatNumber(value), value });
  return {
    caption: msg`Pairs drawn before update ${step}`,
    head: [msg`winner`, msg`its score`, msg`loser`, msg`its score `, msg`times`],
    rows: pairs.map(({ winner, loser, times }) => [cell(winner), score(winner), cell(loser), score(loser), String(times)]),
  };
}

function Drawn({ pair, world }: { pair: DrawnPair; world: World }) {
  const { winner, loser, times, equal, upset } = pair;
  return (
    <li className="drawn-pair" data-equal={equal || undefined}>
      <Side side={winner} world={world} score={formatNumber(winner.score)} />
      <span className="drawn-beats">{equal ? msg`twice: no contest` : msg`beats${upset ? '*' : ''}`}{times > 1 ? ` (${times} ×)` : ''}</span>
      {!equal && <Side side={loser} world={world} score={formatNumber(loser.score)} />}
    </li>
  );
}

function Side({ side, world, score }: { side: Judged; world: World; score: string }) {
  const name = responseName(responseText(world, side.response));
  return (
    <span className={`drawn-side role-${side.group}`}>
      <span className="drawn-name" title={name}>{name}</span> <b className="drawn-score" title={msg`what the judge gave it`}>{score}</b>
    </span>
  );
}
