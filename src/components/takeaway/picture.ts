/** Charts of the page as pictures that stand alone. */

export interface PictureWords {
  title: string;
  /** What is seen and of which run, under the chart. */
  caption: string;
}

/**
 * The chart of a panel as a whole SVG document on a white ground: title, chart with its own labels and legend, caption.
 *
 * @param panel  the element of a panel (`.lab-panel`)
 * @returns      null where the panel has nothing to draw yet
 */
export function panelPicture(_panel: Element, _words: PictureWords): string | null {
  return null;
}
