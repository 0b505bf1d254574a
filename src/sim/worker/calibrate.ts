/**
 * Which backend trains: measured on this machine and on this very population, not assumed.
 *
 * A hardware WebGPU adapter is taken unless it measures more than twice as slow as the best other
 * backend; a software adapter is never chosen unless asked for; else the fastest of wasm and cpu.
 */
import { msg } from '../msg.ts';
import type { BackendName, BackendReport, BackendTrial } from './protocol.ts';
import { BACKENDS } from './protocol.ts';

/** Time spent measuring each backend, ms. */
export const CALIBRATION_MS = 50;

export interface Candidate {
  name: BackendName;
  available: boolean;
  software: boolean;
  note: string;
}

export interface Calibration {
  candidates(): Promise<Candidate[]>;
  /** Updates of the population per second on a backend; throws when the backend fails. */
  measure(name: BackendName): Promise<number>;
}

/** Measures what may be chosen and says why the choice was made. */
export async function chooseBackend(pinned: BackendName | null, calibration: Calibration): Promise<BackendReport> {
  const trials: BackendTrial[] = [];
  const software = new Set<BackendName>();
  for (const { name, available, software: isSoftware, note } of await calibration.candidates()) {
    if (isSoftware) software.add(name);
    const wanted = available && (pinned === null ? !isSoftware : name === pinned);
    if (!wanted) {
      const why = !available ? note : pinned === null ? msg`${note}, used only when asked for` : msg`${note}, not measured`;
      trials.push({ name, updatesPerSecond: null, note: why });
      continue;
    }
    try {
      trials.push({ name, updatesPerSecond: await calibration.measure(name), note });
    } catch (error) {
      trials.push({ name, updatesPerSecond: null, note: msg`failed: ${(error as Error).message}` });
    }
  }
  if (pinned !== null) {
    const trial = trials.find(({ name }) => name === pinned);
    if (trial?.updatesPerSecond == null) throw new Error(`The backend ${pinned} was asked for but cannot be used here (${trial?.note ?? 'unknown'}).`);
    return { name: pinned, reason: msg`You asked for ${BACKEND_LABELS[pinned]}${software.has(pinned) ? msg`, which is a software adapter here` : ''}.`, trials };
  }
  return { ...decide(trials), trials };
}

/** Said when it is read: the worker is told its language after its modules are loaded. */
export const BACKEND_LABELS: Readonly<Record<BackendName, string>> = { webgpu: 'WebGPU', wasm: 'WebAssembly', get cpu() { return msg`plain JavaScript`; } };

/** The rule, on the measured figures alone. */
export function decide(trials: readonly BackendTrial[]): { name: BackendName; reason: string } {
  const measured = trials.filter((trial): trial is BackendTrial & { updatesPerSecond: number } => trial.updatesPerSecond !== null);
  if (measured.length === 0) throw new Error('No backend could be started in this browser.');
  const fastest = measured.reduce((a, b) => (b.updatesPerSecond > a.updatesPerSecond ? b : a));
  const webgpu = measured.find(({ name }) => name === 'webgpu');
  if (webgpu && webgpu.updatesPerSecond * 2 >= fastest.updatesPerSecond) {
    const speed = fastest === webgpu ? msg`measured fastest` : msg`is not more than twice as slow as ${BACKEND_LABELS[fastest.name]}`;
    return { name: 'webgpu', reason: msg`WebGPU has a graphics adapter here and ${speed}.` };
  }
  const others = BACKENDS.filter((name) => name !== fastest.name).flatMap((name) => {
    const trial = trials.find((t) => t.name === name);
    return trial && trial.updatesPerSecond === null ? [`${BACKEND_LABELS[name]}: ${trial.note}`] : [];
  });
  return { name: fastest.name, reason: msg`${BACKEND_LABELS[fastest.name]} measured fastest on this machine${others.length ? ` (${others.join('; ')})` : ''}.` };
}
