/** The chapter's sentence: what the shown policy is worth, and what the best one is. It follows the bars and the slider at once. */
import type { Setting } from '../../derivation/setting.ts';
import { msg } from '../../sim/msg.ts';
import { worthSentence } from '../../sim/sentences2.ts';
import { Headline, massSentence, Piece } from '../chapter/Headline.tsx';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { useSetting } from '../derivation/useSetting.ts';
import { useThrottledRun } from '../run.ts';
import { seedsMatter, useShownPolicy } from './look.ts';
import { useWorth } from './worth.ts';

export function WorthHeadline() {
  const setting = useSetting();
  const ready = useThrottledRun(readyRun);
  // A run that gets ready, has diverged or has no reward is spoken of as in every chapter.
  if (setting === null || typeof setting === 'string' || !ready || ready.diverged) return <Headline sentence={massSentence} />;
  return <Worth setting={setting} ready={ready} />;
}

function Worth({ setting, ready }: { setting: Setting; ready: ReadyRun }) {
  const { logps, isOwn } = useShownPolicy(setting);
  const { value, best, gap } = useWorth(setting, logps);
  const { experiment, shown, frame, world } = ready;
  const { seeds } = experiment;
  const whose = !seedsMatter(experiment) ? '' : shown.length > 1 ? msg`mean of ${shown.length} seeds` : seeds.length > 1 ? msg`seed ${seeds[shown[0] % seeds.length]}` : '';
  const said = worthSentence({ value, best, gap, beta: setting.beta, isOwn, step: frame.step, whose, promptCount: world.promptCount });
  return (
    <div className="headline">
      <p className="headline-sentence">{said.map((fragment, i) => <span key={i} data-term={fragment.term}><Piece fragment={fragment} /></span>)}</p>
    </div>
  );
}
