/** Python of the training loop, the checks and what is printed. */
import { coverageOf } from '../coverage.ts';
import type { Facts } from './facts.ts';

export function trainingPart(facts: Facts): string {
  return `${measurements(facts)}${CHECKS}${loop(facts)}${main(facts)}`;
}

function measurements({ gold, algorithm, learnedJudge }: Facts): string {
  return `
# -------------------------------------------------------------------------------------------- what is measured

GROUPS = ("chosen", "rejected", "otherInDistribution", "ood")
PROMPT_OF = torch.tensor([x for x, _ in RESPONSES])


def groups_of(pairs):
    """The group of every response, [Y]: ever chosen and never rejected, the other way round, else whether the data cover it."""
    chosen, rejected = set(pairs.chosen.tolist()), set(pairs.rejected.tolist())
    reference = EXPERIMENT["reference"]
    if reference["kind"] == "unigram":
        covered = set(range(len(RESPONSES)))
    else:
        entries = [entry for entry in reference["corpus"] if entry.get("weight", 1) > 0]
        covered = {number_of(entry["prompt"], entry["response"]) for entry in entries}

    def group(y):
        if (y in chosen) != (y in rejected):
            return 0 if y in chosen else 1
        return 2 if y in covered else 3

    return torch.tensor([group(y) for y in range(len(RESPONSES))])

${gold || learnedJudge ? DISTANCE : ''}
def measure(number, policy, logps, ref_logps, loss, pairs, groups):
    """The lab's metrics, exact sums over all responses; the pairs are those of the experiment."""
    probs, beta = logps.exp(), policy["beta"]

    def mean(values):  # mean over prompts of the expectation under pi
        return float((probs * values).sum()) / X

    kl = mean(logps - ref_logps)
    found = {"mass/" + group: float(probs[groups == g].sum()) / X for g, group in enumerate(GROUPS)}
    found.update({"loss": float(loss), "kl": kl, "meanLength": mean(LENGTHS), "entropy": -mean(logps)})
    chosen, rejected = logps[pairs.chosen], logps[pairs.rejected]
    for_chosen, for_rejected = beta * (chosen - ref_logps[pairs.chosen]), beta * (rejected - ref_logps[pairs.rejected])
    found["rewards/chosen"] = float((pairs.weights * for_chosen).sum())
    found["rewards/rejected"] = float((pairs.weights * for_rejected).sum())
    found["rewards/margins"] = found["rewards/chosen"] - found["rewards/rejected"]
    found["rewards/accuracies"] = float(pairs.weights[for_chosen > for_rejected].sum())
    found["logps/chosen"] = float((pairs.weights * chosen).sum())
    found["logps/rejected"] = float((pairs.weights * rejected).sum())
    # Pairs whose two implicit rewards are as good as equal may be ranked either way.
    found["undecided"] = float(pairs.weights[(for_chosen - for_rejected).abs() <= RELATIVE[number] * beta].sum())
${gold ? `    found["goldReward"] = mean(GOLD_REWARDS)
    found["objective"] = found["goldReward"] - beta * kl
    found["klToOptimal"] = kl_to_optimum(GOLD_REWARDS, kl, found["goldReward"], ref_logps, beta)
` : ''}${learnedJudge && algorithm === 'online-dpo' ? `    found["proxyReward"] = mean(scores_of(number))
    found["klToProxyOptimal"] = kl_to_optimum(scores_of(number), kl, found["proxyReward"], ref_logps, beta)
` : ''}    return found

`;
}

const DISTANCE = `
def kl_to_optimum(rewards, kl, reward, ref_logps, beta):
    """KL(pi || pi*) for pi* = pi_ref exp(r / beta) / Z: KL(pi || pi_ref) - E_pi[r] / beta + log Z."""
    tilted = ref_logps + rewards / beta
    log_z = sum(float(torch.logsumexp(tilted[PROMPT_OF == x], 0)) for x in range(X)) / X
    return kl - reward / beta + log_z

`;

const CHECKS = `
class Comparison:
    """Compares a policy with what was recorded of it, and remembers the largest deviation in units of what is allowed."""

    def __init__(self, number, policy):
        self.name = "policy %d (%s)" % (number, name_of(policy))
        self.number, self.used, self.worst = number, 0.0, "nothing differs"

    def check(self, update, what, found, recorded, allowed):
        off = abs(found - recorded)
        if not off <= allowed:
            raise AssertionError(
                "%s, update %d, %s: the lab recorded %.9g, this script has %.9g; they differ by %.3g, allowed are %.3g"
                % (self.name, update, what, recorded, found, off, allowed)
            )
        if off > self.used * allowed:
            self.used = off / allowed
            self.worst = "%.2g of the allowed %.2g in %s at update %d" % (off, allowed, what, update)

    def metrics(self, place, found, recorded):
        for what, values in recorded.items():
            value = values[place]
            if what.startswith("mass/"):
                allowed = PROBABILITY[self.number]
            elif what == "rewards/accuracies":
                allowed = found["undecided"] + 1e-6
            else:
                allowed = RELATIVE[self.number] * max(1.0, abs(value))
            self.check(RECORDED_STEPS[place], what, found[what], value, allowed)

    def final(self, logps, recorded):
        for y, logp in recorded.items():
            what = 'probability of "%s"' % text_of(y)
            self.check(STEPS, what, math.exp(logps[y]), math.exp(logp), PROBABILITY[self.number])
            self.check(STEPS, "log " + what, logps[y], logp, LOG_PROBABILITY[self.number] * max(1.0, abs(logp)))

`;

