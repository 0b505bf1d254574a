/** The stages of one update as tabs: click them, or use the arrow keys while one has the focus. */
import { useRef, type KeyboardEvent } from 'react';
import { STAGE_NAMES, STAGES, type Stage } from '../../../sim/iterationWords.ts';
import { msg } from '../../../sim/msg.ts';
import './iteration.css';

interface StageStepsProps {
  stage: Stage;
  /** Id of the panel that they switch. */
  panelId: string;
  onStage(stage: Stage): void;
}

/** Where a key leads from stage `index`; null where it is not one of theirs. */
export function stageAfterKey(key: string, index: number): Stage | null {
  const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: STAGES.length - 1 }[key];
  return target === undefined ? null : STAGES[Math.min(STAGES.length - 1, Math.max(0, target))];
}

export function StageSteps({ stage, panelId, onStage }: StageStepsProps) {
  const list = useRef<HTMLDivElement>(null);
  const index = STAGES.indexOf(stage);
  const next = STAGES[index + 1];
  const onKeyDown = (event: KeyboardEvent) => {
    const target = stageAfterKey(event.key, index);
    if (target === null || event.ctrlKey || event.metaKey || event.altKey) return;
    // Also at either end: the page's own arrow key would train on.
    event.preventDefault();
    onStage(target);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[STAGES.indexOf(target)]?.focus();
  };
  return (
    <div className="iteration-stepper" data-keys="own">
      <div className="iteration-stages" role="tablist" aria-label={msg`Stages of an update`} ref={list}>
        {STAGES.map((one, i) => (
          <button key={one} type="button" role="tab" aria-selected={one === stage} aria-controls={panelId} tabIndex={one === stage ? 0 : -1} onClick={() => onStage(one)} onKeyDown={onKeyDown}>
            <span aria-hidden="true">{i + 1}</span> {STAGE_NAMES[one]}
          </button>
        ))}
      </div>
      <button type="button" className="quiet-button iteration-next" onClick={() => onStage(next ?? STAGES[0])}>{next ? msg`Next: ${STAGE_NAMES[next]}` : msg`From the start`}</button>
    </div>
  );
}
