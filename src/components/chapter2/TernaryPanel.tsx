/** "The hill of J": the objective over all ways in which three responses divide their probability, and the way up. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { ascentPath } from '../../derivation/ascent.ts';
import { objectiveOf } from '../../derivation/objective.ts';
import type { Setting } from '../../derivation/setting.ts';
import { msg } from '../../sim/msg.ts';
import { responseText } from '../../sim/world.ts';
import { responseName } from '../../sim/words.ts';
import { knobWords } from '../../sim/sentences.ts';
import { climbSentence } from '../../sim/sentences2.ts';
import type { TableContent } from '../charts/DataTable.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { useBox } from '../charts/useBox.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { useSetting } from '../derivation/useSetting.ts';
import { count, formatNumber, formatProbability } from '../format.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { PromptSelect } from '../panels/PromptSelect.tsx';
import { hillOf, type Hill } from './hill.ts';
import { useWorth } from './worth.ts';
import { look, sameForest, usePrompt, useShownPolicy } from './look.ts';
import { rowsOf, type Rows } from './rows.ts';
import { sharesOf, withShares, type Shares, type Three } from './simplex.ts';
import { TernaryPlot } from './TernaryPlot.tsx';
import '../charts/bars.css';
import '../charts/scatter.css';
import './chapter2.css';

const TITLE = msg`The hill of J`;
/** The climb is drawn this far at most, and in a large world less far. */
const MOST_UPDATES = 1000;
const MOST_WORK = 300_000;
const MOST_WIDTH_REM = 34;
const CORNERS = ['top', 'left', 'right'] as const;

export function TernaryPanel() {
  const setting = useSetting();
  if (setting === null || typeof setting === 'string') return <Panel title={TITLE}><EmptyChart heightRem={24}>{setting ?? WAITING}</EmptyChart></Panel>;
  return <Ternary setting={setting} />;
}

/** The corners that the reader has chosen, else the first three rows. */
function useCorners({ world, promptOf }: Setting, { shown }: Rows, prompt: number): Three {
  const chosen = useStore(look, (state) => state.corners);
  if (chosen && sameForest(chosen.world, world) && chosen.three.every((y) => promptOf[y] === prompt)) return chosen.three;
  return [shown[0], shown[1], shown[2] ?? shown[1]];
}

