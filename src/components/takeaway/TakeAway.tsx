/** What can be taken away from the run on screen: numbers, pictures, the experiment, its pairs, a script. */
import { msg } from '../../sim/msg.ts';
import { Dialog } from '../frame/Dialog.tsx';
import { saveExperiment } from '../frame/saveExperiment.ts';
import { useLabStore } from '../labStore.ts';
import { useRun, useRunStore } from '../run.ts';
import { Entry } from './Entry.tsx';
import { NumbersEntry } from './NumbersEntry.tsx';
import { PairsEntry } from './PairsEntry.tsx';
import { PicturesEntry } from './PicturesEntry.tsx';
import { ScriptEntry } from './ScriptEntry.tsx';
import './takeaway.css';

export function TakeAway({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Dialog opened={opened} close={close} title={msg`Take away`} size="min(48rem, calc(100vw - 2rem))">
      {opened && <Contents close={close} />}
    </Dialog>
  );
}

function Contents({ close }: { close: () => void }) {
  const begun = useRun((run) => run.frame !== null && run.step > 0);
  return (
    <div className="take">
      {begun ? <><NumbersEntry /><PicturesEntry close={close} /></> : <p className="take-later">{msg`Nothing has run yet. After Play, what was measured can be taken from here as tables, and every panel as a picture.`}</p>}
      <ExperimentEntry />
      <PairsEntry />
      <ScriptEntry />
    </div>
  );
}

function ExperimentEntry() {
  const run = useRunStore();
  const lab = useLabStore();
  return (
    <Entry title={msg`The experiment`} what={msg`One JSON file with every setting and nothing measured. The page opens it again under File, and the command line runs it.`}>
      <button type="button" className="outlined" onClick={() => saveExperiment(run, lab)}>{msg`Save the experiment`}</button>
    </Entry>
  );
}
