/** Opening and saving the experiment as a file. */
import { Menu } from '@mantine/core';
import { useRef } from 'react';
import { MAX_TEXT_BYTES } from '../../sim/experimentSchema.ts';
import { msg } from '../../sim/msg.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { useRunStore } from '../run.ts';
import { saveExperiment } from './saveExperiment.ts';

export function FileMenu() {
  const run = useRunStore();
  const lab = useLabStore();
  const openFile = useLab((state) => state.openFile);
  const input = useRef<HTMLInputElement>(null);

  async function read(file: File): Promise<void> {
    if (file.size > MAX_TEXT_BYTES) {
      lab.getState().notify([msg`“${file.name}” was not opened: an experiment file has at most 5 MB, this one has ${(file.size / 1e6).toFixed(1)} MB.`]);
      return;
    }
    let text: string;
    try {
      text = await file.text();
    } catch (error) {
      lab.getState().notify([msg`“${file.name}” could not be read (${(error as Error).message}); nothing has changed.`]);
      return;
    }
    openFile(file.name, text);
  }

  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target><button type="button" className="quiet">{msg`File`}</button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => input.current?.click()}>{msg`Open an experiment file…`}</Menu.Item>
          <Menu.Item onClick={() => saveExperiment(run, lab)}>{msg`Save this experiment`}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={input} type="file" accept=".json,application/json" hidden aria-label={msg`Experiment file`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void read(file);
        }}
      />
    </>
  );
}
