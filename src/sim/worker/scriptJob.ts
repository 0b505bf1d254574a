/** Records the run on screen once more and writes its PyTorch script, in a worker of its own: what is training goes on. */
import { msg } from '../msg.ts';
import { coverageWords } from '../pytorch/coverage.ts';
import { recordRun, type RecordProgress } from '../pytorch/record.ts';
import { lengthRefusal, scriptRefusal } from '../pytorch/refusal.ts';
import { pythonScript } from '../pytorch/script.ts';
import { FIT } from '../trainers/referenceFit.ts';
import { onMessages, post, type MessageTarget, type Translate } from './endpoint.ts';
import type { BackendName } from './protocol.ts';
import type { ScriptEvent, ScriptRequest } from './scriptProtocol.ts';

/** What the job needs of the backends (backend.ts; a test passes its own). */
export interface ScriptBackends {
  availability(name: BackendName): Promise<{ available: boolean }>;
  switchBackend(name: BackendName): Promise<void>;
}

/** Answers one request after another. */
export function serveScript(port: MessageTarget, backends: ScriptBackends): void {
  onMessages<ScriptRequest | Translate>(port, (request) => {
    if (request.type === 'translate') return;
    const tell = (event: ScriptEvent) => post(port, event);
    writeScript(request, backends, tell).then(
      (made) => tell({ type: 'script-done', ...made }),
      (error: unknown) => tell({ type: 'script-failed', message: error instanceof Error ? error.message : String(error) }),
    );
  });
}

/** @throws Error with the sentence where there is no script */
async function writeScript({ experiment, changes, backend }: ScriptRequest, { availability, switchBackend }: ScriptBackends, tell: (event: ScriptEvent) => void): Promise<{ script: string; note: string | null }> {
  const refusal = scriptRefusal(experiment);
  if (refusal !== null) throw new Error(refusal);
  // The reference is fitted on the processor whatever backend trains, as the page's runs have it. A graphics device is left
  // to the page: the script is of a run on the processor, and says so.
  const wasm = (await availability('wasm')).available;
  await switchBackend(wasm ? 'wasm' : 'cpu');
  const recording = await recordRun(experiment, {
    changes,
    switchBackend: async (name) => {
      const used = wasm ? name : 'cpu';
      await switchBackend(used);
      return used;
    },
    backend: backend === 'cpu' || !wasm ? 'cpu' : 'wasm',
    onProgress: (progress) => tell({ type: 'script-progress', ...progressOf(progress) }),
  });
  const script = await pythonScript(recording);
  const tooLong = lengthRefusal(script.length);
  if (tooLong !== null) throw new Error(tooLong);
  return { script, note: coverageWords(recording) };
}

/** The fits are a fifth of the bar, the runs the rest. */
function progressOf(progress: RecordProgress): { done: number; words: string } {
  switch (progress.stage) {
    case 'reference': return { done: 0.1 * progress.update / FIT.updates, words: msg`fitting the reference: update ${progress.update} of at most ${FIT.updates}` };
    case 'reward-model': return { done: 0.1 + 0.1 * progress.step / progress.steps, words: msg`fitting the reward model: update ${progress.step} of ${progress.steps}` };
    case 'run': return {
      done: 0.2 + 0.8 * (progress.part - 1 + progress.step / Math.max(1, progress.steps)) / progress.parts,
      words: progress.part === 1
        ? msg`recording the run: update ${progress.step} of ${progress.steps}`
        : msg`measuring what rounding does, run ${progress.part - 1} of ${progress.parts - 1}: update ${progress.step} of ${progress.steps}`,
    };
  }
}
