/** Long work that leaves the page its frames. */

/** Work between two looks at the page, ms. */
const SLICE_MS = 12;

/**
 * Does work that can stop between its steps, a slice at a time.
 * @param onProgress  how far it is, 0..1, between slices
 * @returns           how to give it up; nothing is called any more then
 */
export function inSlices<T>(steps: Generator<number, T>, onProgress: (done: number) => void, onDone: (result: T) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slice = () => {
    const until = performance.now() + SLICE_MS;
    for (;;) {
      const next = steps.next();
      if (next.done) return onDone(next.value);
      if (performance.now() < until) continue;
      onProgress(next.value);
      timer = setTimeout(slice, 0);
      return;
    }
  };
  timer = setTimeout(slice, 0);
  return () => clearTimeout(timer);
}
