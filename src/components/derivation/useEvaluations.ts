/** The lines' checks on the present numbers: at once in a toy world, in small pieces of time in a large one. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import { evaluate, type Check, type Evaluated } from '../../derivation/step.ts';

/** What is evaluated, by a name of its own. */
export type Checks = ReadonlyMap<string, Check>;

/** Results, and the numbers they belong to. */
export interface Evaluations {
  setting: Setting;
  of: ReadonlyMap<string, Evaluated>;
}

/** More responses than this are not summed within one frame. */
export const AT_ONCE = 5_000;
/** After a pass in pieces the page gets this many times as long for everything else. */
const REST = 2;

/** Results of the newest setting; in a large world of the newest one that is through. Null while there is none. */
export function useEvaluations(checks: Checks, setting: Setting | null): Evaluations | null {
  const large = setting !== null && setting.world.responseCount > AT_ONCE;
  const now = useMemo(() => (setting === null || large ? null : { setting, of: new Map([...checks].map(([name, check]) => [name, evaluate(check, setting)])) }), [checks, setting, large]);
  const later = useInPieces(checks, large ? setting : null);
  return large ? later : now;
}

function useInPieces(checks: Checks, setting: Setting | null): Evaluations | null {
  const [done, setDone] = useState<Evaluations | null>(null);
  const passes = useRef<Passes | null>(null);
  useEffect(() => {
    const own = createPasses(setDone);
    passes.current = own;
    return () => own.stop();
  }, []);
  useEffect(() => { if (setting) passes.current?.want(checks, setting); }, [checks, setting]);
  // Results of another world would name responses that this one does not have.
  return done && setting && done.setting.world === setting.world ? done : null;
}

export interface Passes {
  /** Evaluates these; a pass that has begun goes on to its end first, so that fast changes starve none. */
  want(checks: Checks, setting: Setting): void;
  stop(): void;
}

/** One check per task: the page can draw and answer in between. */
export function createPasses(report: (done: Evaluations) => void): Passes {
  let wanted: { checks: Checks; setting: Setting } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function begin(): void {
    if (!wanted) return;
    const { checks, setting } = wanted;
    wanted = null;
    const rest = [...checks];
    const of = new Map<string, Evaluated>();
    let took = 0;
    const next = () => {
      const piece = rest.shift();
      if (!piece) {
        report({ setting, of });
        timer = setTimeout(() => { timer = undefined; begin(); }, REST * took);
        return;
      }
      const started = performance.now();
      of.set(piece[0], evaluate(piece[1], setting));
      took += performance.now() - started;
      timer = setTimeout(next);
    };
    timer = setTimeout(next);
  }
  return {
    want(checks, setting) {
      wanted = { checks, setting };
      if (timer === undefined) begin();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      wanted = null;
    },
  };
}
