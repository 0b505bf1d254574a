/** A panel's picture with its words, made while the run stands. */
import { msg } from '../../sim/msg.ts';
import type { RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';
import { addressOfState, captionOf, fileName } from './caption.ts';
import { pagePicture, panelPicture } from './picture.ts';
import { pngOf } from './png.ts';
import { standing } from './stand.ts';

export type PictureKind = 'svg' | 'png';
export interface Stores { run: RunStore; lab: LabStore }
export interface NamedPanel { panel: Element; title: string }
export interface Picture { svg: string; step: number }

/** The panels of the page that are laid out, in the order of the page. */
export function panelsOnPage(selector = 'main .lab-panel'): NamedPanel[] {
  return [...document.querySelectorAll(selector)]
    .filter((panel) => panel.parentElement?.closest('.lab-panel') === null && !panel.closest('.picture-stage') && (panel.getBoundingClientRect().width > 0 || [...panel.children].some((child) => child.getBoundingClientRect().width > 1)))
    .map((panel) => ({ panel, title: panel.querySelector('.lab-panel-title')?.textContent ?? panel.getAttribute('aria-label') ?? '' }));
}

/** Null where there is nothing to draw yet. */
export function makePicture({ run, lab }: Stores, { panel, title }: NamedPanel): Promise<Picture | null> {
  return standing(run, panel, () => {
    const svg = panelPicture(panel, { title, caption: captionOf(run, lab), address: addressOfState(run, lab) });
    return svg === null ? null : { svg, step: run.getState().step };
  });
}

/** All the panels on screen as one page. */
export function makePage({ run, lab }: Stores, title: string): Promise<Picture | null> {
  return standing(run, document.querySelector('main'), () => {
    const svg = pagePicture(panelsOnPage(), { title, caption: captionOf(run, lab), address: addressOfState(run, lab) });
    return svg === null ? null : { svg, step: run.getState().step };
  });
}

/** @returns whether there was a picture to save */
export async function savePicture(stores: Stores, named: NamedPanel, kind: PictureKind, save: (name: string, content: string | Blob, type: string) => void): Promise<boolean> {
  return keep(stores, named.title, await makePicture(stores, named), kind, save);
}

/** The same of the whole page. */
export async function savePage(stores: Stores, title: string, kind: PictureKind, save: (name: string, content: string | Blob, type: string) => void): Promise<boolean> {
  return keep(stores, 'all-panels', await makePage(stores, title), kind, save);
}

/** What is said of an attempt to save or to draw, also where the browser cannot. */
export async function savedWords(save: () => Promise<boolean>): Promise<string> {
  try {
    return await save() ? msg`Saved.` : msg`There is nothing to draw here yet.`;
  } catch {
    return msg`This browser could not make the picture, and nothing was saved; SVG may work where PNG does not.`;
  }
}

async function keep({ lab }: Stores, what: string, picture: Picture | null, kind: PictureKind, save: (name: string, content: string | Blob, type: string) => void): Promise<boolean> {
  if (!picture) return false;
  const name = fileName(lab.getState().base.name, what, picture.step, kind);
  save(name, kind === 'svg' ? picture.svg : await pngOf(picture.svg), kind === 'svg' ? 'image/svg+xml' : 'image/png');
  return true;
}
