/** Why a control did not take a value, under it. */
export function Refusal({ id, sentence }: { id?: string; sentence: string | null }) {
  if (sentence === null) return null;
  return <p className="field-problem" id={id} role="alert">{sentence}</p>;
}
