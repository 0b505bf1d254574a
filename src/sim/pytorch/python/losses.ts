/** Python of the loss: the one of the experiment, with its formula and its source. */
import type { DpoLossName } from '../../experiment.ts';
import type { Facts } from './facts.ts';

interface PythonLoss {
  formula: string;
  source: string;
  /** Lines of the function, ending with the return. */
  body: string;
}

const MARGIN = 'h = (chosen - ref_chosen) - (rejected - ref_rejected)';
const RATIOS = 'a, b = chosen - ref_chosen, rejected - ref_rejected';

/** One entry per loss of the format, as in losses/dpoFamily.ts. */
const LOSSES: Record<DpoLossName, PythonLoss> = {
  sigmoid: {
    formula: '-(1 - e) log sigma(z) - e log sigma(-z),  z = beta h + alpha (|w| - |l|),  e = labelSmoothing, alpha = lengthAlpha',
    source: 'Rafailov et al. 2023 (DPO), eq. 7; Mitchell 2023 (cDPO) for e; Park et al. 2024 (R-DPO) for alpha',
    body: `${MARGIN}
z = knobs["beta"] * h + knobs["lengthAlpha"] * (pairs.chosen_words - pairs.rejected_words)
smoothing = knobs["labelSmoothing"]
return -(1 - smoothing) * F.logsigmoid(z) - smoothing * F.logsigmoid(-z)`,
  },
  ipo: {
    formula: '(h - 1 / (2 beta))^2, log-probabilities summed over tokens',
    source: 'Azar et al. 2023 (IPO), eq. 17 (tau is beta here)',
    body: `${MARGIN}
return (h - 0.5 / knobs["beta"]) ** 2`,
  },
  hinge: {
    formula: 'max(0, 1 - beta h)',
    source: "Zhao et al. 2023 (SLiC), as TRL's \\`hinge\\`",
    body: `${MARGIN}
return F.relu(1 - knobs["beta"] * h)`,
  },
  dpop: {
    formula: '-log sigma(beta h - beta lambda max(0, log pi_ref(w) - log pi(w))),  lambda = dpopLambda',
    source: 'Pal et al. 2024 (Smaug, DPO-Positive)',
    body: `${MARGIN}
fall = F.relu(ref_chosen - chosen)
return -F.logsigmoid(knobs["beta"] * (h - knobs["dpopLambda"] * fall))`,
  },
  robust: {
    formula: '[-(1 - e) log sigma(beta h) + e log sigma(-beta h)] / (1 - 2 e),  e = labelSmoothing',
    source: "Chowdhury et al. 2024 (robust DPO), as TRL's \\`robust\\`",
    body: `${MARGIN}
z, smoothing = knobs["beta"] * h, knobs["labelSmoothing"]
return (-(1 - smoothing) * F.logsigmoid(z) + smoothing * F.logsigmoid(-z)) / (1 - 2 * smoothing)`,
  },
  sppo_hard: {
    formula: '(a - 1 / (2 beta))^2 + (b + 1 / (2 beta))^2',
    source: "Wu et al. 2024 (SPPO), as TRL's \\`sppo_hard\\`",
    body: `${RATIOS}
return (a - 0.5 / knobs["beta"]) ** 2 + (b + 0.5 / knobs["beta"]) ** 2`,
  },
  nca_pair: {
    formula: '-log sigma(beta a) - 1/2 log sigma(-beta a) - 1/2 log sigma(-beta b)',
    source: "Chen et al. 2024 (NCA), as TRL's \\`nca_pair\\`",
    body: `${RATIOS}
beta = knobs["beta"]
return -F.logsigmoid(beta * a) - 0.5 * F.logsigmoid(-beta * a) - 0.5 * F.logsigmoid(-beta * b)`,
  },
  exo_pair: {
    formula: 'q_w [log q_w - log(1 - e)] + q_l [log q_l - log e],  q_w = sigma(beta h), q_l = 1 - q_w,  e = labelSmoothing',
    source: "Ji et al. 2024 (EXO), as TRL's \\`exo_pair\\`",
    body: `${MARGIN}
z, smoothing = knobs["beta"] * h, knobs["labelSmoothing"]
won = torch.sigmoid(z) * (F.logsigmoid(z) - math.log(1 - smoothing))
lost = torch.sigmoid(-z) * (F.logsigmoid(-z) - math.log(smoothing))
return won + lost`,
  },
  apo_zero: {
    formula: '1 - sigma(beta a) + sigma(beta b)',
    source: "D'Oosterlinck et al. 2024 (APO), as TRL's \\`apo_zero\\`",
    body: `${RATIOS}
return 1 - torch.sigmoid(knobs["beta"] * a) + torch.sigmoid(knobs["beta"] * b)`,
  },
  apo_down: {
    formula: 'sigma(beta a) + 1 - sigma(beta (a - b))',
    source: "D'Oosterlinck et al. 2024 (APO), as TRL's \\`apo_down\\`",
    body: `${RATIOS}
return torch.sigmoid(knobs["beta"] * a) + 1 - torch.sigmoid(knobs["beta"] * (a - b))`,
  },
  simpo: {
    formula: '-log sigma(beta (log pi(w) / n(w) - log pi(l) / n(l)) - gamma),  gamma = simpoGamma; no reference',
    source: 'Meng et al. 2024 (SimPO), eq. 6',
    body: `gap = chosen / pairs.chosen_tokens - rejected / pairs.rejected_tokens
return -F.logsigmoid(knobs["beta"] * gap - knobs["simpoGamma"])`,
  },
};

