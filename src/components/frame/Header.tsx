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
import { ThemeButton } from './ThemeButton.tsx';
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
        <ThemeButton scheme={scheme} onScheme={(theme) => set({ theme })} />
        <HelpButton />
      </div>
    </header>
  );
}

function HelpButton() {
  const set = useLab((lab) => lab.set);
  return <button type="button" className="quiet header-icon" aria-label={msg`Help: keys`} title={msg`Keys (?)`} onClick={() => set({ helpOpen: true })}>?</button>;
}
