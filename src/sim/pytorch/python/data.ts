/** Python of what was recorded, at the end of the script. */
import { packDoubles, packFloats, packIntegers } from '../pack.ts';
import type { Facts } from './facts.ts';
import { longText, measured, pythonNumber, pythonText, wrapped } from './literal.ts';

export async function dataPart(facts: Facts): Promise<string> {
  const { recording, learnedJudge, sampled, draws } = facts;
  return [
    `
# --------------------------------------------------------------------------------------- recorded from the run


def floats(text, *shape):
    """Numbers of float32, little-endian, in base64."""
    data = base64.b64decode(text)
    return torch.tensor(struct.unpack("<%df" % (len(data) // 4), data)).reshape(shape)

`,
    draws || sampled ? INTEGERS : '',
    learnedJudge ? scores(facts) : '',
    reference(facts),
    sampled ? `
# The annotator's pairs as the lab drew them, winner and loser in turn, by seed and length bias.
PREFERENCES_DRAWN = {
${(await Promise.all(recording.preferences.map(async ({ seed, lengthBias, nodes }) => `    (${seed}, ${pythonNumber(lengthBias)}): ${longText(await packIntegers(nodes), 8)},`))).join('\n')}
}
` : '',
    draws ? `
# The pairs that each policy drew in the lab, winner and loser in turn, draw after draw.
DRAWN = [
${(await Promise.all(recording.policies.map(async ({ drawn }) => `    ${longText(await packIntegers(drawn), 8)},`))).join('\n')}
]
` : '',
    golden(facts),
  ].join('');
}

const INTEGERS = `
def integers(text):
    """Whole numbers of 32 bits, little-endian, compressed, in base64."""
    data = zlib.decompress(base64.b64decode(text))
    return struct.unpack("<%dI" % (len(data) // 4), data)

`;

function reference({ recording }: Facts): string {
  const { reference: parameters, referenceKl } = recording;
  return `
# Parameters of pi_ref of every seed (one for all of them where they are the same), as the lab fitted them.
# KL(target || pi_ref) of the seeds: ${referenceKl.map((kl) => kl.toPrecision(3)).join(', ')} nats.
REFERENCE = {
${parameters.map(({ name, shape, data }) => `    ${pythonText(name)}: floats(${longText(packFloats(data), 8)}, ${shape.join(', ')}),`).join('\n')}
}
`;
}

/** Scores of the reward model; policies that share one have it once. */
function scores({ recording }: Facts): string {
  const texts = recording.policies.map(({ scores: own }) => packDoubles(own ?? []));
  const distinct = [...new Set(texts)];
  return `
def doubles(text):
    data = base64.b64decode(text)
    return torch.tensor(struct.unpack("<%dd" % (len(data) // 8), data))


# The reward model was fitted in the lab; a script that fits it again would be another one. So its scores of all responses are
# given: of every policy the number of its list.
SCORES_OF = ${longList(texts.map((text) => String(distinct.indexOf(text))), 4)}
SCORES = [
${distinct.map((text) => `    doubles(${longText(text, 8)}),`).join('\n')}
]


def scores_of(number):
    return SCORES[SCORES_OF[number]]

`;
}

function longList(items: readonly string[], indent: number): string {
  const flat = `[${items.join(', ')}]`;
  return flat.length <= 100 - indent ? flat : `[\n${wrapped(items, indent)}\n${' '.repeat(indent - 4)}]`;
}

function golden({ recording }: Facts): string {
  const { policies, experiment } = recording;
  const comment = (r: number) => ['seed', ...Object.keys(experiment.sweep ?? {})]
    .map((key) => `${key} ${key === 'seed' ? policies[r].member.seed : policies[r].member.swept[key as keyof typeof experiment.sweep]}`).join(', ');
  const metrics = policies.map(({ metrics: own }, r) => `    {  # ${comment(r)}\n${Object.entries(own).map(([id, values]) => (
    `        ${pythonText(id)}: ${longList(values.map(measured), 12)},\n`)).join('')}    },\n`).join('');
  const final = policies.map(({ final: own }) => `    {\n${wrapped(own.map(({ response, logp }) => `${response}: ${measured(logp)}`), 8)}\n    },\n`).join('');
  return `
# The lab's metrics of every policy at the updates of RECORDED_STEPS.
RECORDED = [
${metrics}]

# log pi(y|x) of every policy after the last update, by the number of the response: of all of them, or of the most probable ones.
FINAL = [
${final}]
`;
}
