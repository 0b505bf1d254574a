/** All that the keys of the lecture do, to be touched. */
import { Menu } from '@mantine/core';
import { msg } from '../../sim/msg.ts';
import { toggleFreeze, toggleFullScreen } from '../frame/pageActions.ts';
import { useComputedScheme } from '../frame/theme.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { openSpeaker } from './sync/session.ts';
import { useTalk, useTalkStore } from './talkStore.ts';
import './lecture.css';

interface Entry {
  label: string;
  key: string;
  /** Switches have it. */
  on?: boolean;
  act(): void;
}

/** In the page's head it is called after what it begins, in the talk after what it has more of. */
export function LectureMenu() {
  const talkOn = useTalk((talk) => talk.on);
  // A page for one chapter, or within another page, is not given as a talk.
  const offered = useLab((lab) => talkOn || (!lab.embedded && !lab.hidden.includes('chapters')));
  const entries = useEntries();
  if (!offered) return null;
  return (
    <Menu position="bottom-end" shadow="md" width="min(19rem, calc(100vw - 2rem))">
      <Menu.Target>
        <button type="button" className="quiet lecture-menu">{talkOn ? msg`More` : msg`Lecture`}<span aria-hidden="true" className="caret" /></button>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(({ label, key, on, act }) => (
          <Menu.Item key={key} onClick={act} role={on === undefined ? undefined : 'menuitemcheckbox'} aria-checked={on}>
            <span className="lecture-entry"><span className="lecture-mark" aria-hidden="true">{on ? '✓' : ''}</span>{label}<kbd aria-hidden="true">{key}</kbd></span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function useEntries(): readonly Entry[] {
  const lab = useLabStore();
  const talk = useTalkStore();
  const scheme = useComputedScheme();
  const projector = useLab((now) => now.projector);
  const talkOn = useTalk((now) => now.on);
  const frozen = useTalk((now) => now.frozen);
  const keysShown = useTalk((now) => now.keysShown);
  const { set, start } = talk.getState();
  return [
    ...(talkOn ? [] : [{ label: msg`Begin the talk`, key: 'L', act: () => start() }]),
    { label: msg`All steps`, key: 'O', act: () => set({ overview: true }) },
    { label: msg`Jump to a step`, key: 'G', act: () => set({ jumping: true }) },
    { label: msg`Presenter window`, key: 'S', act: () => { openSpeaker(); } },
    { label: msg`Full screen`, key: 'F', act: () => toggleFullScreen(lab) },
    ...(talkOn ? [
      { label: msg`Large type`, key: 'P', on: projector, act: () => lab.getState().set({ projector: !projector }) },
      { label: scheme === 'dark' ? msg`Light theme` : msg`Dark theme`, key: 'D', act: () => lab.getState().set({ theme: scheme === 'dark' ? 'light' : 'dark' }) },
    ] : []),
    { label: msg`Blank page`, key: 'B', act: () => set({ blank: true }) },
    { label: msg`Freeze the picture`, key: 'Z', on: frozen, act: () => toggleFreeze(lab, talk) },
    { label: msg`Show pressed keys`, key: 'V', on: keysShown, act: () => set({ keysShown: !keysShown }) },
    ...(talkOn ? [{ label: msg`Keys`, key: '?', act: () => lab.getState().set({ helpOpen: true }) }] : []),
  ];
}
