/** A file that the reader chose or dropped, whatever it is: an experiment, preferences in TRL's format, a report. */
import type { LabStore } from '../labStore.ts';

/** Opens it, or says in a sentence why not; nothing changes then. */
export async function openAny(file: File, lab: LabStore): Promise<void> {
  lab.getState().openFile(file.name, await file.text());
}
