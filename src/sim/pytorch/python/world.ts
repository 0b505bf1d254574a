/** Python of the toy world: its responses, its groups, its gold reward, the policies of the run. */
import { type Facts, knobsText } from './facts.ts';

export function worldPart({ gold, algorithm, knobs, schedule }: Facts): string {
  return `
# ---------------------------------------------------------------------------------------------------- the world

PROMPTS = EXPERIMENT["world"]["prompts"]
WORDS = EXPERIMENT["world"]["words"]
T = EXPERIMENT["world"]["maxLength"]  # a response has at most so many words
X, V = len(PROMPTS), len(WORDS)
END = V  # the end token comes after the V words

# Every prefix of at most T words is a response: the one that ends there. Every shorter prefix is a context as well: there the
# policy still chooses a token. Both are numbered level by level, so the contexts are the first C of the Y responses.
LEVELS = [[(x, ()) for x in range(X)]]
for _ in range(T):
    LEVELS.append([(x, words + (w,)) for x, words in LEVELS[-1] for w in range(V)])
RESPONSES = [response for level in LEVELS for response in level]
CONTEXTS = RESPONSES[: len(RESPONSES) - len(LEVELS[T])]
NUMBER = {response: y for y, response in enumerate(RESPONSES)}
LENGTHS = torch.tensor([float(len(words)) for _, words in RESPONSES])  # |y| in words, [Y]
TOKENS = torch.clamp(LENGTHS + 1, max=T)  # n(y): the words and the end token, where there is one, [Y]


def number_of(prompt, text):
    return NUMBER[prompt, tuple(WORDS.index(word) for word in text.split(" ")) if text else ()]


def text_of(y):
    return " ".join(WORDS[w] for w in RESPONSES[y][1])


def response_logps(logits):
    """log pi(y|x) of every response, [Y] in nats, from the logits of every context, [C, V + 1].

    The log-probabilities of a response's tokens are added up, the end token's included where there is one.
    """
    log_probs = torch.log_softmax(logits, -1)
    prefix, parts, start = torch.zeros(X), [], 0
    for level in LEVELS[:T]:
        here = log_probs[start : start + len(level)]
        start += len(level)
        parts.append(prefix + here[:, END])
        prefix = (prefix[:, None] + here[:, :V]).reshape(-1)
    return torch.cat(parts + [prefix])

${gold ? GOLD : ''}
# ------------------------------------------------------------------------------------------------- the policies

# One policy per seed and combination of swept values, each with its own reference and its own random numbers.
ALGORITHM = EXPERIMENT["algorithm"]
KNOBS = {key: ALGORITHM[key] for key in (${knobsText(algorithm === 'online-dpo' ? [...knobs, 'resampleEvery'] : knobs)},)}
KNOBS["learningRate"] = EXPERIMENT["optimizer"]["learningRate"]
SWEEP = EXPERIMENT.get("sweep", {})
POLICIES = [
    {**KNOBS, **dict(zip(SWEEP, values)), "seed": seed, "seed number": s}
    for values in itertools.product(*SWEEP.values())
    for s, seed in enumerate(EXPERIMENT["seeds"])
]
STEPS = RECORDED_STEPS[-1]
${schedule ? SCHEDULE : ''}

def name_of(policy):
    return ", ".join("%s %s" % (key, policy[key]) for key in ("seed", *SWEEP))
`;
}

const GOLD = `
# The truth that evaluation goes by, and the judge where it is asked for: r(x, y), [Y].
GOLD = EXPERIMENT["gold"]
LISTED = {number_of(entry["prompt"], entry["response"]): entry["reward"] for entry in GOLD.get("responses", [])}


def gold_reward(y):
    reward = LISTED.get(y, GOLD.get("otherwise", 0))
    words = [WORDS[w] for w in sorted(RESPONSES[y][1])]
    reward += sum(GOLD.get("perWord", {}).get(word, 0) for word in words)
    reward += sum(GOLD.get("containsWord", {}).get(word, 0) for word in dict.fromkeys(words))
    return reward + GOLD.get("perToken", 0) * len(words)


GOLD_REWARDS = torch.tensor([float(gold_reward(y)) for y in range(len(RESPONSES))])
`;

const SCHEDULE = `# Knobs that were changed while the run went on: after so many updates.
SCHEDULE = {change["after"]: {key: change[key] for key in change if key != "after"} for change in CHANGES}
`;
