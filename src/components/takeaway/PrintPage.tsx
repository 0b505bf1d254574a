/** The page on paper: when the browser begins to print, the chapter's question, what is seen, and its panels as pictures. */
import { useEffect } from 'react';
import { chapterOf } from '../chapters.ts';
import { useLabStore } from '../labStore.ts';
import { useRunStore } from '../run.ts';
import { addressOfState, runWords, sentenceOnPage } from './caption.ts';
import { drawPanel } from './drawPanel.ts';
import { svgOf } from './picture.ts';
import { panelsOnPage, type Stores } from './savePicture.ts';
import './print.css';

export function PrintPage() {
  const run = useRunStore();
  const lab = useLabStore();
  useEffect(() => {
    let page: HTMLElement | null = null;
    // The browser reads the page right after this: nothing in it may wait.
    const begin = () => { page?.remove(); page = printPage({ run, lab }); document.body.append(page); };
    const end = () => { page?.remove(); page = null; };
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
      end();
    };
  }, [run, lab]);
  return null;
}

function part(parent: Element, name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  if (text !== '') parent.append(made);
  return made;
}

function printPage({ run, lab }: Stores): HTMLElement {
  const page = document.createElement('div');
  page.className = 'print-page';
  const { origin } = lab.getState();
  part(page, 'p', `DPO Lab · ${origin.chapter} ${chapterOf(origin.chapter).title}`, 'print-where');
  part(page, 'h1', document.querySelector('main h1')?.textContent ?? '');
  part(page, 'p', sentenceOnPage(), 'print-said');
  for (const [index, { panel, title }] of panelsOnPage('main .lab-panel, main section.derivation').entries()) {
    const drawing = drawPanel(panel, index);
    if (!drawing) continue;
    const figure = document.createElement('figure');
    part(figure, 'figcaption', title);
    const { documentElement } = new DOMParser().parseFromString(svgOf(drawing), 'image/svg+xml');
    if (!(documentElement instanceof SVGSVGElement)) continue;
    figure.style.maxWidth = `${drawing.width}px`;
    figure.append(document.importNode(documentElement, true));
    page.append(figure);
  }
  part(page, 'p', runWords(run.getState(), origin.title), 'print-run');
  part(page, 'p', addressOfState(run, lab), 'print-address');
  return page;
}
