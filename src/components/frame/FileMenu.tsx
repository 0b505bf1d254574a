/** Opening files, and what can be taken away. */
import { Menu } from '@mantine/core';
import { useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { openAny } from '../files/openAny.ts';
import { useLabStore } from '../labStore.ts';
import { useRunStore } from '../run.ts';
import { TakeAway } from '../takeaway/TakeAway.tsx';
import { saveExperiment } from './saveExperiment.ts';

export function FileMenu() {
  const run = useRunStore();
  const lab = useLabStore();
  const input = useRef<HTMLInputElement>(null);
  const [taking, setTaking] = useState(false);

  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target><button type="button" className="quiet">{msg`File`}</button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => input.current?.click()}>{msg`Open a file…`}</Menu.Item>
          <Menu.Item onClick={() => saveExperiment(run, lab)}>{msg`Save this experiment`}</Menu.Item>
          <Menu.Item onClick={() => setTaking(true)}>{msg`Take away…`}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={input} type="file" accept=".json,.jsonl,.html,application/json" hidden aria-label={msg`File to open`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void openAny(file, lab);
        }}
      />
      <TakeAway opened={taking} close={() => setTaking(false)} />
    </>
  );
}
