/** Whether an SVG is one as the lab saves it: shapes, text and PNG images. What repeats, scripts, moves or loads could stall the page that shows it. Pure. */

const ELEMENTS: ReadonlySet<string> = new Set(['svg', 'title', 'desc', 'defs', 'clipPath', 'g', 'path', 'line', 'rect', 'circle', 'ellipse', 'polygon', 'polyline', 'text', 'tspan', 'image']);
/** Elements in one another; a chart has about ten. */
const DEEPEST = 100;

/** Each character is passed over once; a document that is not well formed may pass, an image of it is not shown. */
export function isPlainSvg(svg: string): boolean {
  const head = /^\s*(<\?xml[^>]*>\s*)?/.exec(svg)?.[0].length ?? 0;
  const open: string[] = [];
  let roots = 0;
  for (let at = svg.indexOf('<', head); at >= 0;) {
    const tag = readTag(svg, at);
    if (!tag || !ELEMENTS.has(tag.name)) return false;
    at = svg.indexOf('<', tag.end);
    if (tag.closes) {
      if (open.pop() !== tag.name) return false;
      continue;
    }
    if (tag.name === 'svg' && ++roots > 1) return false;
    const isInClip = tag.name === 'clipPath' || open.includes('clipPath');
    if (!tag.attributes.every(([name, value]) => isPlain(name, value) && !(isInClip && name === 'clip-path'))) return false;
    if (!tag.empty) open.push(tag.name);
    if (open.length > DEEPEST) return false;
  }
  return roots === 1 && open.length === 0;
}

function isPlain(name: string, value: string): boolean {
  if (/^on|^(style|class|filter|mask|marker.*|cursor)$/i.test(name)) return false;
  if (/(^|:)(href|base)$/i.test(name)) return /^(#[\w-]+|data:image\/png;base64,[A-Za-z0-9+/=]*)$/.test(value);
  return !/url\(/i.test(value) || /^url\(#[\w-]+\)$/.test(value);
}

interface Tag { name: string; closes: boolean; empty: boolean; attributes: [string, string][]; end: number }

/** The tag that begins at a place; null where none does: a comment, a declaration, a tag cut off. */
function readTag(svg: string, at: number): Tag | null {
  const begins = /<(\/?)([A-Za-z][\w:.-]*)/y;
  begins.lastIndex = at;
  const [, slash, name] = begins.exec(svg) ?? [];
  if (name === undefined) return null;
  const attributes: [string, string][] = [];
  const attribute = /\s+([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
  let end = begins.lastIndex;
  attribute.lastIndex = end;
  for (let match = attribute.exec(svg); match; match = attribute.exec(svg)) {
    attributes.push([match[1], match[2] ?? match[3]]);
    end = attribute.lastIndex;
  }
  const ends = /\s*(\/?)>/y;
  ends.lastIndex = end;
  const last = ends.exec(svg);
  return last && { name, closes: slash === '/', empty: last[1] === '/', attributes, end: ends.lastIndex };
}
