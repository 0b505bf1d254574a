/** Bars of the groups that are dragged by mouse, finger or keys; whatever is moved, together they stay 100 %. */
import type { KeyboardEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import type { Answer, Masses, Option } from '../../sim/question.ts';
import { GROUPS } from '../../sim/world.ts';
import { useDrag } from '../chapter2/MassBar.tsx';
import { massByKey } from '../chapter2/simplex.ts';
import { groupsOf, massesOf, movedMasses } from './shares.ts';

interface MassBarsProps { options: readonly Option[]; answer: Answer | null; onChange(masses: Masses): void }

export function MassBars({ options, answer, onChange }: MassBarsProps) {
  const masses = massesOf(answer, options);
  const groups = groupsOf(options);
  return (
    <div className="predict-bars" role="group" aria-label={msg`Your prediction, 100 % together`} data-given={answer !== null}>
      {options.map(({ id, text, group = 'ood' }) => (
        <MassSlider key={id} name={text} role={roleOf(group)} p={masses[GROUPS.indexOf(group)]} onMove={(p) => onChange(movedMasses(masses, groups, group, p))} />
      ))}
      <p className="predict-rule">{msg`${answer === null ? msg`Drag the bars.` : msg`Together 100 %.`} Arrow keys move 1 %, with Shift 10 %.`}</p>
    </div>
  );
}

/** CSS class of a group's colour role. */
export function roleOf(group: Option['group']): string {
  return `role-${group ?? 'ink'}`;
}

function MassSlider({ name, role, p, onMove }: { name: string; role: string; p: number; onMove(p: number): void }) {
  const drag = useDrag(p, onMove);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = massByKey(p, event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    onMove(next);
  };
  const percent = Math.round(100 * p);
  return (
    <div className={`predict-bar ${role}`}>
      <span className="predict-bar-name">{name}</span>
      <span
        className="predict-track" role="slider" tabIndex={0} aria-label={msg`Your share for ${name}`} aria-orientation="horizontal"
        aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} aria-valuetext={`${percent} %`} onKeyDown={onKeyDown} {...drag}
      >
        <b style={{ width: `${100 * p}%` }} /><i style={{ left: `${100 * p}%` }} />
      </span>
      <span className="predict-value">{percent} %</span>
    </div>
  );
}
