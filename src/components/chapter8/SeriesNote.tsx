/** What running several presets does to the run on screen, said before the button is pressed. */
import { msg } from '../../sim/msg.ts';
import type { Preset } from '../../sim/presets/index.ts';
import { listWords } from '../../sim/sentences8.ts';

export function SeriesNote({ presets }: { presets: readonly Preset[] }) {
  const lengths = [...new Set(presets.map(({ experiment }) => experiment.steps))];
  return (
    <p className="lab-panel-note">
      {msg`This takes the place of the run above: ${presets.length} experiments one after the other, `}{listWords(lengths.map((steps) => steps.toLocaleString('en')))}{msg` updates ${lengths.length === 1 ? msg`each` : msg`long`}. The last one stays on screen.`}
    </p>
  );
}
