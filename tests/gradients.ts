/**
 * The product's gradients on the current backend, read from the trainers themselves: with SGD and learning
 * rate 1 one update moves the parameters by minus the gradient. Browser tests run it on WebGPU.
 */
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex } from '../src/sim/metrics.ts';
import { prepareRun, type FittedReference } from '../src/sim/prepare.ts';
import { createRun } from '../src/sim/run.ts';
import { contextsOfPairs } from '../src/sim/trainers/shared/pairTensors.ts';
import { promptOf, responseText } from '../src/sim/world.ts';
import { enumerate } from './oracle/space.ts';

export interface Gradients {
  /** Loss of every policy at the point, [R]. */
  loss: number[];
  /** [R][contexts · tokens], in the oracle's order of logits. */
  gradients: number[][];
}

/**
 * Loss and gradient of a tabular population at given logits.
 *
 * @param logits  [R][contexts · tokens], in the oracle's order
 */
export async function tabularGradients(experiment: Experiment, logits: readonly (readonly number[])[]): Promise<Gradients> {
  const prepared = await prepareRun({ ...experiment, optimizer: { kind: 'sgd', learningRate: 1 } }, { get: () => undefined, set() {} }, () => {});
  const run = await createRun(prepared);
  const { world } = prepared;
  const { tokenCount } = world;
  const start = await run.snapshot();
  const [policies, trained] = start.tensors[0].shape;
  const contexts = trained === world.contextCount ? Array.from({ length: trained }, (_, c) => c) : contextsOfPairs(world, prepared.pairs);
  // The oracle's context of a prefix is that of the end token of the response of the same words.
  const space = enumerate(experiment);
  const rowOf = contexts.map((c) => {
    const response = space.responses[space.find(promptOf(world, c), responseText(world, c))];
    return Math.floor(response.cells[response.cells.length - 1] / tokenCount) * tokenCount;
  });
  const data = new Float32Array(policies * trained * tokenCount);
  const each = (visit: (r: number, place: number, cell: number) => void) => {
    for (let r = 0; r < policies; r++) {
      rowOf.forEach((row, i) => {
        for (let k = 0; k < tokenCount; k++) visit(r, (r * trained + i) * tokenCount + k, row + k);
      });
    }
  };
  each((r, place, cell) => { data[place] = logits[r][cell]; });
  run.restore({ step: 0, tensors: [{ ...start.tensors[0], data }] });
  const { metrics } = await run.measure();
  await run.update();
  const after = (await run.snapshot()).tensors[0].data;
  run.dispose();
  const gradients = logits.map((row) => row.map(() => 0));
  each((r, place, cell) => { gradients[r][cell] = data[place] - after[place]; });
  return { loss: Array.from(metrics.subarray(metricIndex('loss') * policies, (metricIndex('loss') + 1) * policies)), gradients };
}

/** Gradient of every parameter of an experiment's population at given parameters (the reference's, changed by `noise`). */
export async function parameterGradients(experiment: Experiment, reference: FittedReference, noise: (i: number) => number): Promise<number[]> {
  const prepared = await prepareRun({ ...experiment, optimizer: { kind: 'sgd', learningRate: 1 } }, { get: () => reference, set() {} }, () => {});
  const run = await createRun(prepared);
  const { tensors } = await run.snapshot();
  let i = 0;
  const moved = tensors.map((tensor) => ({ ...tensor, data: tensor.data.map((value) => value + noise(i++)) }));
  run.restore({ step: 0, tensors: moved });
  await run.update();
  const after = await run.snapshot();
  run.dispose();
  return moved.flatMap(({ data }, t) => Array.from(data, (value, j) => value - after.tensors[t].data[j]));
}
