/** The whole experiment as the text of its file, with the line of every problem. */
import { useEffect, useRef } from 'react';
import { msg } from '../../sim/msg.ts';
import { TEXT_ID } from './places.ts';
import { useSandbox } from './sandboxStore.ts';
import { ProblemList } from './Standing.tsx';
import { useSheet } from './useSheet.ts';

export function TextPane() {
  const { printed: text, problems } = useSheet();
  const editText = useSandbox((sandbox) => sandbox.editText);
  const wrong = new Set(problems.flatMap((problem) => ('line' in problem ? [problem.line] : [])));
  const gutter = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = text.split('\n').length;
  useEffect(() => {
    const [numbers, box] = [gutter.current, area.current];
    if (!numbers || !box) return undefined;
    const follow = () => { numbers.scrollTop = box.scrollTop; };
    follow();
    box.addEventListener('scroll', follow);
    return () => box.removeEventListener('scroll', follow);
  }, []);
  return (
    <>
    <div className="sheet-text">
      <div className="sheet-gutter" ref={gutter} aria-hidden="true">
        {Array.from({ length: lines }, (_, i) => <span key={i} data-wrong={wrong.has(i + 1) || undefined}>{i + 1}</span>)}
      </div>
      <textarea
        id={TEXT_ID} ref={area} className="sheet-area" aria-label={msg`The experiment as text (JSON)`} wrap="off" spellCheck={false} autoComplete="off" autoCapitalize="none"
        value={text} aria-invalid={problems.length > 0 || undefined} onChange={(event) => editText(event.target.value)}
      />
    </div>
    <ProblemList problems={problems} />
    </>
  );
}
