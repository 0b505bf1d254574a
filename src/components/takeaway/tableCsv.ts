/** The table behind a chart as CSV: numbers in full, a quieter second line in a column of its own. Pure. */
import type { TableContent } from '../charts/DataTable.tsx';
import { csvOf, type CsvCell } from './csv.ts';

export function tableCsv({ head, rows }: TableContent): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const detailed = head.map((_, k) => cells.some((row) => row[k] !== undefined && 'detail' in row[k] && row[k].detail !== undefined));
  const names = head.flatMap((name, k) => (detailed[k] ? [name, `${name} (range)`] : [name]));
  const lines = cells.map((row) => row.flatMap((cell, k): CsvCell[] => {
    const value = 'value' in cell && cell.value !== undefined ? cell.value : cell.text;
    return detailed[k] ? [value, ('detail' in cell ? cell.detail : undefined) ?? ''] : [value];
  }));
  return csvOf(names, lines);
}
