/** The shape of each kind of mark: known without its colour. */
import type { MarkKind } from '../../sim/marks.ts';

/** In a box of 12 by 12. */
export function MarkShape({ kind }: { kind: MarkKind }) {
  return <svg className={`mark-shape mark-shape-${kind}`} viewBox="0 0 12 12" aria-hidden="true"><Shape kind={kind} /></svg>;
}

function Shape({ kind }: { kind: MarkKind }) {
  switch (kind) {
    case 'collapse': return <path d="M6 .8 11.2 6 6 11.2.8 6z" fill="currentColor" />;
    case 'recovery': return <path d="M6 1.6 10.4 6 6 10.4 1.6 6z" fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case 'chosen-falls': return <><circle cx="6" cy="3.6" r="3" fill="currentColor" /><path d="M6 6v4.6M3.6 8.4 6 10.8l2.4-2.4" fill="none" stroke="currentColor" strokeWidth="1.6" /></>;
    case 'catch': return <path d="m6 .4 1.7 3.7 4 .5-3 2.7.8 4L6 9.3l-3.5 2 .8-4-3-2.7 4-.5z" fill="currentColor" />;
    case 'divergence': return <path d="m1.8 1.8 8.4 8.4m0-8.4-8.4 8.4" fill="none" stroke="currentColor" strokeWidth="2.4" />;
    case 'knobs': return <path d="M6 1.4 11 10.6H1z" fill="currentColor" />;
    case 'fork': return <path d="M6 .8v3.4M6 4.2 2 7.4v3.8M6 4.2l4 3.2v3.8" fill="none" stroke="currentColor" strokeWidth="1.8" />;
    case 'draw': return <path d="M6 1.5v9" fill="none" stroke="currentColor" strokeWidth="1.8" />;
  }
}
