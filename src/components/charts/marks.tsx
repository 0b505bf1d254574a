/** The second channel of every role: the shape at the end of its line. */

export type MarkerKind = 'circle' | 'square' | 'diamond' | 'triangle' | 'none';

export function EndMarker({ kind, x, y, size }: { kind: MarkerKind; x: number; y: number; size: number }) {
  const style = { fill: 'var(--role)', stroke: 'var(--paper)', strokeWidth: 1.5 };
  switch (kind) {
    case 'none': return null;
    case 'circle': return <circle cx={x} cy={y} r={size} style={style} />;
    case 'square': return <rect x={x - size * 0.9} y={y - size * 0.9} width={1.8 * size} height={1.8 * size} style={style} />;
    case 'diamond': return <path d={`M${x},${y - 1.25 * size}l${1.25 * size},${1.25 * size}l${-1.25 * size},${1.25 * size}l${-1.25 * size},${-1.25 * size}z`} style={style} />;
    case 'triangle': return <path d={`M${x},${y - 1.2 * size}l${1.2 * size},${2.1 * size}h${-2.4 * size}z`} style={style} />;
  }
}
