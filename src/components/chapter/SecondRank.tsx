/** The panels of the second rank: one open at a time, fetched when first opened. */
import { useRef, type ComponentType } from 'react';
import { flushSync } from 'react-dom';
import { msg } from '../../sim/msg.ts';
import { setParam, type ParamId } from '../../sim/params.ts';
import { chapterOf, type ChapterId, type ChapterPanel } from '../chapters.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import { usePredict } from '../predict/predictStore.ts';
import { useRunStore } from '../run.ts';
import { PANEL_LOADS, type PanelProps } from './panelLoads.ts';
import { useLoaded, usePrefetch } from './useLoaded.ts';
import './SecondRank.css';

const ALL_LOADS = Object.values(PANEL_LOADS).filter((load) => load !== undefined);

export function SecondRank({ chapter }: { chapter: ChapterId }) {
  const open = useLab((lab) => lab.panel);
  const predicted = usePredict((predict) => predict.records.length > 0);
  // Panels that offer another run than the page may have.
  const [noControls, noPresets] = [useHidden('controls'), useHidden('presets')];
  const sweeps = useExperiment().sweep?.beta !== undefined;
  const barred = [...(noControls && !sweeps ? ['sweep'] : []), ...(noPresets && !sweeps ? ['bench'] : [])];
  // A list of predictions is offered once there are any.
  const panels = chapterOf(chapter).panels.filter(({ id }) => !barred.includes(id) && (id !== 'predictions' || predicted || id === open));
  const set = useLab((lab) => lab.set);
  const section = useRef<HTMLElement>(null);
  const shown = panels.find(({ id }) => id === open);
  function toggle(id: string): void {
    flushSync(() => set({ panel: open === id ? null : id }));
    if (open !== id) section.current?.scrollIntoView({ block: 'start', behavior: 'instant' });
  }
  usePrefetch(ALL_LOADS);
  const [hidden, embedded] = [useHidden('panels'), useLab((lab) => lab.embedded)];
  if (panels.length === 0 || hidden || embedded) return null;
  return (
    <section className="second-rank" aria-label={msg`More about this run`} ref={section}>
      <div className="second-rank-tabs">
        {panels.map(({ id, title }) => (
          <button key={id} type="button" className="outlined" aria-expanded={open === id} aria-controls="second-rank-panel" onClick={() => { toggle(id); }}>
            {title}
          </button>
        ))}
      </div>
      <div id="second-rank-panel" className="second-rank-panel">
        {shown && <OpenPanel key={shown.id} panel={shown} />}
      </div>
    </section>
  );
}

function OpenPanel({ panel: { id, title } }: { panel: ChapterPanel }) {
  const load = PANEL_LOADS[id];
  if (!load) throw new Error(`SecondRank: PANEL_LOADS has no panel "${id}"`);
  return <FetchedPanel load={load} title={title} />;
}

function FetchedPanel({ load, title }: { load: () => Promise<ComponentType<PanelProps>>; title: string }) {
  const lab = useLabStore();
  const run = useRunStore();
  const experiment = useExperiment();
  const loaded = useLoaded(load);

  function sweepOf(param: ParamId, values: readonly number[] | null): boolean {
    const refused = lab.getState().commit(setParam(experiment, param, values ?? []));
    if (refused !== null) lab.getState().notify([refused]);
    return refused === null;
  }
  /** The panels above keep showing the β that was shown before. */
  function sweep(betas: number[] | null): void {
    const { beta } = experiment.algorithm;
    if (!sweepOf('sweepBeta', betas)) return;
    const { focus, setFocus } = run.getState();
    if (betas?.includes(beta)) setFocus({ ...focus, sweepIndex: betas.indexOf(beta) });
  }

  if (loaded === 'failed') return <p role="alert">“{title}{msg`” could not be loaded. Reload the page and open it again.`}</p>;
  if (!loaded) return <p role="status">{msg`Loading “`}{title}”…</p>;
  return <loaded.Part onSweep={sweep} onSweepOf={sweepOf} />;
}
