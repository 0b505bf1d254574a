/** Python of the preference pairs: given or drawn, minibatches, online DPO's draws. */
import type { Facts } from './facts.ts';

export function pairsPart(facts: Facts): string {
  return `
# ---------------------------------------------------------------------------------------------------- the pairs


class Pairs:
    """Weighted pairs of responses; the weights are made to add up to 1."""

    def __init__(self, weighted, drawn=False):
        total = sum(weighted.values())
        self.shares = [weight / total for weight in weighted.values()]
        self.weights = torch.tensor(self.shares)
        self.chosen = torch.tensor([chosen for chosen, _ in weighted])
        self.rejected = torch.tensor([rejected for _, rejected in weighted])
        self.chosen_words, self.rejected_words = LENGTHS[self.chosen], LENGTHS[self.rejected]
        self.chosen_tokens, self.rejected_tokens = TOKENS[self.chosen], TOKENS[self.rejected]
        # 0 for identical responses that the policy drew itself.
        self.teaches = (self.chosen != self.rejected).double() if drawn else torch.ones(len(weighted))

${facts.sampled ? SAMPLED : GIVEN}${facts.minibatches ? MINIBATCH : ''}${facts.draws ? drawn(facts) : ''}`;
}

const GIVEN = `
def given_pairs(policy):
    weighted = {}
    for entry in EXPERIMENT["preferences"]["pairs"]:
        pair = (number_of(entry["prompt"], entry["chosen"]), number_of(entry["prompt"], entry["rejected"]))
        weighted[pair] = weighted.get(pair, 0.0) + entry.get("weight", 1.0)
    return Pairs(weighted)

`;

const SAMPLED = `
ANNOTATOR = EXPERIMENT["preferences"]["sampled"]
ANNOTATED = {}  # the pairs of every seed and length bias, in the order of the draw
DRAWN_AGAIN = Ties(max(PROBABILITY))


def annotated_pairs(policy):
    """Pairs of responses of the reference, labelled by an annotator of utility gold + lengthBias |y|."""
    bias = policy.get("lengthBias", ANNOTATOR["lengthBias"])
    key = (policy["seed"], bias)
    if key in ANNOTATED:
        return ANNOTATED[key]
    recorded = integers(PREFERENCES_DRAWN[key])
    with torch.no_grad():
        cumulative = cumulative_of(policy_logits(reference_of(policy)))
    count = ANNOTATOR["count"]
    draws = Draws(policy["seed"], PREFERENCES, 0, count * (1 + 2 * T))
    labels = Draws(policy["seed"], LABELS, 0, count)
    utility = (GOLD_REWARDS + bias * LENGTHS).tolist()

    def wins(first, second):
        difference = utility[first] - utility[second]
        if ANNOTATOR["labels"] == "argmax":
            return 1.0 if difference >= 0 else 0.0
        return sigmoid(difference / ANNOTATOR["temperature"])

    ANNOTATED[key] = []
    for i in range(count):
        x = int(draws.take() * X)
        where = "preferences of seed %d, pair %d" % (policy["seed"], i)
        lab = (recorded[2 * i], recorded[2 * i + 1])
        ANNOTATED[key].append(draw_pair(cumulative, x, draws, labels.take(), wins, lab, DRAWN_AGAIN, where))
    return ANNOTATED[key]


def given_pairs(policy):
    # Equal pairs are one pair with the sum of their weights, in the order in which they appear first among all policies.
    if not ORDER:
        for other in POLICIES:
            for pair in annotated_pairs(other):
                ORDER.setdefault(pair, len(ORDER))
    weighted = {}
    for pair in sorted(annotated_pairs(policy), key=ORDER.get):
        weighted[pair] = weighted.get(pair, 0.0) + 1.0
    return Pairs(weighted)


ORDER = {}

`;

const MINIBATCH = `
def minibatch(pairs, policy, update):
    """\`batch\` pairs drawn with replacement by weight, each 1/batch: its expectation is the full batch."""
    size = ALGORITHM["batch"]
    draws = Draws(policy["seed"], BATCH, update, size)
    bounds = list(itertools.accumulate(pairs.shares))
    weights = torch.zeros(len(pairs.shares))
    for _ in range(size):
        weights[min(bisect.bisect_right(bounds, draws.take()), len(bounds) - 1)] += 1 / size
    batch = copy.copy(pairs)
    batch.weights = weights
    return batch

`;

function drawn({ learnedJudge }: Facts): string {
  return `
def drawn_pairs(number, policy, logits, update, recorded, ties):
    """Pairs for every prompt, both responses drawn from the policy as it is, ranked by the judge.

    P(the first wins) = sigma((u(first) - u(second)) / judgeTemperature), u(y) = ${learnedJudge ? 'the reward model\'s score' : 'r(x, y)'} + judgeLengthBias |y|.
    Source: Guo et al. 2024 (OAIF).
    """
    count = ALGORITHM["pairsPerResample"]
    cumulative = cumulative_of(logits)
    draws = Draws(policy["seed"], ROLLOUT, update, X * count * 2 * T)
    verdicts = Draws(policy["seed"], JUDGE, update, X * count)
    utility = (${learnedJudge ? 'scores_of(number)' : 'GOLD_REWARDS'} + ALGORITHM["judgeLengthBias"] * LENGTHS).tolist()

    def wins(first, second):
        return sigmoid((utility[first] - utility[second]) / ALGORITHM["judgeTemperature"])

    weighted = {}
    for i in range(X * count):
        where = "policy %d (%s), update %d, pair %d" % (number, name_of(policy), update, i)
        lab = (recorded[2 * i], recorded[2 * i + 1])
        pair = draw_pair(cumulative, i // count, draws, verdicts.take(), wins, lab, ties, where)
        weighted[pair] = weighted.get(pair, 0.0) + 1.0
    return Pairs(weighted, drawn=True)

`;
}
