/**
 * How far rounding carries in a run: the same run in other arithmetic, compared with the run itself.
 *
 * Gradient descent may amplify the last digit of float32 (Adam divides a gradient by its size, so one that is nearly 0 counts
 * like any other; a learning rate at the edge of stability throws the policy about), and then no arithmetic but the lab's own
 * gives the lab's numbers. What a script may be off is measured by twins: the same run from a start whose every number is
 * moved by up to one unit in its last place, the first of them on another backend.
 */
import { metricIndex, METRICS } from '../metrics.ts';
import type { ParameterArrays } from '../models/policy.ts';
import type { Prepared } from '../prepare.ts';
import { randomAt, STREAM } from '../random.ts';
import type { Measurement } from '../run.ts';
import type { BackendName, JudgedBatch } from '../worker/protocol.ts';
import { CHECKED_METRICS, listedResponses, type Sensitivity } from './recording.ts';

/** One unit in the last place of a float32 between 1 and 2. */
const LAST_PLACE = 2 ** -23;

/** Parameters whose every number is moved by up to one unit in its last place. */
export function roundedOtherwise(parameters: readonly ParameterArrays[], twin: number): ParameterArrays[] {
  return parameters.map((parameter, i) => {
    const random = randomAt(twin, STREAM.initialisation, i);
    return { ...parameter, data: parameter.data.map((value) => value * (1 + LAST_PLACE * (2 * random.uniform() - 1))) };
  });
}

/** Most multiplications, roughly, of a twin in plain JavaScript: ten seconds. */
const PLAIN_WORK = 5e8;
/** So many multiplications takes an entry of a tensor that is gathered: of a response, or of a token of a pair. */
const GATHERED = 100;

/** Where the twins run: the first on another backend, where that is soon done. */
export function twinBackends({ experiment, world, reference, members, pairs }: Prepared, backend: BackendName): BackendName[] {
  if (backend !== 'wasm') return ['wasm', 'wasm', 'wasm'];
  const parameters = reference.reduce((sum, { data }) => sum + data.length, 0);
  const perUpdate = experiment.policy.kind === 'tabular' ? parameters : parameters * world.contextCount;
  const { algorithm } = experiment;
  const trained = algorithm.kind === 'online-dpo' ? Math.max(pairs.pairs.length, algorithm.pairsPerResample * world.promptCount) : pairs.pairs.length;
  const gathered = members.length * (world.responseCount + 2 * trained * world.maxLength);
  return [experiment.steps * (perUpdate + GATHERED * gathered) > PLAIN_WORK ? 'wasm' : 'cpu', 'wasm', 'wasm'];
}

/** What a run and its twins are compared by. */
export interface Followed {
  measurements: readonly (Pick<Measurement, 'step' | 'metrics' | 'logps' | 'notFinite'> & {
    /** Largest |log π(y|x)| of each policy per token of the longest response, [R], nats: about its largest logit. */
    deepest: readonly number[];
  })[];
  judged: readonly JudgedBatch[];
}

/**
 * How far the twin has been from the run by every record, per policy, at least what float32 can tell apart. From the first pair on that it draws otherwise they
 * learn from different pairs, so nothing is added any more.
 */
export function sensitivityOf(run: Followed, twin: Followed, policies: number): Sensitivity[] {
  return Array.from({ length: policies }, (_, r) => {
    const parted = firstDifference(run.judged, twin.judged, r);
    const found: Sensitivity = { probability: [], relative: [], logp: [] };
    let probability = 0;
    let relative = 0;
    let logarithm = 0;
    run.measurements.forEach(({ step, metrics, logps, deepest }, i) => {
      const other = twin.measurements[i];
      // Logits of that size are rounded by so much, whatever the twins say: they all round alike.
      const rounding = LAST_PLACE / 2 * deepest[r];
      probability = Math.max(probability, rounding);
      relative = Math.max(relative, rounding);
      if (other.notFinite.includes(r)) probability = relative = logarithm = Infinity;
      else if (step < parted) {
        for (const id of CHECKED_METRICS) {
          const row = METRICS[metricIndex(id)];
          const place = metricIndex(id) * policies + r;
          const off = Math.abs(metrics[place] - other.metrics[place]);
          if (!Number.isFinite(off) || row.unit === 'share') continue;
          if (row.unit === 'probability') probability = Math.max(probability, off);
          else relative = Math.max(relative, off / Math.max(1, Math.abs(metrics[place])));
        }
        const own = logps[r];
        if (own) {
          own.forEach((logp, y) => { probability = Math.max(probability, Math.abs(Math.exp(logp) - Math.exp(other.logps[r][y]))); });
          for (const y of listedResponses(own)) logarithm = Math.max(logarithm, Math.abs(own[y] - other.logps[r][y]) / Math.max(1, Math.abs(own[y])));
        }
      }
      found.probability.push(probability);
      found.relative.push(relative);
      found.logp.push(Math.max(logarithm, relative));
    });
    return found;
  });
}

/** The larger of what several twins say, at every record. */
export function worstOf(twins: readonly (readonly Sensitivity[])[]): Sensitivity[] {
  const worst = (r: number, kind: keyof Sensitivity) => twins[0][r][kind].map((_, i) => Math.max(...twins.map((twin) => twin[r][kind][i])));
  return twins[0].map((_, r) => ({ probability: worst(r, 'probability'), relative: worst(r, 'relative'), logp: worst(r, 'logp') }));
}

/** The update before which policy r first drew other pairs; Infinity where it never did. */
function firstDifference(run: readonly JudgedBatch[], twin: readonly JudgedBatch[], r: number): number {
  const own = run.filter(({ policy }) => policy === r);
  const others = twin.filter(({ policy }) => policy === r);
  const at = own.findIndex(({ nodes }, i) => nodes.some((node, k) => node !== others[i]?.nodes[k]));
  return at < 0 ? Infinity : own[at].step;
}
