/** The panels of the second rank: one open at a time, fetched when first opened. */
import { lazy, Suspense, useRef } from 'react';
import { flushSync } from 'react-dom';
import { setParam } from '../../sim/params.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { useLab, useLabStore, type PanelId } from '../labStore.ts';
import { useRunStore } from '../run.ts';
import './SecondRank.css';

const SpacePanel = lazy(() => import('../panels/SpacePanel.tsx').then((m) => ({ default: m.SpacePanel })));
const MassFlowPanel = lazy(() => import('../panels/MassFlowPanel.tsx').then((m) => ({ default: m.MassFlowPanel })));
const RewardPanel = lazy(() => import('../panels/RewardPanel.tsx').then((m) => ({ default: m.RewardPanel })));
const SweepPanel = lazy(() => import('../panels/SweepPanel.tsx').then((m) => ({ default: m.SweepPanel })));

const TITLES: Record<PanelId, string> = {
  space: 'The whole space',
  flow: 'Where did y₋’s mass go?',
  reward: 'Reward gap and KL',
  sweep: 'The same at several β',
};

export function SecondRank() {
  const open = useLab((lab) => lab.panel);
  const set = useLab((lab) => lab.set);
  const section = useRef<HTMLElement>(null);
  function toggle(id: PanelId): void {
    flushSync(() => set({ panel: open === id ? null : id }));
    if (open !== id) section.current?.scrollIntoView({ block: 'start', behavior: 'instant' });
  }
  return (
    <section className="second-rank" aria-label="More about this run" ref={section}>
      <div className="second-rank-tabs">
        {(Object.keys(TITLES) as PanelId[]).map((id) => (
          <button key={id} type="button" className="outlined" aria-expanded={open === id} aria-controls="second-rank-panel" onClick={() => { toggle(id); }}>
            {TITLES[id]}
          </button>
        ))}
      </div>
      <div id="second-rank-panel" className="second-rank-panel">
        {open && <Suspense fallback={<p>Loading “{TITLES[open]}”…</p>}><OpenPanel id={open} /></Suspense>}
      </div>
    </section>
  );
}

function OpenPanel({ id }: { id: PanelId }) {
  const lab = useLabStore();
  const run = useRunStore();
  const experiment = useExperiment();
  /** The panels above keep showing the β that was shown before. */
  function sweep(betas: number[] | null): void {
    const { beta } = experiment.algorithm;
    lab.getState().commit(setParam(experiment, 'sweepBeta', betas ?? []));
    const { focus, setFocus } = run.getState();
    if (betas?.includes(beta)) setFocus({ ...focus, sweepIndex: betas.indexOf(beta) });
  }
  switch (id) {
    case 'space': return <SpacePanel />;
    case 'flow': return <MassFlowPanel />;
    case 'reward': return <RewardPanel />;
    case 'sweep': return <SweepPanel onSweep={sweep} />;
  }
}
