/** A text to copy, and whether it was. */
import { useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { copyText } from './copyText.ts';
import './share.css';

interface CopyRowProps {
  label: string;
  text: string;
  rows: number;
  /** What was copied before it was shown. */
  already?: string | null;
}

export function CopyRow({ label, text, rows, already = null }: CopyRowProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<string | null>(null);
  async function copy(): Promise<void> {
    if (await copyText(text)) setCopied(text);
    else field.current?.select(); // the reader copies the selected text
  }
  return (
    <div className="copy-row">
      <label>{label}<textarea ref={field} readOnly rows={rows} value={text} spellCheck={false} onFocus={(event) => event.target.select()} /></label>
      <button type="button" className="outlined" aria-label={msg`Copy: ${label}`} onClick={() => void copy()}>{msg`Copy`}</button>
      <span className="copy-said" role="status">{(copied ?? already) === text ? msg`Copied.` : ''}</span>
    </div>
  );
}
