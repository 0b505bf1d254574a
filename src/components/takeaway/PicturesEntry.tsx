/** Every panel on screen as a picture, small here and whole in its file; the page of them; the page on paper. */
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { msg } from '../../sim/msg.ts';
import { download } from '../frame/download.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { useRunStore } from '../run.ts';
import { drawPanel } from './drawPanel.ts';
import { Entry } from './Entry.tsx';
import { svgOf } from './picture.ts';
import { panelsOnPage, savedWords, savePage, savePicture, type NamedPanel, type PictureKind } from './savePicture.ts';
import { standing } from './stand.ts';

interface Shown extends NamedPanel {
  /** Address of its chart in this window. */
  url: string;
}

/** The pictures of the panels as they were when this was opened; null while they are being drawn. */
function usePanels(): { shown: readonly Shown[] | null; failed: boolean } {
  const run = useRunStore();
  const [shown, setShown] = useState<readonly Shown[] | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let over = false;
    const found: Shown[] = [];
    const draw = async () => {
      for (const named of panelsOnPage()) {
        if (over) return;
        const drawing = await standing(run, named.panel, () => (over ? null : drawPanel(named.panel)));
        // Closed meanwhile: nobody would let go of a further address.
        if (over) return;
        if (drawing) found.push({ ...named, url: URL.createObjectURL(new Blob([svgOf(drawing)], { type: 'image/svg+xml' })) });
      }
    };
    void draw().catch(() => { if (!over) setFailed(true); }).then(() => { if (!over) setShown(found); });
    return () => {
      over = true;
      for (const { url } of found) URL.revokeObjectURL(url);
    };
  }, [run]);
  return { shown, failed };
}

export function PicturesEntry({ close }: { close: () => void }) {
  const run = useRunStore();
  const lab = useLabStore();
  const title = useLab(({ origin }) => origin.title);
  const { shown, failed } = usePanels();
  const [said, setSaid] = useState('');
  async function save(what: () => Promise<boolean>): Promise<void> {
    setSaid('');
    setSaid(await savedWords(what));
  }
  const one = (panel: NamedPanel, kind: PictureKind) => void save(() => savePicture({ run, lab }, panel, kind, download));
  const all = (kind: PictureKind) => void save(() => savePage({ run, lab }, title, kind, download));
  function print(): void {
    flushSync(close);
    requestAnimationFrame(() => { window.print(); });
  }
  return (
    <Entry title={msg`Pictures`} what={msg`Of the panels that are open on the page, on white, with legend, caption and address. SVG can be enlarged and edited; PNG is for slides.`}>
      {shown === null ? <p role="status">{msg`Drawing …`}</p> : (
        <ul className="take-pictures">
          {shown.map(({ panel, title: name, url }) => (
            <li key={url}>
              <img src={url} alt="" />
              <span>{name}</span>
              <Kinds name={name} save={(kind) => one({ panel, title: name }, kind)} />
            </li>
          ))}
        </ul>
      )}
      <ul className="take-list">
        {shown !== null && shown.length > 1 && (
          <li><span><b>{msg`All of these`}</b> {msg`as one picture, one under the other.`}</span><Kinds name={msg`all panels`} save={all} /></li>
        )}
        <li><span><b>{msg`The page`}</b> {msg`on paper or as PDF: the browser prints it on white, without its buttons.`}</span><button type="button" className="outlined" onClick={print}>{msg`Print …`}</button></li>
      </ul>
      <p className="take-said" role="status">{said === '' && failed ? msg`This browser could not draw all panels; those that are missing cannot be saved one by one.` : said}</p>
    </Entry>
  );
}

function Kinds({ name, save }: { name: string; save: (kind: PictureKind) => void }) {
  return (
    <span className="take-kinds">
      <button type="button" className="outlined" aria-label={msg`Save “${name}” as SVG`} onClick={() => save('svg')}>{msg`SVG`}</button>
      <button type="button" className="outlined" aria-label={msg`Save “${name}” as PNG`} onClick={() => save('png')}>{msg`PNG`}</button>
    </span>
  );
}
