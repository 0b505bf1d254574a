/** The self-check's results as data: every line and every slide's version on the present numbers, and what the engine said. */
import { ERRATA, SLIDE_VERSIONS } from '../../derivation/errata.ts';
import type { Setting } from '../../derivation/setting.ts';
import { evaluate, toleranceOf, type Check, type Verdict } from '../../derivation/step.ts';
import { STEPS } from '../../derivation/steps.ts';
import { msg } from '../../sim/msg.ts';
import type { SelfTestRow } from '../../sim/worker/selfTestProtocol.ts';

export interface CheckedStep {
  id: string;
  title: string;
  kind: Check['kind'];
  /** Instances checked, and the largest difference among them, relative; 0 and NaN for definitions. */
  count: number;
  off: number;
  verdict: Verdict;
}

export interface CheckedErratum {
  number: number;
  /** The step it stands at, or the chapter. */
  at: string;
  slide: string;
  /** Whether the slide's version is right in this setting, by what mathematics says, and what the check found. */
  expected: 'holds' | 'fails';
  found: 'holds' | 'fails';
  off: number;
  asExpected: boolean;
}

export interface MathematicsCheck {
  tolerance: number;
  steps: CheckedStep[];
  /** Those errata whose slide's version is an equation. */
  errata: CheckedErratum[];
  /** Errata that are words, with nothing to evaluate. */
  words: number;
}

export function checkMathematics(setting: Setting): MathematicsCheck {
  const steps = STEPS.map(({ id, title, check }): CheckedStep => {
    const { verdict, off, count } = evaluate(check, setting);
    return { id, title, kind: check.kind, count, off: check.kind === 'definition' ? NaN : off, verdict };
  });
  const errata = SLIDE_VERSIONS.map(({ erratum: { number, slide }, place, version }): CheckedErratum => {
    const expected = version.isExact(setting) ? 'holds' : 'fails';
    const { verdict, off } = evaluate(version.check, setting);
    const found = verdict === 'pass' ? 'holds' : 'fails';
    return { number, at: 'step' in place ? titleOf(place.step) : msg`chapter ${place.chapter}`, slide, expected, found, off, asExpected: found === expected };
  });
  return { tolerance: toleranceOf(setting), steps, errata, words: ERRATA.length - new Set(errata.map(({ number }) => number)).size };
}

const titleOf = (id: string) => STEPS.find((step) => step.id === id)?.title ?? id;

/** The result in one sentence. */
export function summary({ steps, errata }: MathematicsCheck, engine: readonly SelfTestRow[]): string {
  const checked = steps.filter(({ verdict }) => verdict !== 'definition');
  const failed = [
    ...checked.filter(({ verdict }) => verdict === 'fail').map(({ title }) => msg`the line “${title}”`),
    ...errata.filter(({ asExpected }) => !asExpected).map(({ number }) => msg`the slides’ version ${number}`),
    ...engine.filter(({ verdict }) => verdict === 'fail').map(({ name }) => msg`the engine’s ${name}`),
  ];
  const ran = engine.filter(({ verdict }) => verdict !== 'not-run').length;
  const done = msg`${checked.length} lines and ${errata.length} of the slides’ versions were evaluated, ${ran} tests of the engine run`;
  return failed.length === 0 ? msg`${done}: all as they should be.` : msg`${done}; not as it should be: ${failed.join(', ')}.`;
}
