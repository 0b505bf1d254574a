/** Above the lines: one by one or all at once, ours or the slide's, and for which response. */
import { Switch } from '@mantine/core';
import type { Setting } from '../../derivation/setting.ts';
import { msg } from '../../sim/msg.ts';
import { responseName } from '../../sim/words.ts';
import { responseText } from '../../sim/world.ts';
import { reading, showLines, useLines, useReading } from './reading.ts';

interface DerivationToolbarProps {
  chapter: number;
  /** How many lines there are. */
  count: number;
  setting: Setting;
  /** Some line has a version of the slide. */
  hasSlide: boolean;
  goBy(lines: number): void;
}

export function DerivationToolbar({ chapter, count, setting, hasSlide, goBy }: DerivationToolbarProps) {
  const { current, all } = useLines(chapter);
  const asOnSlide = useReading((state) => state.asOnSlide);
  return (
    <div className="derivation-bar">
      <h2 className="derivation-heading">{msg`Line by line`}</h2>
      {!all && (
        <div className="derivation-steps">
          <button type="button" className="outlined" aria-disabled={current === 0 || undefined} title={msg`The line before (↑ or B)`} onClick={() => goBy(-1)}>{msg`Back`}</button>
          <button type="button" className="outlined derivation-next" aria-disabled={current === count - 1 || undefined} title={msg`The next line (↓ or N)`} onClick={() => goBy(1)}>{msg`Next line`}</button>
          <span className="derivation-count">{current + 1}{msg` of `}{count}</span>
        </div>
      )}
      <ResponseSelect setting={setting} />
      <div className="derivation-switches">
        <Switch size="xs" label={msg`All at once`} checked={all} onChange={(event) => showLines(chapter, { all: event.currentTarget.checked })} />
        {hasSlide && <Switch size="xs" label={msg`As on the slide`} checked={asOnSlide} onChange={(event) => reading.setState({ asOnSlide: event.currentTarget.checked })} />}
      </div>
    </div>
  );
}

/** Which response is y₀: those of the pairs first, then the others. */
function ResponseSelect({ setting }: { setting: Setting }) {
  const { world, pairs, checked, shown, promptOf } = setting;
  const paired = new Set(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]));
  const others = checked.filter((y) => !paired.has(y));
  const option = (y: number) => <option key={y} value={y}>{responseName(responseText(world, y))}{world.promptCount > 1 ? ` · ${world.prompts[promptOf[y]]}` : ''}</option>;
  return (
    <label className="derivation-response">
      <span data-term="y0"><i>y</i><sub>0</sub></span>
      <select
        className="quiet-select" aria-label={msg`y₀, the response whose numbers are shown`} value={shown}
        onChange={(event) => { const y = Number(event.target.value); reading.setState({ response: { prompt: promptOf[y], text: responseText(world, y) } }); }}
      >
        <optgroup label={msg`in the pairs`}>{[...paired].slice(0, 100).map(option)}{!paired.has(shown) && !others.includes(shown) && option(shown)}</optgroup>
        {others.length > 0 && <optgroup label={checked.length < world.responseCount ? msg`${others.length} of the others` : msg`all others`}>{others.map(option)}</optgroup>}
      </select>
    </label>
  );
}
