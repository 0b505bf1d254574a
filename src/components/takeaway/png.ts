/** A picture as pixels. */

/** Pixels of a picture's width at least, for print and for slides; and at most, which every browser can draw. */
const LEAST = 1600;
const MOST = 8000;

/** How many pixels stand for one of the SVG's: 2, or more for a small picture. */
export function pixelRatio(width: number, height: number): number {
  return Math.min(MOST / Math.max(width, height), Math.max(2, Math.min(4, LEAST / width)));
}

/** @throws Error where the browser cannot draw it */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const ratio = pixelRatio(image.naturalWidth, image.naturalHeight);
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * ratio);
    canvas.height = Math.round(image.naturalHeight * ratio);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('pngOf: no 2d context');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => { canvas.toBlob(resolve, 'image/png'); });
    if (!blob) throw new Error('pngOf: the picture is too large for this browser');
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}