function Ternary({ setting }: { setting: Setting }) {
  const { world, refLogps, logps: runLogps, rewards, beta } = setting;
  const policy = useShownPolicy(setting);
  const [prompt, setPrompt] = usePrompt(world);
  const { optimizer } = useExperiment();
  const [ref, box] = useBox<HTMLDivElement>();
  const tilted = useMemo(() => refLogps.map((logp, y) => logp + rewards[y] / beta), [refLogps, rewards, beta]);
  const rows = useMemo(() => rowsOf(setting, prompt, [tilted, refLogps, runLogps]), [setting, prompt, tilted, refLogps, runLogps]);
  const three = useCorners(setting, rows, prompt);
  const hill = useMemo(() => hillOf(setting, policy.logps, three), [setting, policy.logps, three]);
  const rate = optimizer.learningRate;
  const updates = Math.max(1, Math.min(MOST_UPDATES, Math.floor(MOST_WORK / world.responseCount)));
  const climb = useMemo(() => ascentPath(setting, policy.logps, { rate, steps: updates }), [setting, policy.logps, rate, updates]);
  const path = useMemo(() => climb.map((logps) => sharesOf(logps, three)), [climb, three]);
  const names = three.map((y) => responseName(responseText(world, y))) as [string, string, string];
  const now = sharesOf(policy.logps, three);
  const all = rows.prompt.length === 3;
  const { best } = useWorth(setting, policy.logps);
  const worthAt = (update: number) => objectiveOf(setting, climb[update]).value;
  if (rows.prompt.length < 3) return <Panel title={TITLE}><EmptyChart heightRem={24}>{msg`This prompt has only ${count(rows.prompt.length, 'response')}: a triangle needs three.`}</EmptyChart></Panel>;
  return (
    <Panel
      title={TITLE} sub={<>{msg`every point is a policy${all ? '' : msg`: how these three divide the ${formatProbability(hill.mass)} that they have together; the other responses keep theirs`}. The stronger the shade, the higher J${world.promptCount > 1 ? msg`, mean over ${world.promptCount} prompts` : ''}; lines are labelled in reward units.`}</>}
      note={msg`Plain gradient ascent in the logits of the responses, learning rate ${knobWords(rate)}, ${updates.toLocaleString('en')} updates from the policy on.${optimizer.kind === 'adam' ? msg` The run itself uses Adam, which goes another way.` : ''}`}
      table={() => tableOf({ names, hill, now, path, isOwn: policy.isOwn, worthAt })}
    >
      <div className="ternary">
        <div ref={ref} className="ternary-box">
          {box.width > 0 && (
            <TernaryPlot
              hill={hill} names={names} now={now} isOwn={policy.isOwn} path={path} width={Math.min(box.width, MOST_WIDTH_REM * box.rem)} rem={box.rem}
              onMove={(shares) => policy.set(withShares(policy.logps, three, shares))}
            />
          )}
        </div>
        <div className="ternary-side">
          <dl className="ternary-values">
            <Value term="pi" name={policy.isOwn ? msg`your policy` : msg`the run’s policy`} mark={<i className="ternary-key-point" data-own={policy.isOwn} />} value={hill.value(now)} metric="hill/now" />
            <Value term="pi-ref" name={all ? <PiRef /> : <>{msg`shares of `}<PiRef /></>} mark={<i className="ternary-key-ref">+</i>} value={hill.value(hill.ref)} metric="hill/ref" />
            <Value term="pi-star" name={all ? 'π*' : msg`shares of π*, the top`} mark={<i className="bars-optimal" />} value={hill.highest} metric="hill/top" />
            <Value name={msg`end of the climb`} mark={<i className="ternary-key-path" />} value={worthAt(updates)} metric="hill/climb" />
          </dl>
          {!all && <Corners world={world} rows={rows} three={three} />}
          <PromptSelect world={world} prompt={prompt} onChange={setPrompt} />
          <p className="ternary-words">{msg`Drag the point, or move it with the arrow keys. `}{climbSentence({ end: worthAt(updates), best, updates, few: !all })}</p>
          <button type="button" className="quiet-button" aria-disabled={!policy.isOwn || undefined} onClick={() => policy.set(null)}>{msg`back to the run’s policy`}</button>
        </div>
      </div>
    </Panel>
  );
}

function Value({ term, name, mark, value, metric }: { term?: string; name: React.ReactNode; mark: React.ReactNode; value: number; metric: string }) {
  return <div data-term={term}><dt>{mark}{name}</dt><dd data-metric={metric} data-value={value} title={String(value)}>J = {formatNumber(value)}</dd></div>;
}

/** Which three responses; one that is chosen twice changes places. */
function Corners({ world, rows, three }: { world: Setting['world']; rows: Rows; three: Three }) {
  const offered = [...new Set([...rows.shown, ...three])];
  const choose = (corner: number, y: number) => {
    const next = [...three] as [number, number, number];
    const other = next.indexOf(y);
    if (other >= 0) next[other] = next[corner];
    next[corner] = y;
    look.setState({ corners: { world, three: next } });
  };
  return (
    <div className="ternary-corners">
      {CORNERS.map((place, i) => (
        <label key={place}>{place}{' '}
          <select className="quiet-select" value={three[i]} onChange={(event) => choose(i, Number(event.target.value))}>
            {offered.map((y) => <option key={y} value={y}>{responseName(responseText(world, y))}</option>)}
          </select>
        </label>
      ))}
    </div>
  );
}

interface TableParts { names: readonly string[]; hill: Hill; now: Shares; path: readonly Shares[]; isOwn: boolean; worthAt(update: number): number }

function tableOf({ names, hill, now, path, isOwn, worthAt }: TableParts): TableContent {
  const row = (what: string, shares: Shares, value: number) => [what, ...shares.map((share) => ({ text: formatProbability(share), value: share })), { text: formatNumber(value), value }];
  const last = path.length - 1;
  return {
    caption: msg`Shares of the three responses and J`,
    head: [msg`what`, ...names, 'J'],
    rows: [
      row(isOwn ? msg`your policy` : msg`the run’s policy`, now, hill.value(now)), row('π_ref', hill.ref, hill.value(hill.ref)), row('π*', hill.top, hill.highest),
      ...[1, 3, 10, 30, 100, 300, last].filter((update, i, all) => update <= last && all.indexOf(update) === i).map((update) => row(msg`the climb after ${count(update, 'update')}`, path[update], worthAt(update))),
    ],
  };
}
