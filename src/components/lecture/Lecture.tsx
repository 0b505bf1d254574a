/** What a lecture lays over the page. */
import { useEffect } from 'react';
import { msg } from '../../sim/msg.ts';
import { Blank } from './Blank.tsx';
import { Jump } from './Jump.tsx';
import { Overview } from './Overview.tsx';
import { PressedKeys } from './PressedKeys.tsx';
import { useTalk } from './talkStore.ts';
import { useSceneScroll } from './useSceneScroll.ts';

export function Lecture() {
  useSceneScroll();
  useFrozenTitle();
  return (
    <>
      <Overview />
      <Jump />
      <PressedKeys />
      <Blank />
    </>
  );
}

const FROZEN = msg`Frozen · `;

/** A picture that stands still says so in the window's title only: the audience must not see a difference. */
function useFrozenTitle(): void {
  const frozen = useTalk((talk) => talk.frozen);
  useEffect(() => {
    if (!frozen) return undefined;
    document.title = `${FROZEN}${document.title}`;
    return () => { document.title = document.title.replace(FROZEN, ''); };
  }, [frozen]);
}