function loop({ experiment, algorithm, draws, minibatches, schedule, cut }: Facts): string {
  const exact = algorithm === 'exact';
  const adam = experiment.optimizer.kind === 'adam';
  const objective = (pairs: string) => (exact ? 'objective(response_logps(policy_logits(theta)), ref_logps, knobs)' : `objective(response_logps(policy_logits(theta)), ref_logps, ${pairs}, knobs)`);
  const optimizer = adam
    ? 'torch.optim.Adam(theta, lr=knobs["learningRate"], betas=(0.9, 0.999), eps=1e-8)'
    : 'torch.optim.SGD(theta, lr=knobs["learningRate"])';
  return `
# ------------------------------------------------------------------------------------------------- the training


def reference_of(policy):
    """Parameters of pi_ref, as the lab fitted it for this seed."""
    return [tensor[policy["seed number"] % len(tensor)] for tensor in REFERENCE.values()]


def train(number, policy):
    """Trains one policy from its reference and compares it with what was recorded of it."""
    knobs = dict(policy)
    theta = [parameter.clone().requires_grad_() for parameter in reference_of(policy)]
    with torch.no_grad():
        ref_logps = response_logps(policy_logits(theta))
    optimizer = ${optimizer}
    given = given_pairs(policy)
    groups = groups_of(given)
${exact ? '' : '    pairs = given  # what it trains on\n'}${draws ? `    recorded, ties = integers(DRAWN[number]), Ties(PROBABILITY[number])
    width = 2 * X * ALGORITHM["pairsPerResample"]
` : ''}    comparison = Comparison(number, policy)
    last = ${cut ? 'COMPARED_UNTIL[number]' : 'STEPS'}
    for update in range(1, last + 2):
        done = update - 1
${schedule ? `        if done in SCHEDULE:
            knobs.update(SCHEDULE[done])
            for group in optimizer.param_groups:
                group["lr"] = knobs["learningRate"]
` : ''}        if done in RECORDED_AT:
            with torch.no_grad():
                logps = response_logps(policy_logits(theta))
                loss = objective(logps, ref_logps, ${exact ? '' : 'pairs, '}knobs)
                found = measure(number, knobs, logps, ref_logps, loss, given, groups)
            comparison.metrics(RECORDED_AT[done], found, RECORDED[number])
        if done == last:
            break
${draws ? `        if update % knobs["resampleEvery"] == 0:
            with torch.no_grad():
                logits = policy_logits(theta)
            place = width * (update // knobs["resampleEvery"] - 1)
            pairs = drawn_pairs(number, policy, logits, update, recorded[place : place + width], ties)
` : ''}${minibatches ? minibatchLine(draws) : ''}        loss = ${objective(minibatches ? 'batch' : 'pairs')}
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
${cut ? `    if last < STEPS:
        comparison.worst += "; compared until update %d, from there on rounding decides" % last
        return comparison${draws ? ', ties' : ''}
` : ''}    comparison.final(logps.tolist(), FINAL[number])
    return comparison${draws ? ', ties' : ''}

`;
}

function minibatchLine(draws: boolean): string {
  return draws
    ? '        batch = minibatch(pairs, policy, update) if pairs is given else pairs\n'
    : '        batch = minibatch(pairs, policy, update)\n';
}

function main(facts: Facts): string {
  const { draws, sampled } = facts;
  return `
def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # words of any script, on any terminal
    print("%d policies, %d updates, torch %s" % (len(POLICIES), STEPS, torch.__version__))
${draws ? '    ties, closest = 0, 0.0\n' : ''}    for number, policy in enumerate(POLICIES):
${draws ? `        comparison, own = train(number, policy)
        ties, closest = ties + own.count, max(closest, own.closest)
        print("%s: %s; %d draws decided by float32" % (comparison.name, comparison.worst, own.count), flush=True)
` : `        comparison = train(number, policy)
        print("%s: %s" % (comparison.name, comparison.worst), flush=True)
`}${sampled ? `    print("preferences: %d of the lab's draws decided by float32, at most %.2g from a boundary" % (DRAWN_AGAIN.count, DRAWN_AGAIN.closest))
` : ''}${draws ? '    print("draws: %d decided by float32, at most %.2g from a boundary" % (ties, closest))\n' : ''}    print("${lastLine(facts)}")

`;
}

/** What was shown, in a line: "reproduced" alone where it is the whole run. */
function lastLine({ recording, tolerance }: Facts): string {
  const { policies, partly, startOnly } = coverageOf(recording, tolerance.until);
  if (startOnly === policies) return 'nothing that was trained could be compared; the start is the same';
  const less = [
    ...(partly > 0 ? [`${partly} of ${policies} policies for a part of their updates`] : []),
    ...(startOnly > 0 ? [`${startOnly} of ${policies} policies at update 0 only`] : []),
  ];
  const ended = recording.brokeAt === null ? '' : `; at update ${recording.brokeAt} the lab's numbers stopped being finite`;
  return `reproduced${less.length === 0 ? '' : ' as far as rounding allows: '}${less.join(', ')}${ended}`;
}
