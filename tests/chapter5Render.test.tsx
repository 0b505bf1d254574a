/** The first screen's words over a toy run: whose numbers they stand beside, and whose question is asked. */
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { AllNumbers } from '../src/components/chapter/AllNumbers.tsx';
import { Headline, massSentence } from '../src/components/chapter/Headline.tsx';
import { Lead, LookFor } from '../src/components/chapter/Lead.tsx';
import { ownOrigin } from '../src/components/chapters.ts';
import { createLabStore, LabContext, type LabStore } from '../src/components/labStore.ts';
import { RunContext } from '../src/components/run.ts';
import { setParam } from '../src/sim/params.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { createRunStore, shownExperiment, type RunStore } from '../src/sim/runStore.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

const [preset] = PRESETS;

async function begun(): Promise<{ run: RunStore; lab: LabStore }> {
  const options = { startMs: 0 };
  const run = createRunStore(createFakeClient(options));
  const lab = createLabStore(run, { origin: preset });
  run.getState().load(preset.experiment);
  await expect.poll(() => run.getState().state).toBe('paused');
  run.getState().stepBy(50);
  await expect.poll(() => run.getState().frame?.step).toBe(50);
  options.startMs = 1e6; // a new run has no numbers yet
  return { run, lab };
}
function show({ run, lab }: { run: RunStore; lab: LabStore }, part: React.ReactNode): string {
  // Rendered to a string, zustand shows what a store began with; here it is to be what it holds now.
  const [runNow, labNow] = [{ ...run, getInitialState: run.getState }, { ...lab, getInitialState: lab.getState }];
  return renderToString(<RunContext value={runNow}><LabContext value={labNow}>{part}</LabContext></RunContext>).replaceAll('<!-- -->', '');
}

test('while a run is replaced, the words beside the old numbers are those of the old experiment', async () => {
  const page = await begun();
  const numbers = show(page, <AllNumbers />);
  expect(show(page, <LookFor />)).toContain(preset.lookFor);
  page.lab.getState().commit(setParam(preset.experiment, 'beta', 0.5));
  expect(page.run.getState()).toMatchObject({ state: 'starting', experiment: { algorithm: { beta: 0.5 } } });
  expect(shownExperiment(page.run.getState())).toBe(preset.experiment);
  const headline = show(page, <Headline sentence={massSentence} />);
  expect(headline).toContain('After 50 updates at');
  expect(headline).toContain('β = 0.05');
  expect(headline).not.toContain('0.5<');
  expect(show(page, <AllNumbers />)).toBe(numbers);
  expect(show(page, <LookFor />)).toContain(preset.lookFor);
});

test('a preset’s question is asked of the preset alone', async () => {
  const page = await begun();
  expect(show(page, <Lead />)).toContain('beats “on a mat”');
  page.lab.getState().commit(setParam(preset.experiment, 'smoothing', 0.01));
  expect(show(page, <Lead />)).toContain('The reference knows 2 sentences; training uses 1 pair.');
  page.lab.getState().restore();
  expect(show(page, <Lead />)).toContain('beats “on a mat”');
  expect(show({ ...page, lab: createLabStore(page.run, { origin: ownOrigin(preset.experiment) }) }, <Lead />)).toContain('training uses 1 pair.');
});
