/** Mounts a window that follows a lecture, by its address: `?follow=SESSION` for the audience, `?speaker=SESSION` for the presenter. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { msg } from '../../../sim/msg.ts';
import { languageOf } from '../../language.ts';
import type { Theme } from '../../labStore.ts';
import { PresenterPage } from '../presenter/PresenterPage.tsx';
import '../presenter/presenter.css';
import { FollowedPage } from './FollowedPage.tsx';
import { followLecture, type Look } from './followLecture.ts';
import { isSession } from './names.ts';
import { followedBy, searchOf, setFollowed } from './session.ts';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/** @param singleKeys  the reader's choice about shortcuts of one key */
export function mountFollower(root: HTMLElement, search: string, singleKeys: boolean): void {
  const asked = followedBy(search);
  if (!asked || !isSession(asked.session)) {
    createRoot(root).render(<main className="follow-empty"><h1>{msg`DPO Lab`}</h1><p>{msg`This address names no lecture: open the lab, and press S there.`}</p></main>);
    return;
  }
  const following = followLecture(asked.session, { ...lookOf(search), singleKeys }, { audience: asked.role === 'follow' });
  const look = () => {
    const { theme, projector } = following.stores.lab.getState();
    return { theme, projector, lang: languageOf(search) };
  };
  setFollowed(asked.session, look, (said) => following.link.setState({ said }));
  following.stores.lab.subscribe(({ theme, projector }, before) => {
    if (theme === before.theme && projector === before.projector) return;
    // How the window looks is in its address, for a reload.
    history.replaceState(null, '', `${location.pathname}${searchOf(asked.role, asked.session, look())}`);
  });
  addEventListener('pagehide', ({ persisted }) => { if (!persisted) following.stop(); });
  createRoot(root).render(<StrictMode><FollowedPage following={following} Presenter={asked.role === 'speaker' ? PresenterPage : null} /></StrictMode>);
}

function lookOf(search: string): Partial<Look> {
  const query = new URLSearchParams(search);
  const theme = THEMES.find((name) => name === query.get('theme'));
  return { ...(theme ? { theme } : {}), projector: query.get('projector') === '1' };
}
