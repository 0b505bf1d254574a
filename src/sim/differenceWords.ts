/** In which knobs two experiments differ, in few words: the names of branches. Pure. */
import type { Experiment } from './experiment.ts';
import { same } from './experimentPrint.ts';
import { msg } from './msg.ts';
import { getParam, PARAMS, type Param, type ParamValue } from './params.ts';
import { knobWords } from './sentences.ts';

/** What sets an experiment apart from another, in few words: "PPO, β = 0.5". */
export function differenceWords(own: Experiment, other: Experiment): string {
  const words = PARAMS.flatMap((param) => {
    const [value, theirs] = [getParam(own, param.id), getParam(other, param.id)];
    if (param.id === 'steps' || value === undefined || !param.appliesTo(own)) return [];
    // What only one of the algorithms has goes without saying.
    return theirs === undefined || same(value, theirs) ? [] : [valueWords(param, value)];
  });
  return words.length === 0 ? msg`other settings` : words.join(', ');
}

function valueWords(param: Param, value: ParamValue): string {
  const name = param.symbol === '' ? param.label.toLowerCase() : param.symbol;
  if (param.kind === 'choice') {
    const label = param.choices.find((choice) => choice.value === value)?.label ?? String(value);
    const short = label.replace(/ [(].*$/, '');
    return param.id === 'algorithm' || param.id === 'loss' || param.id === 'optimizer' ? short : `${name}: ${short}`;
  }
  return `${name} = ${typeof value === 'number' ? knobWords(value) : String(value)}`;
}