export function lossPart(facts: Facts): string {
  const title = `
# ----------------------------------------------------------------------------------------------------- the loss
`;
  const { algorithm } = facts.experiment;
  if (algorithm.kind !== 'dpo' && algorithm.kind !== 'online-dpo') return `${title}${EXACT}`;
  const { formula, source, body } = LOSSES[algorithm.loss];
  return `${title}
def pair_loss(chosen, rejected, ref_chosen, ref_rejected, pairs, knobs):
    """${algorithm.loss}: ${formula.replaceAll('\\`', '`')}

    w is the chosen response, l the rejected one; a = log pi(w)/pi_ref(w), b = log pi(l)/pi_ref(l), h = a - b; |y| counts
    words, n(y) tokens. Takes log-probabilities summed over tokens, [B] each, in nats; gives one loss per pair, [B].

    Source: ${source.replaceAll('\\`', '`')}.
    """
${body.split('\n').map((line) => `    ${line}`).join('\n')}


${facts.klTerm ? KL : ''}def objective(logps, ref_logps, pairs, knobs):
    """What the optimiser lowers: the weighted mean over pairs${facts.nll || facts.klTerm ? ', and what is added to it' : ''}."""
    # Identical responses that were drawn keep their share of the mean and teach nothing, whatever the loss.
    chosen, rejected = logps[pairs.chosen] * pairs.teaches, logps[pairs.rejected] * pairs.teaches
    ref_chosen, ref_rejected = ref_logps[pairs.chosen] * pairs.teaches, ref_logps[pairs.rejected] * pairs.teaches
    loss = (pairs.weights * pair_loss(chosen, rejected, ref_chosen, ref_rejected, pairs, knobs)).sum()
${facts.nll ? NLL_TERM : ''}${facts.klTerm ? KL_TERM : ''}    return loss

`;
}

const KL = `def kl_divergence(logps, ref_logps):
    """KL(pi || pi_ref), exact, mean over prompts, nats."""
    return (logps.exp() * (logps - ref_logps)).sum() / X


`;

const NLL_TERM = `    # Negative log-likelihood of the chosen responses per token. Source: Pang et al. 2024 (RPO), TRL's \`sft\`.
    loss = loss + knobs["nllWeight"] * (pairs.weights * -chosen / pairs.chosen_tokens).sum()
`;

const KL_TERM = `    loss = loss + knobs["klWeight"] * kl_divergence(logps, ref_logps)
`;

const EXACT = `
def objective(logps, ref_logps, knobs):
    """-J: minus the mean over prompts of E_pi[r] - beta KL(pi || pi_ref), by enumeration of all responses.

    Source: Rafailov et al. 2023 (DPO), eq. 3.
    """
    return -(logps.exp() * (GOLD_REWARDS - knobs["beta"] * (logps - ref_logps))).sum() / X

`;
