/** One formula. TeX comes from our own tables only, never from a link or a file. */
import katex from 'katex';
import 'katex/dist/katex.min.css';
import { memo, useMemo } from 'react';

const MAX_LENGTH = 2000;

/** Terms carry the colours of the marks in the charts. */
const MACROS = {
  '\\chosen': '\\htmlClass{tex-chosen}{#1}',
  '\\rejected': '\\htmlClass{tex-rejected}{#1}',
};

function render(tex: string, display: boolean): string | null {
  if (tex.length > MAX_LENGTH) return null;
  try {
    return katex.renderToString(tex, {
      displayMode: display,
      output: 'htmlAndMathml',
      throwOnError: true,
      strict: (code: string) => (code === 'htmlExtension' ? 'ignore' : 'error'),
      trust: (context) => context.command === '\\htmlClass' && /^tex-[a-z]+$/.test(context.class ?? ''),
      macros: { ...MACROS },
      maxExpand: 200,
    });
  } catch {
    return null;
  }
}

export const Tex = memo(function Tex({ tex, display = false }: { tex: string; display?: boolean }) {
  const html = useMemo(() => render(tex, display), [tex, display]);
  if (html === null) return <code>{tex.slice(0, MAX_LENGTH)}</code>;
  return display
    ? <div className="tex-display" tabIndex={0} role="group" aria-label="formula" dangerouslySetInnerHTML={{ __html: html }} />
    : <span dangerouslySetInnerHTML={{ __html: html }} />;
});
