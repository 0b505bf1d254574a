/** Why a control did not take a value, under it. */
export function Refusal({ sentence }: { sentence: string | null }) {
  if (sentence === null) return null;
  return <p className="field-problem knob-refusal" role="alert">{sentence}</p>;
}
