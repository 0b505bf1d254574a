/** The list of keys, and the switch that turns single keys off (WCAG 2.1.4). */
import { Kbd, Switch } from '@mantine/core';
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';
import { useTalk } from '../lecture/talkStore.ts';
import { Dialog } from './Dialog.tsx';
import { hasHost } from './hostKeys.ts';
import { keyGroups, writtenKey, type KeyGroup } from './shortcuts.ts';
import './Help.css';

export function Help() {
  const opened = useLab((lab) => lab.helpOpen);
  const singleKeys = useLab((lab) => lab.singleKeys);
  const embedded = useLab((lab) => lab.embedded);
  const set = useLab((lab) => lab.set);
  return (
    <Dialog opened={opened} close={() => set({ helpOpen: false })} title={msg`Keys`} size="min(58rem, calc(100vw - 2rem))">
      <Begin />
      <div className="help-groups">{keyGroups(opened && hasHost(embedded)).map((group) => <KeyTable key={group.title} group={group} />)}</div>
      <p className="help-note">{msg`Inside a slider, a list or a text field these keys keep their usual meaning.`}{embedded && msg` All other keys are those of the page around this one.`}</p>
      <Switch checked={singleKeys} onChange={(event) => set({ singleKeys: event.currentTarget.checked })} label={msg`Use these keys`} description={msg`Switch off if a speech or switch input presses them by accident.`} />
    </Dialog>
  );
}

/** The talk without a key, where the page's head has no room for it. */
function Begin() {
  const on = useTalk((talk) => talk.on);
  const start = useTalk((talk) => talk.start);
  const offered = useLab((lab) => !lab.embedded && !lab.hidden.includes('chapters'));
  const set = useLab((lab) => lab.set);
  if (on || !offered) return null;
  return (
    <p className="help-talk">
      <span>{msg`The lab can be given as a talk, step by step, with notes.`}</span>
      <button type="button" className="outlined" onClick={() => { set({ helpOpen: false }); start(); }}>{msg`Begin the talk`}</button>
    </p>
  );
}

function KeyTable({ group: { title, keys } }: { group: KeyGroup }) {
  return (
    <table className="help-keys">
      <caption>{title}</caption>
      <tbody>
        {keys.map((row) => (
          <tr key={row.what}>
            <th scope="row">{row.keys.map((key, i) => <span key={key}>{i > 0 && ' '}<Kbd>{writtenKey(key)}</Kbd></span>)}</th>
            <td>{row.what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
