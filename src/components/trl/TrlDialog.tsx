/** From a TRL preference file to a toy world: what was read, what is kept, what it becomes. */
import { useStore } from 'zustand';
import { msg } from '../../sim/msg.ts';
import { Dialog } from '../frame/Dialog.tsx';
import { trlStore } from './trlStore.ts';

export function TrlDialog() {
  const { file, close } = useStore(trlStore);
  return <Dialog opened={file !== null} close={close} title={msg`A preference file`}><p>{file?.name}</p></Dialog>;
}
