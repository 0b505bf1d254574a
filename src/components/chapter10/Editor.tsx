/** The experiment, written in the margin of its pictures: as fields, or as the text of its file. */
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';
import { GoldPart } from './GoldPart.tsx';
import { keepingFocus } from './places.ts';
import { PreferencesPart } from './PreferencesPart.tsx';
import { PromptsPart } from './PromptsPart.tsx';
import { ReferencePart } from './ReferencePart.tsx';
import { useSandbox, useSandboxStore } from './sandboxStore.ts';
import { SheetField } from './SheetField.tsx';
import { Standing } from './Standing.tsx';
import { TextPane } from './TextPane.tsx';
import { Toolbar } from './Toolbar.tsx';
import { SheetProvider, useSheet, useShown } from './useSheet.ts';
import { WordsPart } from './WordsPart.tsx';
import './chapter10.css';

export function Editor() {
  const shown = useShown();
  const store = useSandboxStore();
  const pane = useSandbox((sandbox) => sandbox.pane);
  const embedded = useLab((lab) => lab.embedded);
  return (
    <SheetProvider value={shown}>
      <section
        className="sheet" aria-label={msg`The experiment`} tabIndex={-1}
        onKeyDown={(event) => {
          const key = event.key.toLowerCase();
          if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== 'z' && key !== 'y')) return;
          event.preventDefault();
          keepingFocus(key === 'y' || event.shiftKey ? store.getState().redo : store.getState().undo);
        }}
      >
        <Toolbar files={!embedded} />
        <Standing />
        {pane === 'text' ? <TextPane /> : <Fields />}
      </section>
    </SheetProvider>
  );
}

function Fields() {
  const { sheet, edit } = useSheet();
  return (
    <>
      <div className="sheet-line">
        <span className="sheet-name" aria-hidden="true">{msg`Called`}</span>
        <SheetField path="name" label={msg`Name of the experiment`} text={sheet.name} className="sheet-called" onText={(name) => edit({ ...sheet, name }, 'name')} />
      </div>
      <WordsPart />
      <PromptsPart />
      <ReferencePart />
      <PreferencesPart />
      <GoldPart />
    </>
  );
}
