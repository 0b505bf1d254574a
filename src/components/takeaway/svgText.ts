/** Pieces of SVG as text: only what every reader of SVG 1.1 knows, so no classes, no `style`, no CSS colours. Pure. */

export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it stands in a document; characters that XML forbids are left out. */
export function escapeXml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters that XML 1.0 does not allow
  return text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '').replaceAll(/[&<>"]/g, (character) => ESCAPES[character]);
}

/** A length: two decimals, none that says nothing. */
export function short(value: number): string {
  const text = value.toFixed(2).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** An element; attributes without a value are left out, `content` is markup. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const said = Object.entries(attributes)
    .flatMap(([key, value]) => (value === null || value === undefined || value === '' ? [] : [` ${key}="${escapeXml(typeof value === 'number' ? short(value) : value)}"`]))
    .join('');
  return content === '' ? `<${name}${said}/>` : `<${name}${said}>${content}</${name}>`;
}

export interface Paint {
  /** #rrggbb */
  colour: string;
  /** 0..1 */
  opacity: number;
}

const channel = (value: number) => Math.round(Math.min(255, Math.max(0, value))).toString(16).padStart(2, '0');
/** Share of a number or a percentage. */
const part = (text: string) => (text.endsWith('%') ? Number.parseFloat(text) / 100 : Number.parseFloat(text));

/**
 * A computed colour, as a colour and an opacity that SVG 1.1 has: rgb(…), color(srgb …), oklab(…), #rrggbb.
 *
 * @returns null where nothing would be seen
 */
export function paintOf(css: string): Paint | null {
  const hex = /^#([0-9a-f]{6})([0-9a-f]{2})?$/i.exec(css.trim());
  if (hex) return seen(`#${hex[1].toLowerCase()}`, hex[2] === undefined ? 1 : Number.parseInt(hex[2], 16) / 255);
  const call = /^(rgba?|color|oklab)\((.*)\)$/i.exec(css.trim());
  if (!call) return null;
  const numbers = call[2].replace(/^srgb\s/, '').split(/[\s,/]+/).filter((text) => text !== '');
  if (numbers.length < 3) return null;
  const scale = call[1] === 'color' ? 255 : 1;
  const channels = numbers.slice(0, 3).map(part);
  const colour = (call[1] === 'oklab' ? fromOklab(channels) : channels.map((value) => scale * value)).map(channel).join('');
  return seen(`#${colour}`, numbers.length > 3 ? part(numbers[3]) : 1);
}

/** Oklab to sRGB channels, 0..255 (Ottosson 2020). */
function fromOklab([l, a, b]: readonly number[]): number[] {
  const [x, y, z] = [l + 0.3963377774 * a + 0.2158037573 * b, l - 0.1055613458 * a - 0.0638541728 * b, l - 0.0894841775 * a - 1.291485548 * b].map((root) => root ** 3);
  const linear = [4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z, -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z, -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z];
  return linear.map((value) => 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
}

const seen = (colour: string, opacity: number): Paint | null => (opacity > 0 && Number.isFinite(opacity) ? { colour, opacity } : null);

/** The attributes of a paint: "fill" and "fill-opacity". @param shared  opacity of what it stands in */
export function painted(kind: 'fill' | 'stroke', paint: Paint | null, shared = 1): Attributes {
  if (!paint) return { [kind]: 'none' };
  const opacity = paint.opacity * shared;
  return { [kind]: paint.colour, ...(opacity < 0.999 ? { [`${kind}-opacity`]: String(Number(opacity.toFixed(3))) } : {}) };
}

/** A text in lines of at most `width`; a word that is longer than a line is cut. */
export function wrapText(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((piece) => piece !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer) <= width) { line = longer; continue; }
    if (line !== '') lines.push(line);
    line = word;
    while (measure(line) > width && line.length > 1) {
      let fits = line.length - 1;
      while (fits > 1 && measure(line.slice(0, fits)) > width) fits--;
      lines.push(line.slice(0, fits));
      line = line.slice(fits);
    }
  }
  return line === '' ? lines : [...lines, line];
}
