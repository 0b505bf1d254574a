/** Pictures of what the page shows, for the report: the masses and the responses by name. */
import { msg } from '../../sim/msg.ts';
import { panelPicture } from '../takeaway/picture.ts';
import { REPORT_LIMITS, type ReportPicture } from './report.ts';

/** @param caption  of which run they are */
export function pagePictures(caption: string): ReportPicture[] {
  const panels: [Element | null | undefined, string][] = [
    [document.querySelector('.chart-box-mass')?.closest('.lab-panel'), msg`Where the probability is`],
    [document.querySelector('.chapter-responses .lab-panel'), msg`The responses by name`],
  ];
  return panels.flatMap(([panel, title]) => {
    const svg = panel ? pictureOf(panel, title, caption) : null;
    return svg !== null && svg.length <= REPORT_LIMITS.picture ? [{ title, svg }] : [];
  });
}

/** A picture is an addition: where it cannot be made, the report goes without. */
function pictureOf(panel: Element, title: string, caption: string): string | null {
  try {
    return panelPicture(panel, { title, caption });
  } catch {
    return null;
  }
}
