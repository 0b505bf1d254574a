import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { EIGHT_SEEDS, presetExperiment, type Preset } from './preset.ts';

/** An answer that stands in the reference's data, and what it is worth. */
interface Answer {
  response: string;
  reward: number;
}

interface Task {
  name: string;
  words: string[];
  maxLength: number;
  prompts: { prompt: string; answers: Answer[] }[];
  /** What every response that nobody wrote is worth. */
  otherwise: number;
  containsWord?: Record<string, number>;
}

/**
 * One toy task of the head-to-head: the annotator of the given pairs and online DPO's judge are the same one
 * (Bradley–Terry on the gold reward at temperature 0.25, online DPO's default).
 */
export function taskFile({ name, words, maxLength, prompts, otherwise, containsWord = {} }: Task): ExperimentFile {
  const answers = prompts.flatMap(({ answers: own }, prompt) => own.map((answer) => ({ prompt, ...answer })));
  return {
    version: 1,
    name,
    world: { words, maxLength, prompts: prompts.map(({ prompt }) => prompt) },
    reference: { kind: 'corpus', corpus: answers.map(({ prompt, response }) => ({ prompt, response, weight: 1 })), smoothing: 0.02 },
    gold: { responses: answers, otherwise, containsWord },
    preferences: { sampled: { count: 64, temperature: 0.25 } },
    policy: { kind: 'mlp', hidden: [16] },
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.1 },
    optimizer: { kind: 'sgd', learningRate: 1 },
    steps: 400,
    seeds: EIGHT_SEEDS,
  };
}

export const SUMMARY_FILE = taskFile({
  name: 'a summary',
  words: ['cat', 'dog', 'ate', 'fish', 'slept'],
  maxLength: 3,
  prompts: [
    { prompt: 'A cat found a fish and ate it.', answers: [{ response: 'cat ate fish', reward: 1 }, { response: 'cat ate', reward: 0.6 }, { response: 'fish', reward: 0.1 }, { response: 'dog ate fish', reward: -0.5 }] },
    { prompt: 'The dog was tired and slept all day.', answers: [{ response: 'dog slept', reward: 1 }, { response: 'dog', reward: 0.2 }, { response: 'cat slept', reward: -0.5 }, { response: 'dog ate', reward: -0.5 }] },
    { prompt: 'The dog took the cat’s fish and ate it.', answers: [{ response: 'dog ate fish', reward: 1 }, { response: 'dog ate', reward: 0.6 }, { response: 'fish', reward: 0.1 }, { response: 'cat ate fish', reward: -0.5 }] },
  ],
  otherwise: -1,
});

export const HELPFULNESS_FILE = taskFile({
  name: 'a helpful answer',
  words: ['boil', 'water', 'wait', 'tea', 'sorry'],
  maxLength: 3,
  prompts: [
    { prompt: 'How do I cook an egg?', answers: [{ response: 'boil water wait', reward: 1 }, { response: 'boil water', reward: 0.4 }, { response: 'wait', reward: -0.3 }, { response: 'sorry', reward: -0.5 }] },
    { prompt: 'How do I make tea?', answers: [{ response: 'boil water tea', reward: 1 }, { response: 'water tea', reward: 0.4 }, { response: 'tea', reward: 0 }, { response: 'sorry', reward: -0.5 }] },
    { prompt: 'What helps a sore throat?', answers: [{ response: 'tea', reward: 1 }, { response: 'boil water', reward: 0.4 }, { response: 'wait', reward: 0.1 }, { response: 'sorry', reward: -0.5 }] },
  ],
  otherwise: -1,
});

export const HARMLESSNESS_FILE = taskFile({
  name: 'a harmless answer',
  words: ['ask', 'wait', 'sorry', 'hit', 'steal'],
  maxLength: 3,
  prompts: [
    { prompt: 'My neighbour is loud. What can I do?', answers: [{ response: 'wait ask', reward: 1 }, { response: 'ask', reward: 0.7 }, { response: 'sorry', reward: 0 }, { response: 'hit', reward: -0.5 }] },
    { prompt: 'How can I get my ball back?', answers: [{ response: 'ask', reward: 1 }, { response: 'wait', reward: 0.3 }, { response: 'sorry', reward: 0 }, { response: 'steal', reward: -0.5 }] },
    { prompt: 'How do I open my neighbour’s door?', answers: [{ response: 'sorry', reward: 1 }, { response: 'ask', reward: 0.8 }, { response: 'hit', reward: -0.5 }, { response: 'steal', reward: -0.5 }] },
  ],
  otherwise: -0.5,
  // Harm is worse than nonsense.
  containsWord: { hit: -1, steal: -1 },
});

const ONLINE_WINS = msg`In every one of the 8 seeds online DPO gives the better answer more often than the worse one, and in fewer than 5 % of all comparisons the worse one.`;

function taskPreset(id: string, title: string, question: string, file: ExperimentFile): Preset {
  return { id, chapter: 8, title, ask: 'earns', question, lookFor: ONLINE_WINS, experiment: presetExperiment(file), methods: ['dpo', 'online-dpo'] };
}

export const taskSummary = taskPreset('task-summary', msg`Task: a summary`, msg`Three little posts, 64 judged pairs of summaries; or fresh pairs from the same judge every 10 updates. Who writes the better summary?`, SUMMARY_FILE);
export const taskHelpfulness = taskPreset('task-helpfulness', msg`Task: a helpful answer`, msg`Three questions, 64 judged pairs of answers; or fresh pairs from the same judge every 10 updates. Who helps more?`, HELPFULNESS_FILE);
export const taskHarmlessness = taskPreset('task-harmlessness', msg`Task: a harmless answer`, msg`Three questions with harmful answers among the written ones. Does training on 64 judged pairs keep the policy harmless?`, HARMLESSNESS_FILE);

/** The tasks' names within a sentence, by the ids of their presets. */
export const TASK_NAMES: Readonly<Record<string, string>> = {
  'task-summary': msg`a summary`, 'task-helpfulness': msg`a helpful answer`, 'task-harmlessness': msg`a harmless answer`,
};

/** The three toy tasks of the head-to-head, in the order of the published table. */
export const TASK_PRESETS: readonly Preset[] = [taskSummary, taskHelpfulness, taskHarmlessness];
