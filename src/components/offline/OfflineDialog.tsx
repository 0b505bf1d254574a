/** How the lab is used without a network: what is stored, how to install it, the lab as one file. */
import { msg } from '../../sim/msg.ts';
import { Dialog } from '../frame/Dialog.tsx';

export function OfflineDialog({ opened, close }: { opened: boolean; close: () => void }) {
  return <Dialog opened={opened} close={close} title={msg`Use it offline`}><p /></Dialog>;
}
