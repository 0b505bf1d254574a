/** Mounts a page beside the lab. */
import { MantineProvider } from '@mantine/core';
import { StrictMode, useSyncExternalStore, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { msg } from '../../sim/msg.ts';
import { mantineTheme } from '../frame/mantineTheme.ts';
import '../frame/Header.css';
import './views.css';
import { VIEWS, viewLink, type View } from './views.ts';

export async function mountView(root: HTMLElement, view: View): Promise<void> {
  const Content = await view.load();
  document.title = msg`DPO Lab: ${view.title}`;
  createRoot(root).render(<StrictMode><ViewPage view={view}><Content /></ViewPage></StrictMode>);
}

function ViewPage({ view, children }: { view: View; children: ReactNode }) {
  const scheme = useScheme();
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={scheme}>
      <header className="header">
        <a className="header-name" href="?">{msg`DPO Lab`}</a>
        <nav className="view-nav" aria-label={msg`Pages`}>
          {VIEWS.map(({ id, title }) => <a key={id} href={viewLink(id, location.search)} aria-current={id === view.id ? 'page' : undefined}>{title}</a>)}
        </nav>
      </header>
      <main className="view" id={`view-${view.id}`}>{children}</main>
    </MantineProvider>
  );
}

const DARK = matchMedia('(prefers-color-scheme: dark)');

function useScheme(): 'light' | 'dark' {
  const asked = new URLSearchParams(location.search).get('theme');
  const dark = useSyncExternalStore((changed) => { DARK.addEventListener('change', changed); return () => DARK.removeEventListener('change', changed); }, () => DARK.matches);
  if (asked === 'light' || asked === 'dark') return asked;
  return dark ? 'dark' : 'light';
}
