/** Opening and saving the experiment as a file. */
import { Menu } from '@mantine/core';
import { useRef } from 'react';
import { MAX_TEXT_BYTES, printExperiment } from '../../sim/experimentSchema.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { useRunStore } from '../run.ts';

/** Offers a text as a download. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function FileMenu() {
  const run = useRunStore();
  const lab = useLabStore();
  const openFile = useLab((state) => state.openFile);
  const input = useRef<HTMLInputElement>(null);

  async function read(file: File): Promise<void> {
    if (file.size > MAX_TEXT_BYTES) {
      lab.getState().notify([`“${file.name}” was not opened: an experiment file has at most 5 MB, this one has ${(file.size / 1e6).toFixed(1)} MB.`]);
      return;
    }
    openFile(file.name, await file.text());
  }
  function save(): void {
    const { experiment } = run.getState();
    if (!experiment) return;
    const name = experiment.name.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
    download(`${name || 'experiment'}.json`, printExperiment(experiment));
  }

  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target><button type="button" className="quiet">File</button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => input.current?.click()}>Open an experiment file…</Menu.Item>
          <Menu.Item onClick={save}>Save this experiment</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={input} type="file" accept=".json,application/json" hidden aria-label="Experiment file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void read(file);
        }}
      />
    </>
  );
}
