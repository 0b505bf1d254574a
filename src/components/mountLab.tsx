/** Wires stores, link and page together over any run client (the page's worker, or a test's fake). */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '../App.tsx';
import { createRunStore, type RunClient, type RunStore } from '../sim/runStore.ts';
import { createLabStore, LabContext, type LabStore } from './labStore.ts';
import { leadWhenAsked } from './lecture/sync/session.ts';
import { audienceOf } from './lecture/sync/stores.ts';
import { createTalkStore, TalkContext } from './lecture/talkStore.ts';
import { TALK } from './lecture/talk.ts';
import { authoredBy, keepAddress, openingOf } from './link.ts';
import { bring } from './opening.ts';
import { createPredictStore, PredictContext } from './predict/predictStore.ts';
import { keepRecords } from './predict/records.ts';
import { RunContext } from './run.ts';
import { keepWalk } from './student/keptWalk.ts';
import { createPathStore, PathContext } from './student/pathStore.ts';

export interface Lab {
  run: RunStore;
  lab: LabStore;
}

/** Where the reader's choice about single keys is remembered; it is theirs, not the experiment's. */
const SINGLE_KEYS = 'dpo-lab/single-keys';

export function singleKeysWanted(): boolean {
  return readPreference(SINGLE_KEYS) !== 'off';
}

export function mountLab(root: HTMLElement, client: RunClient): Lab {
  const run = createRunStore(client);
  const opened = openingOf(location.search);
  const { link, origin, methods, base, place, problems } = opened;
  const lab = createLabStore(run, {
    origin,
    base,
    methods,
    theme: link.extra.theme ?? 'auto',
    projector: link.extra.projector ?? false,
    panel: link.extra.selftest ? 'selftest' : link.extra.panel ?? null,
    selfCheckAsked: link.extra.selftest === true,
    singleKeys: singleKeysWanted(),
    notices: problems,
    hidden: opened.hidden,
    asked: opened.asked,
    embedded: link.extra.embed ?? false,
    lang: link.extra.lang ?? null,
    path: link.extra.path ?? null,
    opening: authoredBy(opened),
  });
  const talk = createTalkStore(run, lab);
  const predict = createPredictStore(run, lab);
  keepRecords(predict, () => localStorage);
  const path = createPathStore(run, lab, predict);
  keepWalk(path, () => localStorage);
  const stores = { run, lab, talk, predict };
  // What the page shows can be made to stand still before an audience.
  const audience = audienceOf(stores);
  const seen = audience.stores;
  createRoot(root).render(
    <StrictMode>
      <RunContext value={seen.run}><LabContext value={seen.lab}><TalkContext value={seen.talk}><PredictContext value={seen.predict}><PathContext value={path}><App /></PathContext></PredictContext></TalkContext></LabContext></RunContext>
    </StrictMode>,
  );
  bring(run, { place, methods, backend: link.backend, shown: link.extra.shown ?? null });
  keepAddress(run, lab, talk);
  lab.subscribe((now, before) => { if (now.singleKeys !== before.singleKeys) writePreference(SINGLE_KEYS, now.singleKeys ? 'on' : 'off'); });
  leadWhenAsked(stores, audience);
  const at = TALK.findIndex(({ id }) => id === link.extra.talk);
  if (at >= 0) talk.getState().start(at);
  return { run, lab };
}

function readPreference(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is blocked: nothing is remembered
  }
}

function writePreference(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch { /* as above */ }
}
