/**
 * TABLE of objectives for laying two side by side: each a list of parts, and what their numbers combine to.
 * Numbers are those of the shown pair, or of its prompt. A new objective is one row.
 */
import { logSigmoid } from '../sim/exact/numerics.ts';
import { msg } from '../sim/msg.ts';
import { formulaOf, type Formula } from './formula.ts';
import { CONSTANTS, PARTS } from './formulaParts.ts';

const THETA = '\\pi_\\theta', REF = '\\pi_{\\mathrm{ref}}';
const ratio = (y: string): string => `\\log\\frac{${THETA}(${y}|x)}{${REF}(${y}|x)}`;
const mean = (y: string): string => `\\frac{\\log${THETA}(${y}|x)}{n(${y})}`;
const KL = '\\term{kl}{\\mathrm{KL}(\\pi_\\theta\\|\\pi_{\\mathrm{ref}})}';

const CHOSEN = `\\term{chosen}{${ratio('y_+')}}`, REJECTED = `\\term{rejected}{-${ratio('y_-')}}`;
const LOSS = '\\term{outer}{-\\log\\sigma}', BETA = '\\term{scale}{\\beta}';
const MARGIN = `${BETA}\\Bigl[${CHOSEN}${REJECTED}\\Bigr]`;
const { logistic, beta, chosenLogRatio, rejectedLogRatio } = PARTS;

