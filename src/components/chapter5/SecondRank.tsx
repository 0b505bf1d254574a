/**
 * The panels of the second rank: one open at a time, fetched when first opened.
 *
 * Not React.lazy: React 19.3 retries a suspended panel at the lowest priority, and a run that trains at full
 * speed renders often enough to keep it waiting for seconds (tests/browser/chapter5.test.ts opens one then).
 */
import { useEffect, useRef, useState, type ComponentType } from 'react';
import { flushSync } from 'react-dom';
import { setParam } from '../../sim/params.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { useLab, useLabStore, type PanelId } from '../labStore.ts';
import { useRun, useRunStore } from '../run.ts';
import './SecondRank.css';

interface PanelProps {
  onSweep: (betas: number[] | null) => void;
}

const LOAD: Record<PanelId, () => Promise<ComponentType<PanelProps>>> = {
  space: async () => (await import('../panels/SpacePanel.tsx')).SpacePanel,
  flow: async () => (await import('../panels/MassFlowPanel.tsx')).MassFlowPanel,
  reward: async () => (await import('../panels/RewardPanel.tsx')).RewardPanel,
  sweep: async () => (await import('../panels/SweepPanel.tsx')).SweepPanel,
};

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
  usePrefetch();
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
        {open && <OpenPanel key={open} id={open} />}
      </div>
    </section>
  );
}

/** Fetches the panels once the page has shown its first numbers and has nothing else to do: opening one then needs no network. */
function usePrefetch(): void {
  const shown = useRun((run) => run.frame !== null);
  useEffect(() => {
    if (!shown) return;
    // A panel that cannot be fetched says so when it is opened.
    const fetchAll = () => { for (const load of Object.values(LOAD)) load().catch(() => {}); };
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(fetchAll, 1000);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(fetchAll, { timeout: 5000 });
    return () => cancelIdleCallback(idle);
  }, [shown]);
}

function OpenPanel({ id }: { id: PanelId }) {
  const lab = useLabStore();
  const run = useRunStore();
  const experiment = useExperiment();
  const [loaded, setLoaded] = useState<{ Panel: ComponentType<PanelProps> } | 'failed' | null>(null);
  useEffect(() => {
    let wanted = true;
    LOAD[id]().then((Panel) => { if (wanted) setLoaded({ Panel }); }, () => { if (wanted) setLoaded('failed'); });
    return () => { wanted = false; };
  }, [id]);

  /** The panels above keep showing the β that was shown before. */
  function sweep(betas: number[] | null): void {
    const { beta } = experiment.algorithm;
    const refused = lab.getState().commit(setParam(experiment, 'sweepBeta', betas ?? []));
    if (refused !== null) {
      lab.getState().notify([refused]);
      return;
    }
    const { focus, setFocus } = run.getState();
    if (betas?.includes(beta)) setFocus({ ...focus, sweepIndex: betas.indexOf(beta) });
  }

  if (loaded === 'failed') return <p role="alert">“{TITLES[id]}” could not be loaded. Reload the page and open it again.</p>;
  if (!loaded) return <p role="status">Loading “{TITLES[id]}”…</p>;
  return <loaded.Panel onSweep={sweep} />;
}
