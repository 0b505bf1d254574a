/** Python of the generator and of drawing responses by it. */
import type { Facts } from './facts.ts';

export function randomPart({ samples, minibatches }: Facts): string {
  return samples || minibatches ? `${GENERATOR}${samples ? SAMPLING : ''}` : '';
}

const GENERATOR = `
# ------------------------------------------------------------------------------------------- the random numbers

# The lab's streams: the second word of the generator's key. The first is the seed, the counter is (update, index).
PREFERENCES, LABELS, BATCH, ROLLOUT, JUDGE = 2, 3, 4, 5, 6


def threefry(seed, stream, step, count):
    """The first of the two words of Threefry2x32-20 for the indices 0..count-1.

    Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
    """
    mask = 0xFFFFFFFF
    keys = (seed, stream, 0x1BD11BDA ^ seed ^ stream)
    x0 = torch.full((count,), (step + keys[0]) & mask, dtype=torch.int64)
    x1 = (torch.arange(count) + keys[1]) & mask
    for r in range(20):
        rotation = (13, 15, 26, 6, 17, 29, 16, 24)[r % 8]
        x0 = (x0 + x1) & mask
        x1 = (((x1 << rotation) | (x1 >> (32 - rotation))) & mask) ^ x0
        if r % 4 == 3:
            i = (r + 1) // 4
            x0 = (x0 + keys[i % 3]) & mask
            x1 = (x1 + keys[(i + 1) % 3] + i) & mask
    return x0


if int(threefry(0, 0, 0, 1)) != 0x6B200159:
    raise AssertionError("Threefry2x32-20 does not give its published known answer")


class Draws:
    """Uniform numbers in [0, 1), multiples of 2^-24, one after the other: the same for the same (seed, stream, update)."""

    def __init__(self, seed, stream, update, most):
        self.numbers = ((threefry(seed, stream, update, most) >> 8).double() * 2.0**-24).tolist()
        self.next = 0

    def take(self):
        self.next += 1
        return self.numbers[self.next - 1]

`;

const SAMPLING = `
def cumulative_of(logits):
    """Cumulative probabilities of the tokens at every context, C lists of V + 1 numbers."""
    return torch.softmax(logits, -1).cumsum(-1).tolist()


def sample_response(cumulative, x, draws):
    """One response token by token, by inverse CDF: the first token whose cumulative probability exceeds u."""
    words = ()
    while len(words) < T:
        token = bisect.bisect_right(cumulative[NUMBER[x, words]], draws.take())
        if token >= END:
            break
        words += (token,)
    return NUMBER[x, words]


def outside(cumulative, y, draws):
    """How far the next uniform numbers lie outside the intervals that would draw y: 0 where they draw it."""
    x, words = RESPONSES[y]
    worst = 0.0
    for i, token in enumerate(words + (END,) if len(words) < T else words):
        bounds, u = cumulative[NUMBER[x, words[:i]]], draws.take()
        worst = max(worst, bounds[token - 1] - u if token > 0 else 0.0, u - bounds[token] if token < END else 0.0)
    return worst


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


class Ties:
    """What the lab drew otherwise than this script, and how close to a boundary the uniform numbers were and may be."""

    def __init__(self, within):
        self.count, self.closest, self.within = 0, 0.0, within


def draw_pair(cumulative, x, draws, verdict, wins, lab, ties, where):
    """Two responses to prompt x and who wins: the first one, where \`verdict\` < wins(first, second).

    The lab draws from a policy in float32. Where one of its probabilities lies on the other side of a uniform number, it drew
    another response; every difference to the lab's pair must be of that kind, then the lab's is taken and the next numbers are
    those that follow it.
    """
    start = draws.next
    first, second = sample_response(cumulative, x, draws), sample_response(cumulative, x, draws)
    pair = (first, second) if verdict < wins(first, second) else (second, first)
    if pair == lab:
        return pair
    explanations = []
    for first, second, first_won in ((lab[0], lab[1], True), (lab[1], lab[0], False)):
        draws.next = start
        off = max(outside(cumulative, first, draws), outside(cumulative, second, draws)) if RESPONSES[first][0] == x else 1.0
        off = max(off, verdict - wins(first, second) if first_won else wins(first, second) - verdict)
        explanations.append((off, draws.next))
    off, draws.next = min(explanations)
    if off > ties.within:
        raise AssertionError(
            "%s: the lab drew %r over %r, this script %r over %r, and no uniform number is within %g of a boundary (%.3g)"
            % (where, text_of(lab[0]), text_of(lab[1]), text_of(pair[0]), text_of(pair[1]), ties.within, off)
        )
    ties.count += 1
    ties.closest = max(ties.closest, off)
    return lab

`;
