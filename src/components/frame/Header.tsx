/** The page's head: name, chapters, and what concerns the whole page. */
import { msg } from '../../sim/msg.ts';
import { useComputedScheme } from './theme.ts';
import { useLab } from '../labStore.ts';
import { BackendBadge } from './BackendBadge.tsx';
import { ChapterNav } from './ChapterNav.tsx';
import { FileMenu } from './FileMenu.tsx';
import { LectureMenu } from '../lecture/LectureMenu.tsx';
import { OpenInLab } from '../share/OpenInLab.tsx';
import { useHidden } from '../share/hideable.ts';
import { ShareButton } from './ShareButton.tsx';
import { StudyMenu } from './StudyMenu.tsx';
import './Header.css';
import './embedded.css';

export function Header() {
  return useLab((lab) => lab.embedded) ? <EmbeddedHeader /> : <OwnHeader />;
}

/** In a corner: the page around this one has a head of its own. */
function EmbeddedHeader() {
  return <header className="header-embedded"><OpenInLab /><HelpButton /></header>;
}

function OwnHeader() {
  const set = useLab((lab) => lab.set);
  const projector = useLab((lab) => lab.projector);
  const scheme = useComputedScheme();
  const noLink = useHidden('link');
  // The name leads to the whole lab.
  const stays = useHidden('chapters');
  return (
    <header className="header">
      {stays ? <span className="header-name">{msg`DPO Lab`}</span> : <a className="header-name" href="?">{msg`DPO Lab`}</a>}
      <ChapterNav />
      <div className="header-tools">
        {!projector && <BackendBadge />}
        {!noLink && <ShareButton />}
        {!noLink && !projector && <FileMenu />}
        <LectureMenu />
        {!projector && <StudyMenu />}
        <button type="button" className="quiet header-wide" aria-pressed={projector} onClick={() => set({ projector: !projector })} title={msg`Large type for a lecture hall (P)`}>
          {msg`Projector`}
        </button>
        <button
          type="button" className="quiet header-icon"
          aria-label={scheme === 'dark' ? msg`Light theme` : msg`Dark theme`} title={scheme === 'dark' ? msg`Light theme` : msg`Dark theme`}
          onClick={() => set({ theme: scheme === 'dark' ? 'light' : 'dark' })}
        >
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            {scheme === 'dark'
              ? <g stroke="currentColor" strokeWidth="1.5" strokeLinecap="round"><circle cx="8" cy="8" r="2.9" fill="currentColor" /><path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13" /></g>
              : <path d="M13.6 10.3A6 6 0 0 1 5.7 2.4a6 6 0 1 0 7.9 7.9Z" fill="currentColor" />}
          </svg>
        </button>
        <HelpButton />
      </div>
    </header>
  );
}

function HelpButton() {
  const set = useLab((lab) => lab.set);
  return <button type="button" className="quiet header-icon" aria-label={msg`Help: keys`} title={msg`Keys (?)`} onClick={() => set({ helpOpen: true })}>?</button>;
}
