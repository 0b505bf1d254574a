/** A text to copy, and whether it was. */
import { useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';

export function CopyRow({ label, text, rows }: { label: string; text: string; rows: number }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState('');
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(text);
    } catch {
      field.current?.select(); // no permission: the reader copies the selected text
    }
  }
  return (
    <div className="copy-row">
      <label>{label}<textarea ref={field} readOnly rows={rows} value={text} onFocus={(event) => event.target.select()} /></label>
      <button type="button" className="outlined" onClick={() => void copy()}>{msg`Copy`}</button>
      <span role="status">{copied === text && copied !== '' ? msg`Copied.` : ''}</span>
    </div>
  );
}
