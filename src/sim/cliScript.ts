/** The command line's --pytorch: the run as a PyTorch script. */
import { UsageError, type Options } from './cliOptions.ts';
import type { Prepared } from './prepare.ts';
import { coverageWords } from './pytorch/coverage.ts';
import { recordPrepared, type RecordOptions } from './pytorch/record.ts';
import { lengthRefusal } from './pytorch/refusal.ts';
import { pythonScript } from './pytorch/script.ts';

/**
 * Records the run; gives its script, and a sentence of what of the run the script does not compare, or null.
 *
 * @throws UsageError where it came out too long
 */
export async function recordedScript(prepared: Prepared, { backend, pytorch }: Options, switchBackend: RecordOptions['switchBackend'], report: (text: string) => void): Promise<{ script: string; note: string | null }> {
  const recording = await recordPrepared(prepared, {
    backend, switchBackend,
    onProgress: (progress) => { if (progress.stage === 'run') report(`recording for the script, run ${progress.part} of ${progress.parts}: update ${progress.step} of ${progress.steps}`); },
  });
  const script = await pythonScript(recording);
  report('');
  const refusal = lengthRefusal(script.length);
  if (refusal !== null) throw new UsageError(`--pytorch ${pytorch}: ${refusal}`);
  return { script, note: coverageWords(recording) };
}
