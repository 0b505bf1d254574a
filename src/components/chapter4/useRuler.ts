/** What is on the ruler now: the marks, the β they are read at, and the names of the pair. */
import { useMemo } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import { responseText } from '../../sim/world.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { useSetting } from '../derivation/useSetting.ts';
import { useRun } from '../run.ts';
import { focusBeta } from '../../sim/focus.ts';
import { EXAMPLES, marksOf, reachOf, readRuler, type RulerMarks, type RulerReading, type Side } from './ruler.ts';
import { useRulerStore, type RulerSource } from './rulerStore.ts';

export interface RulerNow {
  source: RulerSource;
  marks: RulerMarks;
  reading: RulerReading;
  beta: number;
  /** Half the ruler's length, nats. */
  reach: number;
  /** Texts of the pair, where the marks are those of the run's. */
  names: Record<Side, string> | null;
}

/** Null while the run that the ruler follows gets ready. */
export function useRuler(): RulerNow | null {
  const setting = useUsableSetting();
  const experiment = useExperiment();
  const focus = useRun((run) => run.focus);
  const { source, pair, least } = useRulerStore((ruler) => ruler);
  return useMemo(() => {
    const beta = setting?.beta ?? focusBeta(experiment, focus);
    const shown = setting && (setting.pairs[pair] ?? setting.pairs[0]);
    let marks: RulerMarks;
    if (source.kind === 'own') marks = source.marks;
    else if (source.kind === 'example') marks = EXAMPLES[source.id].marks;
    else if (shown) marks = marksOf(setting.refLogps, setting.logps, shown);
    else return null;
    const names = source.kind === 'run' && shown ? { chosen: responseText(setting.world, shown.chosen), rejected: responseText(setting.world, shown.rejected) } : null;
    return { source, marks, reading: readRuler(marks, beta), beta, reach: reachOf(marks, least), names };
  }, [setting, experiment, focus, source, pair, least]);
}

/** The setting, or null where there is none, for whatever reason. */
export function useUsableSetting(): Setting | null {
  const setting = useSetting();
  return typeof setting === 'string' ? null : setting;
}

/** Why there is no setting, where it is not that a run gets ready. */
export function useSettingWords(): string | null {
  const setting = useSetting();
  return typeof setting === 'string' ? setting : null;
}
