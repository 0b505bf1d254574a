/** Mounts a page beside the lab. */
import { MantineProvider } from '@mantine/core';
import { StrictMode, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { msg } from '../../sim/msg.ts';
import { mantineTheme } from '../frame/mantineTheme.ts';
import { askedScheme, ViewSearch, withScheme, type Scheme } from './viewAddress.ts';
import { ViewHeader } from './ViewHeader.tsx';
import './views.css';
import type { View } from './views.ts';

export async function mountView(root: HTMLElement, view: View): Promise<void> {
  const Content = await view.load();
  document.title = msg`DPO Lab: ${view.title}`;
  createRoot(root).render(<StrictMode><ViewPage view={view}><Content /></ViewPage></StrictMode>);
}

function ViewPage({ view, children }: { view: View; children: ReactNode }) {
  const [search, setSearch] = useState(location.search);
  const system = useSystemScheme();
  const scheme = askedScheme(search) ?? system;
  const choose = (next: Scheme) => {
    const address = withScheme(search, next);
    history.replaceState(null, '', `${location.pathname}${address}${location.hash}`);
    setSearch(address);
  };
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={scheme}>
      <ViewSearch value={search}>
        <ViewHeader view={view} search={search} scheme={scheme} onScheme={choose} />
        <main className="view" id={`view-${view.id}`}>{children}</main>
      </ViewSearch>
    </MantineProvider>
  );
}

const DARK = matchMedia('(prefers-color-scheme: dark)');
const watchDark = (changed: () => void) => { DARK.addEventListener('change', changed); return () => { DARK.removeEventListener('change', changed); }; };

function useSystemScheme(): Scheme {
  return useSyncExternalStore(watchDark, () => DARK.matches) ? 'dark' : 'light';
}
