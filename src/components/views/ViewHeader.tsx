/** The head of a page beside the lab: the way back, the pages, light or dark. */
import { msg } from '../../sim/msg.ts';
import '../frame/Header.css';
import { ThemeButton } from '../frame/ThemeButton.tsx';
import { labLink, type Scheme } from './viewAddress.ts';
import { VIEWS, viewLink, type View } from './views.ts';

export function ViewHeader({ view, search, scheme, onScheme }: { view: View; search: string; scheme: Scheme; onScheme(scheme: Scheme): void }) {
  return (
    <header className="header">
      <a className="header-name" href={labLink(search)}>{msg`DPO Lab`}</a>
      <nav className="view-nav" aria-label={msg`Pages`}>
        {VIEWS.map(({ id, title }) => <a key={id} href={viewLink(id, search)} aria-current={id === view.id ? 'page' : undefined}>{title}</a>)}
      </nav>
      <div className="header-tools">
        <ThemeButton scheme={scheme} onScheme={onScheme} />
      </div>
    </header>
  );
}
