/** The whole experiment as the text of its file, with the line of every problem. */
import { useEffect, useMemo, useRef } from 'react';
import { msg } from '../../sim/msg.ts';
import { TEXT_ID } from './places.ts';
import { useSandbox } from './sandboxStore.ts';
import { ProblemList } from './Standing.tsx';
import { useSheet } from './useSheet.ts';

/** Wrong lines that are marked; the list counts all problems. */
const MARKED = 200;

export function TextPane() {
  const { printed: text, problems } = useSheet();
  const editText = useSandbox((sandbox) => sandbox.editText);
  const wrong = [...new Set(problems.flatMap((problem) => ('line' in problem ? [problem.line] : [])))].slice(0, MARKED);
  const gutter = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  // One text node: a long file has a hundred thousand lines.
  const numbers = useMemo(() => text.split('\n').map((_, i) => i + 1).join('\n'), [text]);
  useEffect(() => {
    const [strip, box] = [gutter.current, area.current];
    if (!strip || !box) return undefined;
    const follow = () => { strip.scrollTop = box.scrollTop; };
    follow();
    box.addEventListener('scroll', follow);
    return () => box.removeEventListener('scroll', follow);
  }, []);
  return (
    <>
    <div className="sheet-text">
      <div className="sheet-gutter" ref={gutter} aria-hidden="true">
        {numbers}
        {wrong.map((line) => <span key={line} data-wrong style={{ top: `calc(0.5rem + ${line - 1} * 1.5em)` }}>{line}</span>)}
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
