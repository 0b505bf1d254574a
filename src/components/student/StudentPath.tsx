/** The guided path, over the chapter: one task at a time. */
import { useLab } from '../labStore.ts';

export function StudentPath() {
  const path = useLab((lab) => lab.path);
  return path === null ? null : <section className="student-path" aria-label={path} />;
}