export const FORMULAS: readonly Formula[] = [
  formulaOf({
    id: 'rlhf', title: msg`RLHF objective`, goal: 'maximise', source: msg`slide “Policy Gradient/PPO for LLM alignment”; Rafailov et al. 2023, eq. 3`,
    tex: `\\term{gain}{\\mathbb{E}_{y\\sim${THETA}}\\bigl[r(x,y)\\bigr]}\\term{price}{-\\beta}\\,${KL}`,
    parts: [PARTS.expectedReward, PARTS.betaPrice, PARTS.kl],
    combine: ({ gain, price, kl }) => gain + price * kl,
  }),
  formulaOf({
    id: 'reward-model', title: msg`Reward model`, goal: 'minimise', source: msg`slide “Policy Gradient/PPO for LLM alignment”; Rafailov et al. 2023, eq. 2`,
    tex: `${LOSS}\\bigl(\\term{chosen}{r(x,y_+)}\\term{rejected}{-r(x,y_-)}\\bigr)`,
    parts: [logistic, PARTS.chosenReward, PARTS.rejectedReward],
    combine: ({ chosen, rejected }) => -logSigmoid(chosen + rejected),
  }),
  formulaOf({
    id: 'dpo', title: msg`DPO`, goal: 'minimise', source: msg`slide “The training objective”; Rafailov et al. 2023, eq. 7`,
    tex: `${LOSS}\\Bigl(${MARGIN}\\Bigr)`,
    parts: [logistic, beta, chosenLogRatio, rejectedLogRatio],
    combine: ({ scale, chosen, rejected }) => -logSigmoid(scale * (chosen + rejected)),
  }),
  formulaOf({
    id: 'ipo', title: msg`IPO`, goal: 'minimise', source: msg`Azar et al. 2023, eq. 17 (their τ is β)`,
    tex: `\\Bigl(${CHOSEN}${REJECTED}\\term{target}{-\\frac{1}{2\\beta}}\\Bigr)\\term{outer}{{}^2}`,
    parts: [PARTS.square, chosenLogRatio, rejectedLogRatio, PARTS.ipoTarget],
    combine: ({ chosen, rejected, target }) => (chosen + rejected + target) ** 2,
  }),
  formulaOf({
    id: 'hinge', title: msg`Hinge (SLiC)`, goal: 'minimise', source: msg`Zhao et al. 2023, as in TRL`,
    tex: `\\term{outer}{\\max}\\Bigl(0,\\;1-${BETA}\\Bigl[${CHOSEN}${REJECTED}\\Bigr]\\Bigr)`,
    parts: [PARTS.hinge, beta, chosenLogRatio, rejectedLogRatio],
    combine: ({ scale, chosen, rejected }) => Math.max(0, 1 - scale * (chosen + rejected)),
  }),
  formulaOf({
    id: 'cdpo', title: msg`cDPO (label smoothing)`, goal: 'minimise', source: 'Mitchell 2023',
    tex: `\\term{outer}{-(1-\\term{smoothing}{\\varepsilon})\\log\\sigma}(z)\\term{outer}{-\\varepsilon\\log\\sigma}(-z),\\quad z=${MARGIN}`,
    parts: [PARTS.smoothedLogistic, PARTS.smoothing, beta, chosenLogRatio, rejectedLogRatio], constants: [CONSTANTS.labelSmoothing],
    combine: ({ smoothing, scale, chosen, rejected }) => {
      const z = scale * (chosen + rejected);
      return -(1 - smoothing) * logSigmoid(z) - smoothing * logSigmoid(-z);
    },
  }),
  formulaOf({
    id: 'dpop', title: msg`DPOP`, goal: 'minimise', source: msg`Pal et al. 2024 (Smaug), section 3`,
    tex: `${LOSS}\\Bigl(${BETA}\\Bigl[${CHOSEN}${REJECTED}\\term{penalty}{-\\lambda\\max\\Bigl(0,\\log\\frac{${REF}(y_+|x)}{${THETA}(y_+|x)}\\Bigr)}\\Bigr]\\Bigr)`,
    parts: [logistic, beta, chosenLogRatio, rejectedLogRatio, PARTS.fall], constants: [CONSTANTS.dpopLambda],
    combine: ({ scale, chosen, rejected, penalty }) => -logSigmoid(scale * (chosen + rejected + penalty)),
  }),
  formulaOf({
    id: 'dpo-nll', title: msg`DPO + NLL (RPO)`, goal: 'minimise', source: msg`Pang et al. 2024`,
    tex: `${LOSS}\\Bigl(${MARGIN}\\Bigr)\\term{nll}{-\\frac{\\alpha}{n(y_+)}\\log${THETA}(y_+|x)}`,
    parts: [logistic, beta, chosenLogRatio, rejectedLogRatio, PARTS.nll], constants: [CONSTANTS.nllWeight],
    combine: ({ scale, chosen, rejected, nll }) => nll - logSigmoid(scale * (chosen + rejected)),
  }),
  formulaOf({
    id: 'r-dpo', title: msg`R-DPO (length)`, goal: 'minimise', source: msg`Park et al. 2024`,
    tex: `${LOSS}\\Bigl(${MARGIN}\\term{length}{+\\alpha\\bigl(|y_+|-|y_-|\\bigr)}\\Bigr)`,
    parts: [logistic, beta, chosenLogRatio, rejectedLogRatio, PARTS.length], constants: [CONSTANTS.lengthAlpha],
    combine: ({ scale, chosen, rejected, length }) => -logSigmoid(scale * (chosen + rejected) + length),
  }),
  formulaOf({
    id: 'dpo-kl', title: msg`DPO + KL`, goal: 'minimise', source: msg`DPO with an exact KL on the policy’s own responses; compare HyPO, Song et al. 2024`,
    tex: `${LOSS}\\Bigl(${MARGIN}\\Bigr)\\term{price}{+c}\\,${KL}`,
    parts: [logistic, beta, chosenLogRatio, rejectedLogRatio, PARTS.klPrice, PARTS.kl], constants: [CONSTANTS.klWeight],
    combine: ({ scale, chosen, rejected, price, kl }) => price * kl - logSigmoid(scale * (chosen + rejected)),
  }),
  formulaOf({
    id: 'simpo', title: msg`SimPO`, goal: 'minimise', source: msg`Meng et al. 2024, eq. 6`,
    tex: `${LOSS}\\Bigl(${BETA}\\Bigl[\\term{chosen}{${mean('y_+')}}\\term{rejected}{-${mean('y_-')}}\\Bigr]\\term{target}{-\\gamma}\\Bigr)`,
    parts: [logistic, beta, PARTS.chosenMean, PARTS.rejectedMean, PARTS.simpoMargin], constants: [CONSTANTS.simpoGamma],
    combine: ({ scale, chosen, rejected, target }) => -logSigmoid(scale * (chosen + rejected) + target),
  }),
  formulaOf({
    id: 'ppo', title: msg`PPO surrogate`, goal: 'maximise', source: msg`Schulman et al. 2017, eq. 7; here in the first iteration, so that π_old = π_ref and A = r − E[r]`,
    tex: '\\mathbb{E}_{y\\sim\\pi_{\\mathrm{old}}}\\bigl[\\min\\bigl(\\term{gain}{\\rho A},\\;\\term{clip}{\\mathrm{clip}(\\rho,1-\\varepsilon,1+\\varepsilon)\\,A}\\bigr)\\bigr],\\quad\\rho=\\frac{\\pi_\\theta(y|x)}{\\pi_{\\mathrm{old}}(y|x)}',
    parts: [PARTS.expectedAdvantage, PARTS.clipped], constants: [CONSTANTS.clipRange],
    combine: ({ gain, clip }) => gain + clip,
  }),
];
