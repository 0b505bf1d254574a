/** Python of the policy: the network of the experiment as plain functions of its parameters. */
import type { Facts } from './facts.ts';

export function policyPart({ experiment }: Facts): string {
  const { policy } = experiment;
  const title = `
# --------------------------------------------------------------------------------------------------- the policy
`;
  switch (policy.kind) {
    case 'tabular': return `${title}${TABULAR}`;
    case 'mlp': return `${title}${MLP}`;
    case 'transformer': return `${title}${TRANSFORMER}`;
  }
}

const TABULAR = `
def policy_logits(theta):
    """Logits of every context, [C, V + 1]: a table, nothing is shared between contexts."""
    return theta[0]

`;

const MLP = `
def one_hot(indices, size):
    return F.one_hot(torch.tensor(indices), size).double()


# What the network sees of a context: its prompt, its position, the previous token and the one before it (absent: the end token).
FEATURES = torch.cat(
    [
        one_hot([x for x, _ in CONTEXTS], X),
        one_hot([len(words) for _, words in CONTEXTS], T),
        one_hot([words[-1] if words else END for _, words in CONTEXTS], V + 1),
        one_hot([words[-2] if len(words) > 1 else END for _, words in CONTEXTS], V + 1),
    ],
    1,
)


def policy_logits(theta):
    """Logits of every context, [C, V + 1]: tanh layers, the last one linear; theta = weights and biases in turn."""
    values = FEATURES
    for layer in range(0, len(theta), 2):
        values = values @ theta[layer] + theta[layer + 1]
        if layer + 2 < len(theta):
            values = torch.tanh(values)
    return values

`;

const TRANSFORMER = `
WIDTH = EXPERIMENT["policy"]["width"]
HEADS = EXPERIMENT["policy"]["heads"]

# Rows of the embedding table: X prompts, V words, T positions. Token 0 of a context is its prompt, its words follow.
TOKEN_ROWS = [torch.tensor([[x] + [X + w for w in words] for x, words in level]) for level in LEVELS[:T]]


def policy_logits(theta):
    """Logits of every context, [C, V + 1]: one causal self-attention block, of which only the last position is asked for.

    x_t = E[token_t] + P[t];  a = x_d + Attention(LN(x_d); LN(x_0..x_d)) W_o;  m = a + GELU(LN(a) W_1 + b_1) W_2 + b_2
    logits = LN(m) W_u + b_u
    """
    (embeddings, gain_a, offset_a, w_qkv, w_o, gain_h, offset_h, w_1, b_1, w_2, b_2, gain_u, offset_u, w_u, b_u) = theta

    def norm(x, gain, offset):
        return F.layer_norm(x, (WIDTH,), gain.reshape(-1), offset.reshape(-1), 1e-5)

    def heads(x):  # [N, t, WIDTH] -> [N, HEADS, t, WIDTH / HEADS]
        return x.reshape(x.shape[0], x.shape[1], HEADS, WIDTH // HEADS).transpose(1, 2)

    parts = []
    for rows in TOKEN_ROWS:  # contexts of the same length at once, [N, t]
        x = embeddings[rows] + embeddings[X + V : X + V + rows.shape[1]]
        q, k, v = (norm(x, gain_a, offset_a) @ w_qkv).split(WIDTH, -1)
        shares = torch.softmax(heads(q[:, -1:]) @ heads(k).transpose(2, 3) / math.sqrt(WIDTH // HEADS), -1)
        mixed = (shares @ heads(v)).transpose(1, 2).reshape(len(rows), WIDTH)
        a = x[:, -1] + mixed @ w_o
        m = a + F.gelu(norm(a, gain_h, offset_h) @ w_1 + b_1) @ w_2 + b_2
        parts.append(norm(m, gain_u, offset_u) @ w_u + b_u)
    return torch.cat(parts)

`;
