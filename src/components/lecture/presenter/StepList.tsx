/** All steps of the talk, to jump to one. */
import { msg } from '../../../sim/msg.ts';
import { Dialog } from '../../frame/Dialog.tsx';
import { TALK } from '../talk.ts';
import { useTalk } from '../talkStore.ts';

export function StepList({ opened, close, current }: { opened: boolean; close: () => void; current: number }) {
  const on = useTalk((talk) => talk.on);
  const go = useTalk((talk) => talk.go);
  const start = useTalk((talk) => talk.start);
  return (
    <Dialog opened={opened} close={close} title={msg`All steps`} size="lg">
      <ol className="presenter-steps">
        {TALK.map(({ id, chapter, title, minutes }, index) => (
          <li key={id}>
            <button
              type="button" className="quiet" aria-current={index === current ? 'step' : undefined} data-autofocus={index === current || undefined}
              onClick={() => { close(); if (on) go(index); else start(index); }}
            >
              <span className="presenter-step-number">{index + 1}</span>
              <span>{title}</span>
              <span className="presenter-step-detail">{msg`chapter `}{chapter}, {minutes}{msg` min`}</span>
            </button>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
