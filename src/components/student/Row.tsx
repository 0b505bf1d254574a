/** A line of a task that is fulfilled or not. */
import type { ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';

export function Row({ met, children }: { met: boolean; children: ReactNode }) {
  return (
    <div className="path-row" data-met={met}>
      <span className="path-mark" aria-hidden="true">{met ? '✓' : '○'}</span><span className="lab-sr">{met ? msg`Done: ` : msg`To do: `}</span>
      <div className="path-row-body">{children}</div>
    </div>
  );
}
