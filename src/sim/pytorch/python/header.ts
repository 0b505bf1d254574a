/** The script's first lines: what it is, how to run it, what it asserts. */
import type { Facts } from './facts.ts';
import { commentText } from './literal.ts';

export const BACKENDS = { cpu: 'plain JavaScript', wasm: 'WebAssembly', webgpu: 'WebGPU' } as const;

export function headerPart(facts: Facts): string {
  const { recording, experiment, samples, draws, minibatches, sampled } = facts;
  const { steps, policies, brokeAt } = recording;
  const last = steps[steps.length - 1];
  const name = commentText(experiment.name).slice(0, 200);
  const loss = 'loss' in experiment.algorithm ? `, loss "${experiment.algorithm.loss}"` : '';
  const lines = [
    `DPO Lab: ${name}`,
    '',
    `A run of the browser lab, made again by PyTorch alone: ${experiment.algorithm.kind}${loss}, policy "${experiment.policy.kind}",`,
    `${policies.length} policies, ${last} updates, recorded on ${BACKENDS[recording.backend]}. The experiment below is the lab's own file format: the same`,
    'object saved as JSON opens in the lab, and `npm run experiment -- FILE.json` runs it.',
    '',
    'Run it:   python3 THIS_FILE.py      (Python 3.8 or newer, torch 1.13 or newer; nothing else is imported or read)',
    '',
    'It trains every policy from the reference that the lab fitted, in float64, by autograd and torch.optim, and asserts at every',
    'recorded update that each metric is the lab\'s, and at the end the probability of every response that is listed, as far as',
    'rounding allows. It prints one line per policy with the largest deviation and where it was, then "reproduced", or how much',
    'of the run could be compared; or it fails with an AssertionError that names policy, update, metric, both values and the',
    'tolerance, and exits with a code that is not 0.',
    '',
    'The lab trains in float32, this script in float64, so they agree up to rounding that training has carried on:',
    'PROBABILITY, LOG_PROBABILITY and RELATIVE below.',
    ...(samples ? ['Where a draw of the lab depends on that rounding, the script says so and takes the lab\'s: see draw_pair.'] : []),
    ...(brokeAt === null ? [] : [`In the lab the numbers stopped being finite at update ${brokeAt}; the script ends before it, at update ${last}.`]),
    '',
    'To carry it to a real model: policy_logits and response_logps give way to the model\'s log-probabilities of the responses,',
    `summed over their tokens; ${experiment.algorithm.kind === 'exact' ? 'the objective stays as it is' : 'pair_loss stays as it is'}.`,
  ];
  const imports = ['base64', ...(samples || minibatches ? ['bisect'] : []), ...(minibatches ? ['copy'] : []), 'itertools', 'math', 'struct', 'sys', ...(draws || sampled ? ['zlib'] : [])];
  return `#!/usr/bin/env python3
# -*- coding: utf-8 -*-
#
${lines.map((line) => `# ${line}`).join('\n')}

${imports.map((module) => `import ${module}`).join('\n')}

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)  # the tensors are small
`;
}
