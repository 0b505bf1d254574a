/** Which prompt's responses a panel shows; nothing where there is only one. */
import { msg } from '../../sim/msg.ts';
import type { World } from '../../sim/world.ts';

export function PromptSelect({ world, prompt, onChange }: { world: World; prompt: number; onChange(prompt: number): void }) {
  if (world.promptCount < 2) return null;
  return (
    <select className="quiet-select" aria-label={msg`Prompt`} value={prompt} onChange={(event) => onChange(Number(event.target.value))}>
      {world.prompts.map((text, x) => <option key={text} value={x}>{text}</option>)}
    </select>
  );
}
