/** The self-check: every line and every slide's version on the present experiment, and the engine on this machine. */
import { useEffect, useRef, useState } from 'react';
import { printExperiment } from '../../sim/experimentSchema.ts';
import { msg } from '../../sim/msg.ts';
import type { SelfTestRow } from '../../sim/worker/selfTestProtocol.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { download } from '../frame/download.ts';
import { useLab } from '../labStore.ts';
import { useRun } from '../run.ts';
import { checkMathematics, summary, type MathematicsCheck } from './selfCheck.ts';
import { EngineTable, ErrataTable, StepsTable } from './SelfCheckTables.tsx';
import { startSelfTest } from './selfTestWorker.ts';
import { useSetting } from './useSetting.ts';
import './selfCheck.css';

interface Check {
  mathematics: MathematicsCheck | string;
  engine: SelfTestRow[];
  /** The engine's part is still under way. */
  running: boolean;
  problem: string | null;
  /** What was checked, for the file. */
  experiment: unknown;
  backend: string;
}

export function SelfCheckPanel() {
  const setting = useSetting();
  const experiment = useExperiment();
  const backend = useRun((run) => run.backend?.name ?? null);
  const asked = useLab((lab) => lab.selfCheckAsked);
  const set = useLab((lab) => lab.set);
  const [check, setCheck] = useState<Check | null>(null);
  const stop = useRef<() => void>(() => {});
  const section = useRef<HTMLElement>(null);
  useEffect(() => () => stop.current(), []);

  function begin(): void {
    if (setting === null || backend === null) return;
    stop.current();
    const mathematics = typeof setting === 'string' ? setting : checkMathematics(setting);
    setCheck({ mathematics, engine: [], running: true, problem: null, experiment: JSON.parse(printExperiment(experiment)), backend });
    const change = (next: (old: Check) => Partial<Check>) => setCheck((old) => old && { ...old, ...next(old) });
    stop.current = startSelfTest(experiment, backend, (row) => change((old) => ({ engine: [...old.engine, row] })), (problem) => change(() => ({ running: false, problem })));
  }

  const ready = setting !== null && backend !== null;
  useEffect(() => {
    if (!asked || !ready) return;
    set({ selfCheckAsked: false });
    section.current?.scrollIntoView({ block: 'start', behavior: 'instant' });
    begin();
    // oxlint-disable-next-line react/exhaustive-deps -- begins once, when what it needs is there
  }, [asked, ready]);

  const verdict = check && verdictOf(check);
  return (
    <section ref={section} className="self-check" aria-label={msg`Self-check`} data-self-check={verdict ?? 'idle'}>
      <p className="self-check-what">
        {msg`Is what this page says true here and now? The self-check evaluates every line of the derivation, and every line as the slides have it, on the experiment as it stands, and tests the engine on this machine: its gradients against differences of the loss, one backend against another.`}
      </p>
      <div className="self-check-actions">
        <button type="button" className="outlined" aria-disabled={!ready || undefined} onClick={begin}>{check ? msg`Check again` : msg`Run the self-check`}</button>
        {check && !check.running && <button type="button" className="outlined" onClick={() => download('dpo-lab-self-check.json', `${JSON.stringify(fileOf(check), null, 2)}\n`)}>{msg`Save the results`}</button>}
      </div>
      <p role="status" className="self-check-summary" data-verdict={verdict ?? undefined}>{check && sentenceOf(check)}</p>
      {check && (
        <div className="self-check-tables">
          {typeof check.mathematics !== 'string' && <><StepsTable check={check.mathematics} /><ErrataTable check={check.mathematics} /></>}
          <EngineTable rows={check.engine} running={check.running} />
        </div>
      )}
    </section>
  );
}

function verdictOf({ mathematics, engine, running, problem }: Check): 'running' | 'pass' | 'fail' {
  if (running) return 'running';
  if (problem !== null || engine.some(({ verdict }) => verdict === 'fail')) return 'fail';
  if (typeof mathematics === 'string') return 'pass';
  return mathematics.steps.some(({ verdict }) => verdict === 'fail') || mathematics.errata.some(({ asExpected }) => !asExpected) ? 'fail' : 'pass';
}

function sentenceOf(check: Check): string {
  if (check.running) return msg`Testing the engine.`;
  if (check.problem !== null) return check.problem;
  const { mathematics, engine } = check;
  return typeof mathematics === 'string' ? msg`${engine.filter(({ verdict }) => verdict === 'pass').length} tests of the engine passed. ${mathematics}` : summary(mathematics, engine);
}

/** NaN is no JSON: what was not run has null. */
function fileOf({ mathematics, engine, problem, experiment, backend }: Check) {
  return { page: msg`DPO Lab self-check`, date: new Date().toISOString(), browser: navigator.userAgent, backend, mathematics, engine, problem, experiment };
}
