/** The β bench as it is started: first one update, whose gaps are kept, then all others. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { benchNoise } from '../../sim/betaBench.ts';
import { threeSentencesAboutBeta } from '../../sim/presets/three-sentences-about-beta.ts';
import type { RunActions, RunStatus } from '../../sim/runStore.ts';
import { useLabStore } from '../labStore.ts';
import { useRunStore } from '../run.ts';

interface Bench {
  /** The number of the run that stops after its first update, to be played on from there. */
  opening: number | null;
  /** [M, R] after the first update, and of which run. */
  first: { run: number; metrics: Float64Array } | null;
  /** The speed that was wanted before the bench ran flat out. */
  speed: number | null;
}

export const benchStore = createStore<Bench>()(() => ({ opening: null, first: null, speed: null }));

export function useBench<T>(selector: (bench: Bench) => T): T {
  return useStore(benchStore, selector);
}

/** Keeps the first update of every bench, and plays a bench on that was started by its button. */
export function useBenchKeeper(): void {
  const run = useRunStore();
  useEffect(() => {
    keep(run.getState());
    const stop = run.subscribe(keep);
    return () => {
      stop();
      const { speed } = benchStore.getState();
      benchStore.setState({ opening: null, speed: null });
      if (speed !== null) run.getState().setSpeed(speed);
    };
  }, [run]);
}

function keep(now: RunStatus & RunActions): void {
  const { opening, first, speed } = benchStore.getState();
  if (now.replacing || !now.experiment || !now.frame) return;
  if (now.frame.step === 1 && first?.run !== now.run && benchNoise(now.experiment) !== null) {
    benchStore.setState({ first: { run: now.run, metrics: now.frame.metrics } });
  }
  if (opening === now.run && now.frame.step === 1 && now.state === 'paused') {
    benchStore.setState({ opening: null });
    now.play();
  }
  // Flat out was for the bench alone: when it ends, or something else runs, the speed is the reader's again.
  if (speed !== null && opening !== now.run && (now.state === 'done' || now.state === 'failed' || benchNoise(now.experiment) === null)) {
    benchStore.setState({ speed: null, opening: null });
    now.setSpeed(speed);
  }
}

/** Starts the bench in the place of the present run. */
export function useStartBench(): () => void {
  const lab = useLabStore();
  const run = useRunStore();
  return () => {
    lab.getState().choosePreset(threeSentencesAboutBeta.id);
    const { speed, setSpeed, stepBy, run: number } = run.getState();
    benchStore.setState(({ speed: kept }) => ({ opening: number, speed: kept ?? speed }));
    setSpeed(Infinity);
    stepBy(1);
  };
}
