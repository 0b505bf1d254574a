/** "What the pairs do not say": the responses in no pair, what the reward model makes of them, and why that is a guess. */
import { msg } from '../../sim/msg.ts';
import { responseName } from '../../sim/words.ts';
import { responseText } from '../../sim/world.ts';
import { unseenWords } from '../../sim/sentences1.ts';
import { readyRun } from '../chapter/ready.ts';
import { count, formatNumber, formatProbability } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import './ppoPanels.css';

const SHOWN = 12;

export function UnseenPanel() {
  const run = useThrottledRun(readyRun, 1000);
  const title = msg`What the pairs do not say`;
  const scores = run?.frame.scores;
  if (!run || !scores) return <Panel title={title}><EmptyChart heightRem={20}>{WAITING}</EmptyChart></Panel>;
  const { world, view, frame, experiment } = run;
  const kind = experiment.rewardModel?.kind ?? 'mlp';
  const unseen = Array.from(scores, (_, y) => y).filter((y) => view.paired[y] === 0);
  const top = unseen.toSorted((a, b) => scores[b] - scores[a] || a - b).slice(0, SHOWN);
  const mass = (logps: Float64Array) => unseen.reduce((sum, y) => sum + Math.exp(logps[y]), 0) / world.promptCount;
  const [ref, now] = [mass(view.refLogps), mass(frame.logps)];
  return (
    <Panel title={title} sub={msg`${count(unseen.length, 'response')} of ${world.responseCount.toLocaleString('en')} in no pair, the highest learned rewards first`}>
      <p className="ppo-finding">{unseenWords({ unseen: unseen.length, total: world.responseCount, ref, now })}</p>
      <div className="unseen-scroll" role="region" aria-label={msg`Responses in no pair`} tabIndex={0}>
        <table className="unseen-table">
          <thead><tr><th scope="col">{msg`response`}</th><th scope="col">{msg`learned r̂`}</th>{view.gold && <th scope="col">{msg`true r`}</th>}<th scope="col">π<sub>ref</sub></th><th scope="col">{msg`its optimum π`}</th></tr></thead>
          <tbody>
            {top.map((y) => (
              <tr key={y}>
                <th scope="row">{responseName(responseText(world, y))}</th>
                <td title={String(scores[y])}>{formatNumber(scores[y])}</td>
                {view.gold && <td>{formatNumber(view.gold[y])}</td>}
                <td>{formatProbability(Math.exp(view.refLogps[y]))}</td>
                <td>{formatProbability(Math.exp(frame.logps[y]))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="lab-panel-note">{KINDS[kind]}{msg` And whatever the model: a pair compares two responses to one prompt, so a number c(x) added to all rewards of a prompt changes no comparison, no likelihood and no optimum. Where the reward is 0 is a convention.`}</p>
    </Panel>
  );
}

const KINDS = {
  table: msg`A table has one number for each response: those in no pair keep the number they began with, whatever is learned.`,
  linear: msg`Word counts and length are all that this model has, so what the pairs say of a word holds in every response that contains it, however often.`,
  mlp: msg`The network shares its weights between responses: what it says of those in no pair is how it happens to generalise.`,
} as const;
