/** What can be taken away from the run on screen: numbers, pictures, the experiment, its pairs, a script. */
import { msg } from '../../sim/msg.ts';
import { Dialog } from '../frame/Dialog.tsx';

export function TakeAway({ opened, close }: { opened: boolean; close: () => void }) {
  return <Dialog opened={opened} close={close} title={msg`Take away`}><p /></Dialog>;
}
