/**
 * The run as a PyTorch script that makes it again by itself and asserts the numbers the lab recorded.
 *
 * One file that needs torch and nothing else, to be read from top to bottom: the experiment, the world, the policy, the loss,
 * the training, and at the end what was recorded. Only the parts that this run uses are in it.
 */
import { dataPart } from './python/data.ts';
import { experimentPart } from './python/experiment.ts';
import { factsOf } from './python/facts.ts';
import { headerPart } from './python/header.ts';
import { lossPart } from './python/losses.ts';
import { pairsPart } from './python/pairs.ts';
import { policyPart } from './python/policy.ts';
import { randomPart } from './python/random.ts';
import { trainingPart } from './python/training.ts';
import { worldPart } from './python/world.ts';
import type { Recording } from './recording.ts';

/** The script of a recording; the same recording gives the same text. */
export async function pythonScript(recording: Recording): Promise<string> {
  const facts = factsOf(recording);
  return [
    headerPart(facts), experimentPart(facts), worldPart(facts), randomPart(facts), policyPart(facts), lossPart(facts), pairsPart(facts),
    trainingPart(facts), await dataPart(facts), START,
  ].join('\n').replace(/\n{4,}/g, '\n\n\n').replace(/[ \t]+$/gm, '');
}

const START = `
if __name__ == "__main__":
    main()
`;
