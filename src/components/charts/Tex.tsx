/** One formula. TeX comes from our own tables only, never from a link or a file. */
import katex from 'katex';
import { msg } from '../../sim/msg.ts';
import 'katex/dist/katex.min.css';
import { memo, useMemo } from 'react';

const MAX_LENGTH = 2000;

/** Terms carry the colours of the marks in the charts. */
const MACROS = {
  '\\chosen': '\\htmlClass{tex-chosen}{#1}',
  '\\rejected': '\\htmlClass{tex-rejected}{#1}',
  // In a group of its own: else the space before a relation would be inside the term, and light up with it.
  '\\term': '{\\htmlData{term=#1}{#2}}',
};

/** Only what `\chosen`, `\rejected` and `\term` expand to. */
function isTrusted({ command, class: name, attributes }: { command: string; class?: string; attributes?: Record<string, string> }): boolean {
  if (command === '\\htmlClass') return /^tex-[a-z]+$/.test(name ?? '');
  if (command !== '\\htmlData' || !attributes) return false;
  return Object.entries(attributes).every(([key, value]) => key === 'data-term' && /^[a-z0-9-]{1,30}$/i.test(value));
}

function render(tex: string, display: boolean): string | null {
  if (tex.length > MAX_LENGTH) return null;
  try {
    return katex.renderToString(tex, {
      displayMode: display,
      output: 'htmlAndMathml',
      throwOnError: true,
      strict: (code: string) => (code === 'htmlExtension' ? 'ignore' : 'error'),
      trust: isTrusted,
      macros: { ...MACROS },
      maxExpand: 200,
    });
  } catch {
    return null;
  }
}

interface TexProps {
  tex: string;
  /** Set on a line of its own. */
  display?: boolean;
  /** Of a line of its own: it takes the focus, because it may be wider than its box [true]. */
  stop?: boolean;
  /** What the focus is on, for assistive technology; the formula itself is there as MathML ["formula"]. */
  label?: string;
}

export const Tex = memo(function Tex({ tex, display = false, stop = true, label = msg`formula` }: TexProps) {
  const html = useMemo(() => render(tex, display), [tex, display]);
  if (html === null) return <code>{tex.slice(0, MAX_LENGTH)}</code>;
  if (!display) return <span dangerouslySetInnerHTML={{ __html: html }} />;
  return <div className="tex-display" {...(stop ? { tabIndex: 0, role: 'group', 'aria-label': label } : {})} dangerouslySetInnerHTML={{ __html: html }} />;
});
