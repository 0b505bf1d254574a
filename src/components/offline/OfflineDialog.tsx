/** How the lab is used without a network: what is stored, how to install it, the lab as one file. */
import { useEffect, useState, type ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';
import { Dialog } from '../frame/Dialog.tsx';
import { remove, store, takeNewer } from './keepOffline.ts';
import { offlineStore } from './offlineStore.ts';
import { keepingSentence, megabytes } from './offlineWords.ts';
import { isOneFile } from './places.ts';
import { useOffline } from './useOffline.ts';
import './offline.css';

export function OfflineDialog({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Dialog opened={opened} close={close} title={msg`Use it offline`} size="min(44rem, calc(100vw - 2rem))">
      {opened && <div className="offline">{isOneFile ? <ThisFile /> : <><Stored /><Install /><OneFile /></>}</div>}
    </Dialog>
  );
}

function Entry({ title, children }: { title: string; children: ReactNode }) {
  return <section><h3>{title}</h3>{children}</section>;
}

function Stored() {
  const keeping = useOffline((state) => state.keeping);
  const newer = useOffline((state) => state.newer);
  const { kind } = keeping;
  return (
    <Entry title={msg`In this browser`}>
      <p role="status" data-offline={kind}>{keepingSentence(keeping)}</p>
      {keeping.kind === 'storing' && (
        <p className="offline-progress">
          <progress aria-label={msg`Files stored`} max={keeping.of ?? undefined} value={keeping.of === null ? undefined : keeping.done} />
          {keeping.of !== null && <span>{msg`${keeping.done} of ${keeping.of} files`}</span>}
        </p>
      )}
      {newer && <p>{msg`A newer version of the lab is ready; it opens at the next visit, when no window of the lab is open any more.`}</p>}
      {kind === 'stored' && <p className="offline-note">{msg`A browser may delete what it stores when space runs short, or when a page was not opened for weeks. An installed lab is safer, a file safest. In a private window it lasts as long as the window.`}</p>}
      <p className="offline-ways">
        {newer && <button type="button" className="outlined" onClick={takeNewer}>{msg`Reload now`}</button>}
        {(kind === 'waiting' || kind === 'unwanted') && <button type="button" className="outlined" onClick={() => void store()}>{msg`Store it now`}</button>}
        {kind === 'failed' && <button type="button" className="outlined" onClick={() => void store()}>{msg`Try again`}</button>}
        {kind === 'stored' && <button type="button" className="outlined" onClick={() => void remove()}>{msg`Remove what is stored`}</button>}
      </p>
    </Entry>
  );
}

function Install() {
  const install = useOffline((state) => state.install);
  const installed = matchMedia('(display-mode: standalone)').matches;
  return (
    <Entry title={msg`As an app`}>
      {installed && <p>{msg`This window is the installed lab.`}</p>}
      {!installed && <p>{msg`Installed, the lab has an icon and a window of its own. Nothing else changes, and it can be removed like any app.`}</p>}
      {!installed && install === null && (
        <ul>
          <li>{msg`Chrome, Edge: the install symbol at the end of the address bar, or Install in the browser’s menu.`}</li>
          <li>{msg`Safari: Add to Dock in the File menu; on a phone or tablet Share, then Add to Home Screen.`}</li>
          <li>{msg`Firefox: on a phone Install, or Add to Home screen, in the menu; on most computers it installs no pages.`}</li>
        </ul>
      )}
      {!installed && install !== null && (
        <p className="offline-ways">
          <button type="button" className="outlined" onClick={() => { offlineStore.setState({ install: null }); void install.prompt(); }}>{msg`Install`}</button>
        </p>
      )}
    </Entry>
  );
}

interface Facts { oneFile: { name: string; bytes: number } }

/** Written by the build, scripts/offline/precache.mjs. */
async function readFacts(): Promise<Facts | null> {
  try {
    const response = await fetch('./offline.json');
    return response.ok ? await response.json() as Facts : null;
  } catch {
    return null;
  }
}

function OneFile() {
  const [facts, setFacts] = useState<Facts | null | 'asked'>('asked');
  useEffect(() => { void readFacts().then(setFacts); }, []);
  return (
    <Entry title={msg`As one file`}>
      <p>{msg`One HTML file with all of the lab in it. Opened from a disk or a memory stick it trains as it does here: it needs no server, no installation and no network, also not the first time.`}</p>
      <Lacks />
      <p className="offline-ways" aria-busy={facts === 'asked'}>
        {facts === null ? msg`There is no such file here: the development server makes none, and without a network it cannot be fetched.`
          : facts !== 'asked' && <a className="outlined" href={`./${facts.oneFile.name}`} download={facts.oneFile.name}>{msg`Download ${facts.oneFile.name} (${megabytes(facts.oneFile.bytes)})`}</a>}
      </p>
    </Entry>
  );
}

/** What a page from a disk cannot do. */
function Lacks() {
  return <p className="offline-note">{msg`It speaks English only, and has no links for a class: the address of a file opens on this machine only. A presenter window follows it in Chrome, Edge and Firefox; other browsers may keep the windows of a file apart.`}</p>;
}

function ThisFile() {
  return (
    <section>
      <p>{keepingSentence({ kind: 'refused', why: 'one-file' })} {msg`Copy it, keep it, pass it on.`}</p>
      <Lacks />
      <p className="offline-note">{msg`What you predict and where you are on the guided path is kept by the browser for this file, as far as it keeps anything for files. Save and open experiments in the File menu.`}</p>
    </section>
  );
}
