/** An address as a QR code: dark on white in every theme, with the quiet zone that readers of codes need. */
import { encode } from 'uqr';
import { msg } from '../../sim/msg.ts';

/** Empty modules around a code (ISO/IEC 18004). */
const QUIET = 4;
/** Longer texts make modules so small that phones cannot read them from a screen in a room. */
export const LONGEST_CODE = 1200;
/** Up to here a code has room to be read with a sixth of it covered; longer ones rather have larger modules. */
const ROOMY = 300;

export interface QrPicture {
  /** Modules of a side, the quiet zone included. */
  size: number;
  /** SVG path of the dark modules, a unit each. */
  path: string;
}

/** The picture of a text; null where it is too long for a code. */
export function qrOf(text: string): QrPicture | null {
  if (text.length > LONGEST_CODE) return null;
  const { data, size } = encode(text, { ecc: text.length > ROOMY ? 'L' : 'M', border: QUIET });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x},${y}h1v1h-1z`] : []))).join('');
  return { size, path };
}

/** The same as a file. */
export function qrFile({ size, path }: QrPicture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>\n`;
}

export function QrCode({ picture: { size, path }, of }: { picture: QrPicture; of: string }) {
  return (
    <svg className="qr" role="img" aria-label={msg`QR code of ${of}`} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
