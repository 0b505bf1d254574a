/** The text of pictures: what is written is XML and colours that every reader of SVG knows. */
import { describe, expect, it } from 'vitest';
import { gradientLength, readGradient, stripes } from '../src/components/takeaway/stripes.ts';
import { mapPath } from '../src/components/takeaway/svgPath.ts';
import { element, escapeXml, painted, paintOf, wrapText } from '../src/components/takeaway/svgText.ts';
import { pixelRatio } from '../src/components/takeaway/png.ts';

describe('markup', () => {
  it('escapes what is markup, and leaves out what XML does not allow', () => {
    expect(escapeXml('<b a="1">&\u0000\u0008x\ud800y\u{1f600}')).toBe('&lt;b a=&quot;1&quot;&gt;&amp;xy\u{1f600}');
    expect(element('text', { x: 1.005, y: -0, 'font-weight': null, a: '"<' }, 'hi')).toBe('<text x="1" y="0" a="&quot;&lt;">hi</text>');
    expect(element('rect', { width: 12.3456 })).toBe('<rect width="12.35"/>');
  });

  it('knows the colours that browsers compute', () => {
    expect(paintOf('rgb(213, 94, 0)')).toEqual({ colour: '#d55e00', opacity: 1 });
    expect(paintOf('rgba(156, 69, 121, 0.14)')).toEqual({ colour: '#9c4579', opacity: 0.14 });
    expect(paintOf('color(srgb 1 0.5 0 / 0.25)')).toEqual({ colour: '#ff8000', opacity: 0.25 });
    expect(paintOf('#0072b224')).toEqual({ colour: '#0072b2', opacity: 36 / 255 });
    for (const nothing of ['rgba(0, 0, 0, 0)', 'none', 'transparent', 'currentcolor', '']) expect(paintOf(nothing), nothing).toBeNull();
  });

  it('turns Oklab into sRGB', () => {
    expect(paintOf('oklab(1 0 0)')?.colour).toBe('#ffffff');
    expect(paintOf('oklab(0.627955 0.224863 0.125846)')?.colour).toBe('#ff0000');
    expect(paintOf('oklab(0.452014 -0.032457 -0.311528 / 0.5)')).toEqual({ colour: '#0000ff', opacity: 0.5 });
  });

  it('writes opacities apart from colours', () => {
    expect(painted('fill', { colour: '#102030', opacity: 0.5 }, 0.5)).toEqual({ fill: '#102030', 'fill-opacity': '0.25' });
    expect(painted('stroke', { colour: '#102030', opacity: 1 })).toEqual({ stroke: '#102030' });
    expect(painted('fill', null)).toEqual({ fill: 'none' });
  });
});

describe('lines of text', () => {
  const perLetter = (text: string) => text.length;
  it('are as long as fits, and lose no letter', () => {
    const text = 'After 800 updates the loss has fallen';
    const lines = wrapText(text, 12, perLetter);
    expect(lines.every((line) => line.length <= 12)).toBe(true);
    expect(lines.join(' ')).toBe(text);
  });
  it('cut what is longer than a line, such as an address', () => {
    const address = 'https://example.org/?preset=the-the-the&step=800';
    const lines = wrapText(address, 10, perLetter);
    expect(lines.every((line) => line.length <= 10)).toBe(true);
    expect(lines.join('')).toBe(address);
    expect(wrapText('', 10, perLetter)).toEqual([]);
  });
});

describe('hatching', () => {
  const HATCH = 'repeating-linear-gradient(135deg, rgb(213, 94, 0) 0px, rgb(213, 94, 0) 5px, rgb(226, 142, 76) 5px, rgb(226, 142, 76) 8px)';
  it('is read as bands of one colour', () => {
    expect(readGradient(HATCH, 100)).toEqual({ repeating: true, angle: 135, bands: [{ from: 0, to: 5, colour: 'rgb(213, 94, 0)' }, { from: 5, to: 8, colour: 'rgb(226, 142, 76)' }] });
    expect(readGradient('linear-gradient(to right, rgb(1, 2, 3) 3px, rgba(0, 0, 0, 0) 3px)', 50)?.bands).toEqual([{ from: 0, to: 3, colour: 'rgb(1, 2, 3)' }, { from: 3, to: 50, colour: 'rgba(0, 0, 0, 0)' }]);
    expect(readGradient('linear-gradient(rgb(1, 2, 3), rgb(3, 2, 1))', 50), 'colours that run into each other').toBeNull();
    expect(readGradient('url(x.png)', 50)).toBeNull();
  });

  it('covers the share of the box that its bands have, and nothing outside', () => {
    const box = { x: 10, y: 20, width: 80, height: 24 };
    const markup = stripes(box, HATCH, 1);
    expect(markup.startsWith('<rect x="10" y="20" width="80" height="24" fill="#d55e00"/>')).toBe(true);
    const polygons = [...markup.matchAll(/points="([^"]*)"/g)].map(([, points]) => points.split(' ').map((point) => point.split(',').map(Number)));
    const area = polygons.reduce((sum, polygon) => sum + Math.abs(polygon.reduce((twice, [x, y], i) => { const [u, v] = polygon[(i + 1) % polygon.length]; return twice + x * v - u * y; }, 0)) / 2, 0);
    expect(area / (80 * 24)).toBeCloseTo(3 / 8, 1);
    for (const [x, y] of polygons.flat()) { expect(x).toBeGreaterThanOrEqual(9.99); expect(x).toBeLessThanOrEqual(90.01); expect(y).toBeGreaterThanOrEqual(19.99); expect(y).toBeLessThanOrEqual(44.01); }
    expect(gradientLength(box, 90)).toBeCloseTo(80, 9);
  });
});

describe('paths and pixels', () => {
  it('are stretched along both axes apart', () => {
    expect(mapPath('M0,59L1.2,30.5Z', 2, 0.5)).toBe('M0 29.5L2.4 15.25Z');
    expect(mapPath('m1-2h3v-4c1,2,3,4,5,6', 10, 1)).toBe('m10 -2h30v-4c10 2 30 4 50 6');
  });
  it('are twice as many, more for a small picture, and never more than a browser can draw', () => {
    expect(pixelRatio(1440, 900)).toBe(2);
    expect(pixelRatio(500, 300)).toBeCloseTo(3.2, 9);
    expect(pixelRatio(100, 100)).toBe(4);
    expect(5000 * pixelRatio(5000, 9000)).toBeLessThanOrEqual(8000);
  });
});
