/** The way between chapters: all of them side by side, by number where there is no room for names, or in a menu. */
import { Menu } from '@mantine/core';
import type { MouseEvent } from 'react';
import { msg } from '../../sim/msg.ts';
import { chapterOf, OPEN_CHAPTERS, type ChapterId } from '../chapters.ts';
import { useLab } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import './ChapterNav.css';

/** A link of its own (it may be opened in another tab), which opens here without loading the page anew. */
function useChapterLink(id: ChapterId) {
  const current = useLab((lab) => lab.origin.chapter === id);
  const open = useLab((lab) => lab.openChapter);
  return {
    href: `?chapter=${id}`,
    'aria-current': current ? 'page' as const : undefined,
    onClick: (event: MouseEvent) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      open(id);
      scrollTo({ top: 0, behavior: 'instant' });
    },
  };
}

export function ChapterNav() {
  if (useHidden('chapters')) return null;
  return (
    <nav className="chapter-nav" aria-label={msg`Chapters`}>
      <ul className="chapter-nav-row">{OPEN_CHAPTERS.map(({ id }) => <li key={id}><RowLink id={id} /></li>)}</ul>
      <ChapterMenu />
    </nav>
  );
}

/** On a phone the header has no room: the menu stands beside the choice of the experiment. */
export function PhoneChapterNav() {
  if (useHidden('chapters')) return null;
  return <nav className="chapter-nav-phone" aria-label={msg`Chapters`}><ChapterMenu brief /></nav>;
}

function RowLink({ id }: { id: ChapterId }) {
  const { title, short } = chapterOf(id);
  return <a {...useChapterLink(id)} title={title}><span className="chapter-nav-number">{id}</span> <span className="chapter-nav-word">{short ?? title}</span></a>;
}

function ChapterMenu({ brief = false }: { brief?: boolean }) {
  const { id, title, short } = chapterOf(useLab((lab) => lab.origin.chapter));
  return (
    <Menu position="bottom-start" shadow="md" width="min(20rem, calc(100vw - 2rem))">
      <Menu.Target>
        <button type="button" className="chapter-nav-button" aria-label={msg`Chapter ${id}: ${title}. Choose a chapter`}>
          {brief ? <span>{msg`Chapter `}{id}</span> : <><span className="chapter-nav-number">{id}</span> <span className="chapter-nav-title">{short ?? title}</span></>}
          <span aria-hidden="true" className="caret" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>{OPEN_CHAPTERS.map((chapter) => <MenuLink key={chapter.id} id={chapter.id} />)}</Menu.Dropdown>
    </Menu>
  );
}

function MenuLink({ id }: { id: ChapterId }) {
  return <Menu.Item component="a" {...useChapterLink(id)} className="chapter-nav-item"><span className="chapter-nav-number">{id}</span> {chapterOf(id).title}</Menu.Item>;
}
