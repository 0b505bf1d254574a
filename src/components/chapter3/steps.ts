/** TABLE of the steps of the cancellation: what is said at each. */
import { msg } from '../../sim/msg.ts';
import { formatNumber } from '../format.ts';
import type { Terms } from './terms.ts';

export interface CancelStep {
  id: 'invert' | 'subtract' | 'cancel' | 'gap' | 'loss';
  title: string;
  /** One or two sentences. @param optimal  of π* */
  words: (optimal: Terms) => string;
}

export const CANCEL_STEPS: readonly CancelStep[] = [
  {
    id: 'invert', title: msg`invert`,
    words: () => msg`A policy π is the optimum of some reward r. Solved for it: β times the log-ratio, plus β log Z(x). The numbers below are those of π* and of the policy in training, whose own log Z is 0.`,
  },
  {
    id: 'subtract', title: msg`subtract`,
    words: () => msg`A pair compares two responses to the same prompt x. How much better is the chosen one? Take the second line from the first.`,
  },
  {
    id: 'cancel', title: msg`cancel`,
    words: ({ logZ }) => msg`β log Z(x) belongs to the prompt and not to the response: in both lines it is the same number, ${formatNumber(logZ)} for π*. The two meet, and go.`,
  },
  {
    id: 'gap', title: msg`the gap`,
    words: ({ reward }) => msg`No Z is left, and with it no sum over all responses. For π* the gap of the log-ratios is the true gap of the rewards, ${formatNumber(reward.chosen - reward.rejected)}; for the policy in training it is what that policy implies.`,
  },
  {
    id: 'loss', title: msg`the loss`,
    words: () => msg`Bradley and Terry: the chosen one wins with probability σ(gap). Minus its log, averaged over the pairs, is the DPO loss. It asks for two policies and no reward.`,
  },
];
