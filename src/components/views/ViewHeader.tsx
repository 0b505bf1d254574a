/** The head of a page beside the lab: the way back, the pages, light or dark. */
import { msg } from '../../sim/msg.ts';
import '../frame/Header.css';
import { labLink, type Scheme } from './viewAddress.ts';
import { VIEWS, viewLink, type View } from './views.ts';

export function ViewHeader({ view, search, scheme, onScheme }: { view: View; search: string; scheme: Scheme; onScheme(scheme: Scheme): void }) {
  const other = scheme === 'dark' ? 'light' : 'dark';
  const word = other === 'light' ? msg`Light theme` : msg`Dark theme`;
  return (
    <header className="header">
      <a className="header-name" href={labLink(search)}>{msg`DPO Lab`}</a>
      <nav className="view-nav" aria-label={msg`Pages`}>
        {VIEWS.map(({ id, title }) => <a key={id} href={viewLink(id, search)} aria-current={id === view.id ? 'page' : undefined}>{title}</a>)}
      </nav>
      <div className="header-tools">
        <button type="button" className="quiet header-icon" aria-label={word} title={word} onClick={() => { onScheme(other); }}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            {other === 'light'
              ? <g stroke="currentColor" strokeWidth="1.5" strokeLinecap="round"><circle cx="8" cy="8" r="2.9" fill="currentColor" /><path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13" /></g>
              : <path d="M13.6 10.3A6 6 0 0 1 5.7 2.4a6 6 0 1 0 7.9 7.9Z" fill="currentColor" />}
          </svg>
        </button>
      </div>
    </header>
  );
}
