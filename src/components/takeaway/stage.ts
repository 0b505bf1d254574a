/**
 * A copy of a panel beside the page, to be read for its picture: on white, in the light palette whatever the page has,
 * without what can be pressed, nothing scrolled away. The page itself does not change.
 */
import { redrawOn } from '../charts/canvasRedraw.ts';
import './stage.css';

export interface Stage {
  /** The copy of the panel, laid out. */
  panel: HTMLElement;
  remove(): void;
}

/** What is no part of a picture: what is pressed or moved, tables behind charts, words for assistive technology alone. */
const LEFT_OUT = [
  '.lab-panel-head', '.lab-panel-actions', '.chart-table', '.quiet-button', '.outlined', '.choice', '.lab-sr', '.katex-mathml', '.hover', '.hover-box', '.hover-text', '.copy-row', '.space-info', '.ruler-word', '.derivation-toolbar', '.derivation-keys', 'details:not([open])',
  'input[type="range"]', 'input[type="checkbox"]', 'input[type="radio"]', 'datalist', 'progress', 'script', 'style', '[data-picture="none"]',
].join(',');

/** Width of a panel that has no box of its own (`display: contents`): that of the widest of its parts. */
function widthOf(panel: Element): number {
  return Math.max(panel.getBoundingClientRect().width, ...[...panel.children].filter((child) => !child.classList.contains('lab-sr')).map((child) => child.getBoundingClientRect().width));
}

/** @returns null where the panel is not laid out */
export function stageOf(original: Element): Stage | null {
  const width = widthOf(original);
  if (!(width > 0) || !original.parentElement) return null;
  const panel = original.cloneNode(true) as HTMLElement;
  sayFields(original, panel);
  const stage = document.createElement('div');
  stage.className = 'picture-stage';
  stage.style.width = `${width}px`;
  stage.setAttribute('aria-hidden', 'true');
  // What is looked up by an id must find the page's own.
  for (const element of panel.querySelectorAll('[id]')) if (!element.closest('svg')) element.removeAttribute('id');
  stage.append(panel);
  // Inside the panel's own surroundings, for the rules that depend on them.
  (original.closest('.chapter') ?? original.parentElement).append(stage);
  copyCanvases(original, panel);
  for (const element of panel.querySelectorAll(LEFT_OUT)) element.remove();
  unscroll(panel);
  realise(panel);
  return { panel, remove: () => stage.remove() };
}

/** Selects and fields as the words they say. */
function sayFields(original: Element, copy: Element): void {
  const copies = [...copy.querySelectorAll('select, input, textarea')];
  [...original.querySelectorAll<HTMLSelectElement | HTMLInputElement | HTMLTextAreaElement>('select, input, textarea')].forEach((field, i) => {
    if (field instanceof HTMLInputElement && ['range', 'checkbox', 'radio', 'file', 'hidden'].includes(field.type)) return;
    const words = document.createElement('span');
    words.className = 'picture-field';
    words.textContent = field instanceof HTMLSelectElement ? field.selectedOptions[0]?.textContent ?? '' : field.value;
    copies[i].replaceWith(words);
  });
}

/** A canvas is copied without its pixels: it is drawn again in the colours of the stage, at a resolution for print. */
function copyCanvases(original: Element, copy: Element): void {
  const copies = [...copy.querySelectorAll('canvas')];
  [...original.querySelectorAll('canvas')].forEach((canvas, i) => {
    if (redrawOn(canvas, copies[i])) return;
    copies[i].width = canvas.width;
    copies[i].height = canvas.height;
    copies[i].getContext('2d')?.drawImage(canvas, 0, 0);
  });
}

/** Nothing is scrolled away on paper. */
function unscroll(panel: Element): void {
  for (const element of panel.querySelectorAll<HTMLElement>('*')) {
    if (element.closest('svg')) continue;
    const { overflowX, overflowY, position } = getComputedStyle(element);
    if (position === 'sticky') element.style.position = 'static';
    if (![overflowX, overflowY].some((overflow) => overflow === 'auto' || overflow === 'scroll')) continue;
    element.style.overflow = 'visible';
    element.style.maxHeight = 'none';
  }
}

/** What CSS puts before and after elements, as elements that can be read. */
function realise(panel: HTMLElement): void {
  const found: { parent: Element; where: 'prepend' | 'append'; made: HTMLElement }[] = [];
  for (const parent of panel.querySelectorAll('*')) {
    if (parent.closest('svg')) continue;
    for (const [pseudo, where] of [['::before', 'prepend'], ['::after', 'append']] as const) {
      const style = getComputedStyle(parent, pseudo);
      if (style.content === 'none' || style.content === 'normal' || style.content === '-moz-alt-content') continue;
      const made = document.createElement('span');
      for (const property of style) if (property !== 'content') made.style.setProperty(property, style.getPropertyValue(property));
      made.textContent = /^"((?:[^"\\]|\\.)*)"/.exec(style.content)?.[1].replaceAll(/\\(.)/g, '$1') ?? '';
      found.push({ parent, where, made });
    }
  }
  for (const { parent, where, made } of found) {
    parent.classList.add('picture-real');
    parent[where](made);
  }
}
