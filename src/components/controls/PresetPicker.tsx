/** Choosing an experiment, seeing what was changed since, and returning to it. */
import { Menu } from '@mantine/core';
import type { Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { msg } from '../../sim/msg.ts';
import { getParam, PARAMS } from '../../sim/params.ts';
import { presetsOf } from '../chapters.ts';
import { useLab } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import { useExperiment } from './useKnob.ts';
import './controls.css';

export function PresetPicker() {
  const origin = useLab((lab) => lab.origin);
  const choose = useLab((lab) => lab.choosePreset);
  const projector = useLab((lab) => lab.projector);
  if (useHidden('presets')) return null;
  return (
    <Menu position="bottom-start" shadow="md" width={projector ? 'max(15.5rem, 20vw)' : 'min(25rem, calc(100vw - 2rem))'}>
      <Menu.Target>
        <button type="button" className="preset-button">
          <span className="preset-word">{msg`Experiment`}</span> <span className="preset-name">{origin.title}</span><span aria-hidden="true" className="caret" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {presetsOf(origin.chapter).map((preset) => (
          <Menu.Item key={preset.id} aria-current={preset.id === origin.id || undefined} onClick={() => choose(preset.id)}>
            <span className="preset-title">{preset.title}</span>
            <span className="preset-question">{preset.question}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Names of the knobs that differ. */
function changedNames(from: Experiment, to: Experiment): string[] {
  const names = PARAMS
    .filter(({ id }) => !same(getParam(from, id) ?? null, getParam(to, id) ?? null))
    .map(({ id, label }) => (id === 'beta' ? 'β' : `${label.charAt(0).toLowerCase()}${label.slice(1)}`));
  return names.length === 0 && !same(from, to) ? [msg`its own words`] : names;
}

export function ChangedFrom() {
  const origin = useLab((lab) => lab.origin);
  const restore = useLab((lab) => lab.restore);
  const methods = useLab((lab) => lab.methods);
  const names = [...changedNames(origin.experiment, useExperiment()), ...(same(methods, origin.methods ?? []) ? [] : [msg`the methods`])];
  return (
    <p className="changed-from" aria-live="polite">
      {names.length > 0 && (
        <>
          {msg`Changed from the ${origin.id === null ? msg`opened experiment` : msg`preset`}: ${names.join(', ')}. `}<button type="button" className="textual" onClick={restore}>{msg`Restore`}</button>
        </>
      )}
    </p>
  );
}
