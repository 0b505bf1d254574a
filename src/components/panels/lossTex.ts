/**
 * TABLE of the loss formulas, one row per loss of the DPO family, as trained (EXPERIMENT_FORMAT.md, "Algorithms").
 * a = log-ratio of chosen, b = of rejected, h = a − b; colours of the roles are set by `\chosen`, `\rejected` in Tex.
 */
import type { DpoAlgorithm, DpoKnobs, DpoLossName, Experiment, OnlineDpoAlgorithm } from '../../sim/experiment.ts';
import { lossReads } from '../../sim/experimentKnobs.ts';
import { paramOf } from '../../sim/params.ts';

type Dpo = DpoAlgorithm | OnlineDpoAlgorithm;

const A = '\\chosen{\\log\\tfrac{\\pi(y_+|x)}{\\pi_{\\mathrm{ref}}(y_+|x)}}';
const B = '\\rejected{\\log\\tfrac{\\pi(y_-|x)}{\\pi_{\\mathrm{ref}}(y_-|x)}}';
const H = `\\Bigl(${A}-${B}\\Bigr)`;

/** The margin z of the sigmoid loss, with R-DPO's length term where it is switched on. */
function margin(algorithm: Dpo): string {
  return `\\beta${H}${algorithm.lengthAlpha === 0 ? '' : '+\\alpha\\,(|y_+|-|y_-|)'}`;
}

const TEX: Record<DpoLossName, (algorithm: Dpo) => string> = {
  sigmoid: (a) => {
    const z = margin(a);
    return a.labelSmoothing === 0
      ? `-\\log\\sigma\\Bigl(${z}\\Bigr)`
      : `-(1-\\varepsilon)\\log\\sigma(z)-\\varepsilon\\log\\sigma(-z),\\quad z=${z}`;
  },
  ipo: () => `\\Bigl(h-\\tfrac{1}{2\\beta}\\Bigr)^2,\\quad h=${A}-${B}`,
  hinge: () => `\\max\\Bigl(0,\\;1-\\beta${H}\\Bigr)`,
  dpop: () => `-\\log\\sigma\\Bigl(\\beta${H}-\\beta\\lambda\\max\\bigl(0,-${A}\\bigr)\\Bigr)`,
  robust: (a) => a.labelSmoothing === 0 ? `-\\log\\sigma\\Bigl(\\beta${H}\\Bigr)` : `\\frac{-(1-\\varepsilon)\\log\\sigma(z)+\\varepsilon\\log\\sigma(-z)}{1-2\\varepsilon},\\quad z=\\beta${H}`,
  sppo_hard: () => `\\Bigl(${A}-\\tfrac1{2\\beta}\\Bigr)^2+\\Bigl(${B}+\\tfrac1{2\\beta}\\Bigr)^2`,
  nca_pair: () => `-\\log\\sigma(\\beta a)-\\tfrac12\\log\\sigma(-\\beta a)-\\tfrac12\\log\\sigma(-\\beta b),\\quad a=${A},\\;b=${B}`,
  exo_pair: () => `q\\log\\tfrac{q}{1-\\varepsilon}+(1-q)\\log\\tfrac{1-q}{\\varepsilon},\\quad q=\\sigma\\Bigl(\\beta${H}\\Bigr)`,
  apo_zero: () => `1-\\sigma\\Bigl(\\beta${A}\\Bigr)+\\sigma\\Bigl(\\beta${B}\\Bigr)`,
  apo_down: () => `\\sigma\\Bigl(\\beta${A}\\Bigr)+1-\\sigma\\Bigl(\\beta${H}\\Bigr)`,
  simpo: () => '-\\log\\sigma\\Bigl(\\chosen{\\tfrac{\\beta}{n(y_+)}\\log\\pi(y_+|x)}-\\rejected{\\tfrac{\\beta}{n(y_-)}\\log\\pi(y_-|x)}-\\gamma\\Bigr)',
};

/** Letters of the optional terms, as the controls write them. */
const LAMBDA_N = paramOf('nllWeight').tex;
const LAMBDA_K = paramOf('klWeight').tex;

/** PPO's clipped surrogate, per token. */
const SURROGATE = '-\\,\\mathbb E_t\\bigl[\\min\\bigl(\\rho_tA_t,\\;\\mathrm{clip}(\\rho_t,1-\\epsilon,1+\\epsilon)A_t\\bigr)\\bigr],\\;\\rho_t=\\tfrac{\\pi(y_t|c_t)}{\\pi_{\\mathrm{old}}(y_t|c_t)}';

/** The formula of the loss that is trained, with the terms that are switched on; of one policy, so without a sweep. */
export function lossTex({ algorithm }: Experiment): string {
  if (algorithm.kind === 'exact') {
    return '\\mathcal L=-J=-\\,\\mathbb E_{x}\\Bigl[\\mathbb E_{y\\sim\\pi}[r(x,y)]-\\beta\\,\\mathrm{KL}(\\pi\\|\\pi_{\\mathrm{ref}})\\Bigr]';
  }
  if (algorithm.kind === 'ppo') {
    const r = algorithm.reward === 'gold' ? 'r' : '\\hat r';
    return `\\mathcal L=-J=-\\,\\mathbb E_{x}\\Bigl[\\mathbb E_{y\\sim\\pi}[${r}(x,y)]-\\beta\\,\\mathrm{KL}(\\pi\\|\\pi_{\\mathrm{ref}})\\Bigr]\\quad\\text{lowered by}\\quad${SURROGATE}`;
  }
  if (algorithm.kind === 'reward-model') {
    return '\\mathcal L=-\\,\\mathbb E_{(x,\\chosen{y_+},\\rejected{y_-})}\\Bigl[\\log\\sigma\\bigl(\\chosen{\\hat r(x,y_+)}-\\rejected{\\hat r(x,y_-)}\\bigr)\\Bigr]';
  }
  const terms = [`\\mathbb E_{(x,\\chosen{y_+},\\rejected{y_-})}\\Bigl[${TEX[algorithm.loss](algorithm)}\\Bigr]`];
  if (algorithm.nllWeight !== 0) terms.push(`${LAMBDA_N}\\,\\mathbb E\\Bigl[\\chosen{-\\tfrac{1}{n(y_+)}\\log\\pi(y_+|x)}\\Bigr]`);
  if (algorithm.klWeight !== 0) terms.push(`${LAMBDA_K}\\,\\mathbb E_x\\,\\mathrm{KL}(\\pi\\|\\pi_{\\mathrm{ref}})`);
  return `\\mathcal L=${terms.join('+')}`;
}

/** The knobs that a formula may hold; those marked stay in it at 0. */
const KNOBS: readonly { id: Exclude<keyof DpoKnobs, 'beta'>; atZero: boolean }[] = [
  { id: 'labelSmoothing', atZero: false }, { id: 'lengthAlpha', atZero: false }, { id: 'dpopLambda', atZero: true },
  { id: 'simpoGamma', atZero: true }, { id: 'nllWeight', atZero: false }, { id: 'klWeight', atZero: false },
];

/** The numbers of the letters in `lossTex`, in the letters of the controls: "β = 0.05, ε = 0.1". */
export function lossNumbers(experiment: Experiment): string {
  const { algorithm } = experiment;
  const parts = [`β = ${algorithm.beta}`];
  if ('loss' in algorithm) {
    for (const { id, atZero } of KNOBS) {
      if (lossReads(experiment, id) && (atZero || algorithm[id] !== 0)) parts.push(`${paramOf(id).symbol} = ${algorithm[id]}`);
    }
  }
  return parts.join(', ');
}
