/** "Picture" under a panel: its chart to keep, as SVG, as PNG, or on the clipboard. */
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { msg } from '../../sim/msg.ts';
import { download } from '../frame/download.ts';
import { makePicture, savedWords, savePicture, type PictureKind, type Stores } from './savePicture.ts';
import { pngOf } from './png.ts';
import './takeaway.css';

const canCopy = () => typeof ClipboardItem !== 'undefined' && typeof navigator.clipboard?.write === 'function';

export function PictureAction({ stores: { run, lab }, title }: { stores: Stores; title: string }) {
  const has = useStore(run, ({ frame }) => frame !== null);
  const own = useRef<HTMLDetailsElement>(null);
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState('');
  const panel = () => own.current?.closest('.lab-panel') ?? null;

  async function save(kind: PictureKind): Promise<void> {
    setSaid('');
    const found = panel();
    setSaid(await savedWords(async () => found !== null && await savePicture({ run, lab }, { panel: found, title }, kind, download)));
  }
  async function copy(): Promise<void> {
    setSaid('');
    const found = panel();
    if (!found) return;
    try {
      // Begun at once: some browsers ask that the click is not long ago.
      const png = makePicture({ run, lab }, { panel: found, title }).then((picture) => { if (!picture) throw new Error('nothing to draw'); return pngOf(picture.svg); });
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
      setSaid(msg`Copied.`);
    } catch {
      setSaid(msg`This browser did not let the picture be copied; save it as PNG instead.`);
    }
  }
  if (!has) return null;
  return (
    <details ref={own} className="chart-table panel-picture" onToggle={(event) => { setOpen(event.currentTarget.open); setSaid(''); }}>
      <summary aria-label={msg`Picture of “${title}”`}>{msg`Picture`}</summary>
      {open && (
        <div className="panel-picture-kinds" role="group" aria-label={msg`Kinds of picture`}>
          <button type="button" className="quiet-button" onClick={() => void save('svg')}>{msg`SVG`}</button>
          <button type="button" className="quiet-button" onClick={() => void save('png')}>{msg`PNG`}</button>
          {canCopy() && <button type="button" className="quiet-button" onClick={() => void copy()}>{msg`Copy`}</button>}
          <span role="status">{said}</span>
        </div>
      )}
    </details>
  );
}
