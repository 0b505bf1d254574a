/** From a page that stands in another one to the lab itself, at the same state. */
import { msg } from '../../sim/msg.ts';
import { useLabStore } from '../labStore.ts';
import { linkOf } from '../link.ts';
import { useRun, useRunStore } from '../run.ts';

export function OpenInLab() {
  const run = useRunStore();
  const lab = useLabStore();
  const step = useRun(({ state, step: at }) => (state === 'paused' || state === 'done' ? at : 0));
  return (
    <a className="quiet open-in-lab" href={`${location.pathname}${linkOf(run, lab, { embed: false, step: step > 0 ? step : null })}`} target="_blank" rel="noreferrer">
      {msg`Open in the lab`}
    </a>
  );
}
