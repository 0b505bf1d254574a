/** What is done with the whole sheet: going back, beginning with something else, keeping it, writing it as text. */
import { Menu } from '@mantine/core';
import { useRef } from 'react';
import { msg } from '../../sim/msg.ts';
import { PRESETS } from '../../sim/presets/index.ts';
import { CHAPTERS, movedTo, ownOrigin, presetOrigin, type Origin } from '../chapters.ts';
import { openAny } from '../files/openAny.ts';
import { saveExperiment } from '../frame/saveExperiment.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { useRunStore } from '../run.ts';
import { useHidden } from '../share/hideable.ts';
import { readSheet } from './reading.ts';
import { coveredBy, useSandbox, type Flushed } from './sandboxStore.ts';
import { EMPTY_SHEET } from './sheet.ts';

/** An experiment to begin with, in this chapter. A preset that trains several methods gives what they have in common. */
function originOf(id: string): Origin | null {
  const preset = PRESETS.find((own) => own.id === id);
  if (!preset) return null;
  const moved = movedTo(preset, 10, preset.experiment, preset.methods ?? []);
  return moved ?? { ...ownOrigin(preset.experiment), chapter: 10, title: preset.title };
}

/** What is said of a file that holds the experiment as it was before the last changes. */
const SAVED_BEFORE: Readonly<Record<Exclude<Flushed, 'applied'>, () => string>> = {
  wrong: () => msg`What was saved is the experiment as it was before: something that is written is not right yet.`,
  waits: () => msg`What was saved is the experiment as it was before: what is written is large and waits to be begun.`,
  refused: () => msg`What was saved is the experiment as it was before: what is written could not be begun.`,
};

export function Toolbar({ files }: { files: boolean }) {
  const run = useRunStore();
  const lab = useLabStore();
  const base = useLab((now) => now.base);
  const { undo, redo, begin, set, flush } = useSandbox((sandbox) => sandbox);
  const pane = useSandbox((sandbox) => sandbox.pane);
  const canUndo = useSandbox((sandbox) => sandbox.past.length > 0 || coveredBy(sandbox, base));
  const canRedo = useSandbox((sandbox) => sandbox.future.length > 0);
  const [noFiles, noPresets] = [useHidden('link'), useHidden('presets')];
  const input = useRef<HTMLInputElement>(null);
  function empty(): void {
    const { experiment } = readSheet({ ...EMPTY_SHEET, name: msg`my own words` }, presetOrigin('own-words').experiment);
    if (experiment) begin({ ...ownOrigin(experiment), chapter: 10 });
  }
  function save(): void {
    const { notices, notify } = lab.getState();
    const own = Object.values(SAVED_BEFORE).map((say) => say());
    if (notices.some((notice) => own.includes(notice))) lab.setState({ notices: notices.filter((notice) => !own.includes(notice)) });
    const flushed = flush();
    saveExperiment(run, lab);
    if (flushed !== 'applied') notify([SAVED_BEFORE[flushed]()]);
  }
  return (
    <div className="sheet-tools" role="group" aria-label={msg`The experiment as a whole`}>
      <button type="button" className="textual" aria-disabled={!canUndo || undefined} onClick={() => canUndo && undo()}>{msg`Undo`}</button>
      <button type="button" className="textual" aria-disabled={!canRedo || undefined} onClick={() => canRedo && redo()}>{msg`Redo`}</button>
      {!noPresets && (
        <Menu position="bottom-start" shadow="md" width="min(22rem, calc(100vw - 2rem))">
          <Menu.Target><button type="button" className="textual">{msg`Start from`}<span aria-hidden="true" className="caret" /></button></Menu.Target>
          <Menu.Dropdown className="sheet-starts">
            <Menu.Item onClick={empty}>{msg`almost nothing: two words`}</Menu.Item>
            {CHAPTERS.map(({ id, title }) => (
              <div key={id}>
                <Menu.Label>{id}. {title}</Menu.Label>
                {PRESETS.filter(({ chapter }) => chapter === id).map((preset) => (
                  <Menu.Item key={preset.id} onClick={() => { const origin = originOf(preset.id); if (origin) begin(origin); }}>{preset.title}</Menu.Item>
                ))}
              </div>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {files && !noFiles && (
        <>
          <button type="button" className="textual" onClick={() => input.current?.click()}>{msg`Open…`}</button>
          <button type="button" className="textual" onClick={save}>{msg`Save`}</button>
          <input
            ref={input} type="file" accept=".json,.jsonl,.html,application/json" hidden aria-label={msg`File to open in the sandbox`}
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file) void openAny(file, lab);
            }}
          />
        </>
      )}
      <button type="button" className="textual sheet-pane" onClick={() => set({ pane: pane === 'fields' ? 'text' : 'fields' })}>{pane === 'fields' ? msg`as text` : msg`as fields`}</button>
    </div>
  );
}
