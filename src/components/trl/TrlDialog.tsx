/** From a TRL preference file to a toy world: what was read, what is kept, what it becomes. */
import { useStore } from 'zustand';
import { msg } from '../../sim/msg.ts';
import { useLoaded } from '../chapter/useLoaded.ts';
import { Dialog } from '../frame/Dialog.tsx';
import type { TrlContentProps } from './TrlContent.tsx';
import { trlStore } from './trlStore.ts';

/** Fetched with the first file. */
const loadContent = async () => (await import('./TrlContent.tsx')).TrlContent;

export function TrlDialog() {
  const { file, close } = useStore(trlStore);
  return (
    <Dialog opened={file !== null} close={close} title={msg`A preference file`} size="min(72rem, calc(100vw - 2rem))">
      {file && <Content key={file.opened} name={file.name} bytes={file.bytes} close={close} />}
    </Dialog>
  );
}

function Content(props: TrlContentProps) {
  const loaded = useLoaded(loadContent);
  if (loaded === 'failed') return <p role="alert">{msg`This part of the page could not be loaded. Reload the page and open it again.`}</p>;
  return loaded ? <loaded.Part {...props} /> : <p role="status">{msg`Opening …`}</p>;
}
