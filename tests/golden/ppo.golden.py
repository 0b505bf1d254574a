"""Golden numbers of PPO's arithmetic, from the definitions, with nothing but NumPy: python3 ppo.golden.py > ppo.golden.json

Every gradient is written out case by case and checked here against central finite differences.
"""
import json

import numpy as np

# Rollouts of 4, 2, 1 and 3 tokens in a grid of 4 positions; the numbers outside a rollout must not matter.
LENGTHS = [4, 2, 1, 3]
REWARDS = [[-0.1, 0.2, -0.3, 1.0], [0.05, -0.5, 9, 9], [0.7, 9, 9, 9], [0.0, -0.2, 0.4, 9]]
VALUES = [[0.5, 0.4, -0.2, 0.8], [0.1, -0.3, 7, 7], [0.0, 7, 7, 7], [0.25, 0.5, -0.75, 7]]


def advantages(rewards, values, gamma, lam):
    """A_t = sum over k of (gamma*lambda)^k * delta_(t+k), the sum itself, for one rollout without padding."""
    n = len(rewards)
    delta = [rewards[t] + gamma * (values[t + 1] if t + 1 < n else 0.0) - values[t] for t in range(n)]
    return [sum((gamma * lam) ** k * delta[t + k] for k in range(n - t)) for t in range(n)]


def padded(rows):
    return [list(map(float, row)) + [0.0] * (4 - len(row)) for row in rows]


def gae_case(gamma, lam):
    rows = [advantages(REWARDS[b][:n], VALUES[b][:n], gamma, lam) for b, n in enumerate(LENGTHS)]
    flat = np.concatenate(rows)
    whitened = (flat - flat.mean()) / np.sqrt(flat.var(ddof=1) + 1e-8)
    parts = np.split(whitened, np.cumsum(LENGTHS)[:-1])
    to_go = [[sum(gamma**k * REWARDS[b][t + k] for k in range(n - t)) for t in range(n)] for b, n in enumerate(LENGTHS)]
    returns = [[a + VALUES[b][t] for t, a in enumerate(row)] for b, row in enumerate(rows)]
    return {
        "gamma": gamma, "gaeLambda": lam, "advantages": padded(rows), "returns": padded(returns),
        "whitened": padded(parts), "rewardsToGo": padded(to_go),
    }


# One token each: inside the clip range, beyond it on either side, with either sign of the advantage.
EPSILON = 0.2
OLD_LOGPS = np.log([0.5, 0.4, 0.5, 0.2, 0.3, 0.6, 0.25, 0.8])
NEW_LOGPS = np.log([0.55, 0.6, 0.7, 0.1, 0.2, 0.33, 0.25, 0.72])
ADVANTAGES = np.array([1.5, 2.0, -1.0, 0.5, -0.25, -2.0, 1.0, 0.0])


def policy_loss(new):
    ratio = np.exp(new - OLD_LOGPS)
    return np.maximum(-ADVANTAGES * ratio, -ADVANTAGES * np.clip(ratio, 1 - EPSILON, 1 + EPSILON))


def policy_gradient():
    ratio = np.exp(NEW_LOGPS - OLD_LOGPS)
    cut = ((ADVANTAGES > 0) & (ratio > 1 + EPSILON)) | ((ADVANTAGES < 0) & (ratio < 1 - EPSILON))
    return np.where(cut, 0.0, -ADVANTAGES * ratio)


VALUE_CLIP = 0.2
OLD_VALUES = np.array([0.0, 0.0, 1.0, 1.0, -0.5, 0.3])
NEW_VALUES = np.array([0.1, 0.5, 1.5, 0.4, -0.9, 0.3])
RETURNS = np.array([1.0, 1.0, 0.9, 0.9, 0.2, 0.7])


def value_loss(new):
    held = np.clip(new, OLD_VALUES - VALUE_CLIP, OLD_VALUES + VALUE_CLIP)
    return 0.5 * np.maximum((new - RETURNS) ** 2, (held - RETURNS) ** 2)


def value_gradient():
    held = np.clip(NEW_VALUES, OLD_VALUES - VALUE_CLIP, OLD_VALUES + VALUE_CLIP)
    moves = (NEW_VALUES - RETURNS) ** 2 >= (held - RETURNS) ** 2
    return np.where(moves, NEW_VALUES - RETURNS, 0.0)


def checked(loss, at, gradient, step=1e-6):
    """Both losses are sums of functions of one token, so one shift of all tokens gives every derivative."""
    difference = (loss(at + step) - loss(at - step)) / (2 * step)
    assert np.abs(difference - gradient).max() < 1e-8, (difference, gradient)
    return gradient.tolist()


print(json.dumps({
    "lengths": LENGTHS, "rewards": REWARDS, "values": VALUES,
    "cases": [gae_case(1, 0.95), gae_case(0.9, 0.5), gae_case(1, 1), gae_case(0.99, 0)],
    "policy": {
        "clipRange": EPSILON, "oldLogps": OLD_LOGPS.tolist(), "newLogps": NEW_LOGPS.tolist(), "advantages": ADVANTAGES.tolist(),
        "loss": policy_loss(NEW_LOGPS).tolist(), "gradient": checked(policy_loss, NEW_LOGPS, policy_gradient()),
    },
    "value": {
        "valueClip": VALUE_CLIP, "oldValues": OLD_VALUES.tolist(), "newValues": NEW_VALUES.tolist(), "returns": RETURNS.tolist(),
        "loss": value_loss(NEW_VALUES).tolist(), "gradient": checked(value_loss, NEW_VALUES, value_gradient()),
    },
}, indent=1))
