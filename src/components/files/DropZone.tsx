/** Files that are dropped on the page, or pasted outside its fields, are opened; what may be dropped is said while it is over it. */
import { useEffect, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import { openAny } from './openAny.ts';
import './DropZone.css';

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

/** What a file opens lies behind a dialog. */
const behindDialog = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

export function DropZone() {
  const lab = useLabStore();
  const [noFiles, embedded] = [useHidden('link'), useLab((now) => now.embedded)];
  const closed = noFiles || embedded;
  const [over, setOver] = useState<'page' | 'dialog' | null>(null);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      // Also where nothing may be dropped: the browser would leave the lab for the file.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = closed || behindDialog() ? 'none' : 'copy';
      setOver(closed ? null : behindDialog() ? 'dialog' : 'page');
    };
    const leave = (event: DragEvent) => { if (event.relatedTarget === null) setOver(null); };
    const drop = (event: DragEvent) => {
      setOver(null);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (closed || behindDialog()) return;
      const [file, ...others] = event.dataTransfer?.files ?? [];
      if (others.length > 0) lab.setState({ notices: [msg`${others.length + 1} files were dropped, and the lab opens one at a time. Nothing has changed.`] });
      else if (file) void openAny(file, lab);
    };
    /** A file, or the text of an experiment. */
    const paste = (event: ClipboardEvent) => {
      if (closed || behindDialog() || (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]'))) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const file = event.clipboardData?.files[0] ?? (text.trimStart().startsWith('{') ? new File([text], msg`what was pasted`) : null);
      if (file) void openAny(file, lab);
    };
    const listeners = { dragenter: drag, dragover: drag, dragleave: leave, drop, paste } as const;
    const all = Object.entries(listeners) as [string, (event: Event) => void][];
    for (const [type, listen] of all) window.addEventListener(type, listen);
    return () => { for (const [type, listen] of all) window.removeEventListener(type, listen); };
  }, [lab, closed]);
  if (over === null) return null;
  return (
    <div className="drop-zone" role="status">
      {over === 'dialog'
        ? <p><b>{msg`Close the dialog first.`}</b> {msg`A file is opened on the page behind it.`}</p>
        : <p><b>{msg`Drop it here.`}</b> {msg`An experiment (JSON), preferences as TRL has them (JSON or JSONL), or a file that the lab wrote.`}</p>}
    </div>
  );
}
