/** The open chapter's screen; another chapter than the first is fetched when it is opened. */
import type { ComponentType } from 'react';
import { msg } from '../../sim/msg.ts';
import { chapterOf } from '../chapters.ts';
import { useLab } from '../labStore.ts';
import { CHAPTER_SCREENS } from './chapterLoads.ts';
import { useLoaded, usePrefetch } from './useLoaded.ts';

const LOADS = Object.values(CHAPTER_SCREENS).flatMap((screen) => ('load' in screen ? [screen.load] : []));

export function ChapterScreen() {
  const id = useLab((lab) => lab.origin.chapter);
  const screen = CHAPTER_SCREENS[id];
  usePrefetch(LOADS);
  return 'Screen' in screen ? <screen.Screen /> : <FetchedScreen load={screen.load} title={chapterOf(id).title} />;
}

function FetchedScreen({ load, title }: { load: () => Promise<ComponentType>; title: string }) {
  const loaded = useLoaded(load);
  if (loaded === 'failed') return <p className="chapter" role="alert">“{title}{msg`” could not be loaded. Reload the page to open it.`}</p>;
  if (!loaded) return <p className="chapter" role="status">{msg`Opening “`}{title}”…</p>;
  return <loaded.Part />;
}
