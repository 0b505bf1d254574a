/** "One update in slow motion": sample → score → KL → advantage → epochs → refresh, with the numbers of that very update. */
import { useId, useState } from 'react';
import { batchFacts, clipFacts, drawnResponses, tokenRows, type DrawnResponse } from '../../../sim/iteration.ts';
import { STAGE_NAMES, stageWords, type Stage, type StageFacts } from '../../../sim/iterationWords.ts';
import { msg } from '../../../sim/msg.ts';
import { responseText } from '../../../sim/world.ts';
import { Tex } from '../../charts/Tex.tsx';
import { EmptyChart, Panel } from '../../panels/Panel.tsx';
import { useThrottledRun } from '../../run.ts';
import { DrawnList, drawnName } from './DrawnList.tsx';
import { readIteration, whoseUpdate, type PpoReading } from './reading.ts';
import { StageSteps } from './StageSteps.tsx';
import { STAGE_TEX } from './stageTex.ts';
import { TokenTable } from './TokenTable.tsx';
import './iteration.css';

const TITLE = msg`One update in slow motion`;
/** While the run goes on and no update is held, another is shown at most once in this time, ms: it is to be read. */
const READ_MS = 1000;

/** Whether an update that was held is still one of the run and the policy that the page shows. */
export function holdsStill(held: PpoReading, now: PpoReading): boolean {
  const [a, b] = [held.ready.focus, now.ready.focus];
  return held.run === now.run && held.iteration.step <= now.iteration.step && a.seedIndex === b.seedIndex && a.sweepIndex === b.sweepIndex;
}

export function SlowMotion() {
  const now = useThrottledRun(readIteration, READ_MS);
  const [held, setHeld] = useState<PpoReading | null>(null);
  // Stepping holds the update, unless the reader has let go of one.
  const [mayHold, setMayHold] = useState(true);
  const [stage, setStage] = useState<Stage>('sample');
  const [picked, setPicked] = useState<number | null>(null);
  const latest = typeof now === 'string' ? null : now;
  const kept = held && latest && holdsStill(held, latest) ? held : null;
  // What was undone does not come back when the run gets there again.
  if (held && !kept) setHeld(null);
  const reading = kept ?? latest;
  if (!reading) return <Panel title={TITLE} sub=" "><EmptyChart heightRem={24}>{String(now)}</EmptyChart></Panel>;

  const hold = () => { if (!kept && mayHold) setHeld(reading); };
  const toggle = () => {
    setHeld(kept ? null : reading);
    setMayHold(!kept);
  };
  const behind = kept && latest && latest.iteration.step > kept.iteration.step ? msg`; the run is at update ${latest.iteration.step.toLocaleString('en')}` : '';
  return (
    <Panel
      title={TITLE} sub={`${whoseUpdate(reading)}${kept ? msg`, held${behind}` : ''}`}
      actions={<button type="button" className="quiet-button" aria-pressed={kept !== null} onClick={toggle}>{msg`hold this update`}</button>}
    >
      <Stages
        reading={reading} stage={stage} picked={picked}
        onStage={(next) => { hold(); setStage(next); }} onPick={(response) => { hold(); setPicked(response); }}
      />
    </Panel>
  );
}

interface StagesProps {
  reading: PpoReading;
  stage: Stage;
  /** Node of the response to follow; one that was not drawn, or null = the one with the highest score. */
  picked: number | null;
  onStage(stage: Stage): void;
  onPick(response: number): void;
}

/** One update at one stage: the stepper, what happens, the responses to pick from, and the tokens of the picked one. */
export function Stages({ reading, stage, picked, onStage, onPick }: StagesProps) {
  const panelId = useId();
  const { iteration, algorithm, ready: { world } } = reading;
  const responses = drawnResponses(iteration);
  const followed = responses.find(({ response }) => response === picked) ?? responses[0];
  const facts = factsOf(reading, followed);
  return (
    <>
      <StageSteps stage={stage} panelId={panelId} onStage={onStage} />
      <div className="iteration-panel" role="tabpanel" id={panelId} aria-label={STAGE_NAMES[stage]}>
        <div className="iteration-told">
          <Tex tex={STAGE_TEX[stage](algorithm)} display />
          <p><Policies text={stageWords(stage, facts)} /></p>
        </div>
        <DrawnList world={world} responses={responses} picked={followed.response} onPick={onPick} />
        <TokenTable rows={facts.rows} stage={stage} critic={algorithm.valueCoef > 0} passes={facts.passes} name={drawnName(world, followed.response)} />
      </div>
    </>
  );
}

/** A text with its π_old and π_ref set as the formulas set them. */
function Policies({ text }: { text: string }) {
  // A place in the text is all the identity that a piece has.
  return text.split(/π_(old|ref)/).map((piece, i) => (i % 2 === 0 ? piece : <span key={i} className="iteration-policy">π<sub>{piece}</sub></span>));
}

/** Equal responses have equal numbers, but for the minibatches they were dealt into: the first of them is followed. */
function factsOf({ ready: { world, frame }, iteration, algorithm, single }: PpoReading, { response, rollouts }: DrawnResponse): StageFacts {
  const passes = iteration.newLogps.length;
  // Only where the frame is of the policy that made the update, and of no later one.
  const isNow = single && frame.step === iteration.step;
  return {
    algorithm, beta: algorithm.beta, step: iteration.step, batch: batchFacts(iteration), lastPass: clipFacts(iteration, passes - 1), passes,
    text: responseText(world, response), times: rollouts.length, rows: tokenRows(world, iteration, rollouts[0]),
    after: isNow ? Math.exp(frame.logps[response]) : null,
  };
}
