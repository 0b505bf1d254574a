/** Which response is y₀. */
import { msg } from '../../sim/msg.ts';
import { responseName } from '../../sim/words.ts';
import { rulerStore } from './rulerStore.ts';
import type { Target } from './useTarget.ts';

export function TargetChoice({ target }: { target: Target }) {
  const text = target.offered.find(({ response }) => response === target.response)?.text ?? '';
  return (
    <label className="target-choice">
      <span data-term="y0">y<sub>0</sub></span>
      <select className="quiet-select" aria-label={msg`y₀, the response that gets the probability`} value={text} onChange={(event) => { rulerStore.setState({ target: event.target.value }); }}>
        {target.offered.map((offer) => <option key={offer.response} value={offer.text}>{responseName(offer.text)}</option>)}
      </select>
    </label>
  );
}
