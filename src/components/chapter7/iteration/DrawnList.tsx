/** The responses of one update to pick from: those with the highest and the lowest scores first, the others in a list. */
import type { DrawnResponse } from '../../../sim/iteration.ts';
import { msg } from '../../../sim/msg.ts';
import { responseName } from '../../../sim/words.ts';
import { promptOf, responseText, type World } from '../../../sim/world.ts';
import { formatNumber } from '../../format.ts';
import './iteration.css';

/** Shown of either end. */
const ENDS = 4;

interface DrawnListProps {
  world: World;
  /** Highest score first. */
  responses: readonly DrawnResponse[];
  /** Node of the response that is followed. */
  picked: number;
  onPick(response: number): void;
}

export function DrawnList({ world, responses, picked, onPick }: DrawnListProps) {
  const few = responses.length <= 2 * ENDS;
  const rest = few ? [] : responses.slice(ENDS, -ENDS);
  const ends = few ? [{ title: msg`By score`, part: responses }] : [{ title: msg`Highest scores`, part: responses.slice(0, ENDS) }, { title: msg`Lowest scores`, part: responses.slice(-ENDS).toReversed() }];
  const nameOf = (node: number) => drawnName(world, node);
  return (
    <div className="iteration-drawn">
      {ends.map(({ title, part }) => (
        <div key={title} role="group" aria-label={msg`${title}: response to follow`}>
          <h3>{title}</h3>
          {part.map(({ response, score, rollouts }) => (
            <button key={response} type="button" aria-pressed={response === picked} onClick={() => onPick(response)}>
              <span className="iteration-name" title={nameOf(response)}>{nameOf(response)}</span>
              <span className="iteration-times">{rollouts.length} ×</span>
              <b>{formatNumber(score)}</b>
            </button>
          ))}
        </div>
      ))}
      {rest.length > 0 && (
        <select className="quiet-select" aria-label={msg`Another response to follow`} value={rest.some(({ response }) => response === picked) ? picked : ''} onChange={(event) => onPick(Number(event.target.value))}>
          <option value="" disabled>{msg`${rest.length} more between`}</option>
          {rest.map(({ response, score, rollouts }) => <option key={response} value={response}>{nameOf(response)} ({rollouts.length} ×, {formatNumber(score)})</option>)}
        </select>
      )}
    </div>
  );
}

/** A response by its name, with its prompt where there are several. */
export function drawnName(world: World, node: number): string {
  const name = responseName(responseText(world, node));
  return world.promptCount > 1 ? msg`${name} — to “${world.prompts[promptOf(world, node)]}”` : name;
}
