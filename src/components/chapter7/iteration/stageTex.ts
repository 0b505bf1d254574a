/** TABLE of the formulas of one PPO iteration, one per stage, as the run is trained. */
import type { PpoAlgorithm } from '../../../sim/experiment.ts';
import type { Stage } from '../../../sim/iterationWords.ts';

const OLD = '\\pi_{\\mathrm{old}}';
const REF = '\\pi_{\\mathrm{ref}}';

export const STAGE_TEX: Record<Stage, (algorithm: PpoAlgorithm) => string> = {
  sample: () => `y\\sim${OLD}(\\cdot\\,|\\,x)`,
  score: ({ reward }) => (reward === 'gold' ? 's=r(x,y)' : 's=\\hat r(x,y)'),
  kl: () => `r_t=-\\beta\\,(\\log${OLD}-\\log${REF})+[t\\text{ is last}]\\,s`,
  advantage: ({ valueCoef }) => (valueCoef === 0
    ? 'A_t=\\textstyle\\sum_k\\gamma^k r_{t+k}'
    : 'A_t=\\textstyle\\sum_k(\\gamma\\lambda)^k\\delta_{t+k},\\quad\\delta_t=r_t+\\gamma V_{t+1}-V_t,\\quad R_t=A_t+V_t'),
  epochs: () => `-\\min\\bigl(\\rho A,\\;\\mathrm{clip}(\\rho,1-\\varepsilon,1+\\varepsilon)\\,A\\bigr),\\quad\\rho=\\pi/${OLD}`,
  refresh: () => `${OLD}\\leftarrow\\pi`,
};
