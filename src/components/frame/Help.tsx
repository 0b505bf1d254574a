/** The list of keys, and the switch that turns single keys off (WCAG 2.1.4). */
import { Kbd, Modal, Switch } from '@mantine/core';
import { useLab } from '../labStore.ts';
import { SHORTCUTS } from './useShortcuts.ts';

export function Help() {
  const opened = useLab((lab) => lab.helpOpen);
  const singleKeys = useLab((lab) => lab.singleKeys);
  const set = useLab((lab) => lab.set);
  return (
    <Modal opened={opened} onClose={() => set({ helpOpen: false })} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }} transitionProps={{ duration: 0 }}>
      <table className="help-keys">
        <tbody>
          {SHORTCUTS.map(({ keys, what }) => (
            <tr key={what}>
              <th scope="row">{keys.map((key, i) => <span key={key}>{i > 0 && ' or '}<Kbd>{key}</Kbd></span>)}</th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>Inside a slider, a list or a text field these keys keep their usual meaning.</p>
      <Switch checked={singleKeys} onChange={(event) => set({ singleKeys: event.currentTarget.checked })} label="Use these keys" description="Switch off if a speech or switch input presses them by accident." />
    </Modal>
  );
}
