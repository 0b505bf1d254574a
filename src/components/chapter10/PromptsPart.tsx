/** What is asked. */
import { msg } from '../../sim/msg.ts';
import { addPrompt, removePrompt } from './sheetEdits.ts';
import { FieldProblem, Part, RemoveButton, SheetField } from './SheetField.tsx';
import { useSheet } from './useSheet.ts';

export function PromptsPart() {
  const { sheet, edit } = useSheet();
  const { prompts } = sheet;
  const several = prompts.length > 1;
  return (
    <Part title={several ? msg`Prompts` : msg`Prompt`} paths={['world.prompts']}>
      {prompts.map((text, i) => {
        const path = `world.prompts[${i}]`;
        const removed = removePrompt(sheet, i);
        return (
          <div className="sheet-row" key={i}>
            <SheetField path={path} label={several ? msg`Prompt ${i + 1}` : msg`Prompt`} text={text} className="sheet-prompt-text" onText={(next) => edit({ ...sheet, prompts: prompts.map((old, k) => (k === i ? next : old)) }, path)} />
            {several && <RemoveButton label={msg`Remove prompt ${i + 1} with all that is said to it`} onRemove={() => edit(removed.sheet, undefined, { what: 'prompt', name: text, taken: removed.taken })} />}
            <FieldProblem path={path} />
          </div>
        );
      })}
      <button type="button" className="textual sheet-add" onClick={() => edit(addPrompt(sheet, msg`And then?`))}>{msg`Add a prompt`}</button>
    </Part>
  );
}
