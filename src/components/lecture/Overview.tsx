/** All steps of the talk by chapter, to choose one. */
import { useRef, type KeyboardEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import { Dialog } from '../frame/Dialog.tsx';
import { TALK, type TalkStep } from './talk.ts';
import { useTalk } from './talkStore.ts';
import './lecture.css';

interface Row {
  chapter: number;
  steps: readonly { step: TalkStep; index: number }[];
}

/** Steps in their order, a row for each stretch of one chapter. */
export function rowsOf(talk: readonly TalkStep[]): readonly Row[] {
  const rows: { chapter: number; steps: { step: TalkStep; index: number }[] }[] = [];
  talk.forEach((step, index) => {
    const last = rows.at(-1);
    if (last?.chapter === step.chapter) last.steps.push({ step, index });
    else rows.push({ chapter: step.chapter, steps: [{ step, index }] });
  });
  return rows;
}

/** Where a key leads among the rows; the same where it leads nowhere. */
export function neighbourStep(rows: readonly Row[], at: number, key: string): number {
  const row = rows.findIndex(({ steps }) => steps.some(({ index }) => index === at));
  const last = rows.reduce((count, { steps }) => count + steps.length, 0) - 1;
  const beside = (by: 1 | -1) => {
    const steps = rows[row + by]?.steps;
    return steps ? steps[Math.min(at - rows[row].steps[0].index, steps.length - 1)].index : at;
  };
  switch (key) {
    case 'ArrowRight': return Math.min(last, at + 1);
    case 'ArrowLeft': return Math.max(0, at - 1);
    case 'ArrowDown': return beside(1);
    case 'ArrowUp': return beside(-1);
    case 'Home': return 0;
    case 'End': return last;
    default: return at;
  }
}

const ROWS = rowsOf(TALK);

export function Overview() {
  const opened = useTalk((talk) => talk.overview);
  const set = useTalk((talk) => talk.set);
  return (
    <Dialog opened={opened} close={() => set({ overview: false })} title={msg`All steps of the talk`} size="min(84rem, calc(100vw - 2rem))">
      <Steps />
    </Dialog>
  );
}

function Steps() {
  const on = useTalk((talk) => talk.on);
  const at = useTalk((talk) => talk.at);
  const go = useTalk((talk) => talk.go);
  const start = useTalk((talk) => talk.start);
  const set = useTalk((talk) => talk.set);
  const frame = useRef<HTMLDivElement>(null);
  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === 'o') {
      event.preventDefault();
      set({ overview: false });
      return;
    }
    const from = Number((event.target as HTMLElement).dataset.step ?? NaN);
    const to = neighbourStep(ROWS, from, event.key);
    if (!Number.isInteger(from) || to === from) return;
    event.preventDefault();
    const button = frame.current?.querySelector<HTMLElement>(`[data-step="${to}"]`);
    button?.focus();
  }
  return (
    <div ref={frame} className="overview" onKeyDown={onKeyDown} role="presentation">
      {ROWS.map(({ chapter, steps }) => (
        <div key={steps[0].index} className="overview-row">
          <h3 className="overview-chapter">{msg`Chapter `}{chapter}</h3>
          <ol className="overview-steps" start={steps[0].index + 1}>
            {steps.map(({ step, index }) => (
              <li key={step.id}>
                <button
                  type="button" className="overview-step" data-step={index} aria-current={on && index === at ? 'step' : undefined} data-autofocus={index === at || undefined}
                  onClick={() => { if (on) go(index); else start(index); }}
                >
                  <span className="overview-number">{index + 1}</span> {step.title}
                </button>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </div>
  );
}
