/** A moment of a report, in the reader's time. */
export function When({ at }: { at: string }) {
  return <time dateTime={at}>{new Date(at).toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' })}</time>;
}
