/** The choices of what is kept of a preference file, as native controls. */
import { useId, type ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';
import { MOST, type Choices } from '../../sim/trl/choices.ts';
import { MAX_ROWS, type TrlFile } from '../../sim/trl/read.ts';
import { number } from '../../sim/trl/reportWords.ts';
import type { TokenTable } from '../../sim/trl/tokens.ts';
import { same } from '../../sim/experimentPrint.ts';

interface TrlChoicesProps {
  choices: Choices;
  suggested: Choices;
  file: TrlFile;
  table: TokenTable;
  onChange(change: Partial<Choices>): void;
}

export function TrlChoices({ choices, suggested, file, table, onChange }: TrlChoicesProps) {
  const promptCount = table.prompts.length;
  return (
    <section className="trl-choices" aria-labelledby="trl-choices">
      <div className="trl-head">
        <h3 id="trl-choices">{msg`What is kept`}</h3>
        <button type="button" className="textual" aria-disabled={same(choices, suggested)} onClick={() => onChange(suggested)}>{msg`Suggest`}</button>
      </div>
      <fieldset>
        <legend>{msg`Words`}</legend>
        <Select
          label={msg`A word is`} value={choices.split} onChange={(split) => onChange({ split })}
          options={[['spaces', msg`what stands between spaces`], ['words', msg`letters and digits, without punctuation`], ['marks', msg`letters and digits, or a punctuation mark`]]}
        />
        <Tick on={choices.fold} onChange={(fold) => onChange({ fold })}>{msg`Upper and lower case are the same`}</Tick>
        <Slider label={msg`Most words`} min={1} max={MOST.words} value={choices.words} onChange={(words) => onChange({ words })} />
        <Select
          label={msg`Any other word`} value={choices.outside} onChange={(outside) => onChange({ outside })}
          options={[['drop', msg`drops its row`], ['other', msg`is written as ‹other›`], ['leave', msg`is left out`]]}
        />
        {choices.outside === 'drop' && (
          <Select
            label={msg`Which words`} value={choices.pick} onChange={(pick) => onChange({ pick })}
            options={[['rows', msg`those that keep the most rows`], ['frequent', msg`the most frequent`]]}
          />
        )}
      </fieldset>
      <fieldset>
        <legend>{msg`Responses`}</legend>
        <Slider label={msg`Longest response, in words`} min={1} max={MOST.maxLength} value={choices.maxLength} onChange={(maxLength) => onChange({ maxLength })} />
        <Select
          label={msg`A longer one`} value={choices.long} onChange={(long) => onChange({ long })}
          options={[['keep_start', msg`keeps its start (keep_start)`], ['keep_end', msg`keeps its end (keep_end)`], ['drop', msg`drops its row`]]}
        />
        <Tick on={choices.prefix === 'drop'} onChange={(drop) => onChange({ prefix: drop ? 'drop' : 'keep' })}>{msg`Leave out what both responses of a row begin with`}</Tick>
      </fieldset>
      <fieldset>
        <legend>{msg`Rows and prompts`}</legend>
        {file.rows.length > 1 && <RowsSelect count={file.rows.length} value={choices.rows} onChange={(rows) => onChange({ rows })} />}
        {promptCount > 1 && <Tick on={choices.merge} onChange={(merge) => onChange({ merge })}>{msg`All prompts are one`}</Tick>}
        {promptCount > 1 && !choices.merge && (
          <Slider label={msg`Most prompts, those with the most rows first`} min={1} max={Math.min(MOST.prompts, promptCount)} value={choices.prompts} onChange={(prompts) => onChange({ prompts })} />
        )}
      </fieldset>
      <fieldset>
        <legend>{msg`Reference and reward`}</legend>
        <Select
          label={msg`The reference has learned`} value={choices.corpus} onChange={(corpus) => onChange({ corpus })}
          options={[['both', msg`chosen and rejected responses`], ['chosen', msg`chosen responses only`]]}
        />
        <Select
          label={msg`Gold reward`} value={choices.gold} onChange={(gold) => onChange({ gold })}
          options={[['none', msg`none: the file has none`], ['pairs', msg`share of comparisons won, −2 for all others`]]}
        />
      </fieldset>
    </section>
  );
}

/** Numbers of rows that are offered. */
const ROWS = [100, 300, 1000, 3000, 10_000, 30_000];

function RowsSelect({ count, value, onChange }: { count: number; value: number; onChange(rows: number): void }) {
  const options: [string, string][] = [...ROWS.filter((n) => n < count).map((n): [string, string] => [String(n), msg`${number(n)}, evenly spread`]), [String(MAX_ROWS), msg`all ${number(count)}`]];
  return <Select label={msg`Rows looked at`} value={String(value)} options={options} onChange={(rows) => onChange(Number(rows))} />;
}

interface SelectProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange(value: T): void;
}

function Select<T extends string>({ label, value, options, onChange }: SelectProps<T>) {
  const chosen = (text: string) => options.find(([option]) => option === text)?.[0] ?? value;
  return (
    <label className="trl-row">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(chosen(event.currentTarget.value))}>
        {options.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
      </select>
    </label>
  );
}

function Slider({ label, min, max, value, onChange }: { label: string; min: number; max: number; value: number; onChange(value: number): void }) {
  const id = useId();
  return (
    <div className="trl-row">
      <label htmlFor={id}>{label}</label>
      <span className="trl-slider">
        <input id={id} type="range" min={min} max={max} value={Math.min(max, value)} onChange={(event) => onChange(Number(event.currentTarget.value))} />
        <output htmlFor={id}>{Math.min(max, value)}</output>
      </span>
    </div>
  );
}

function Tick({ on, onChange, children }: { on: boolean; onChange(on: boolean): void; children: ReactNode }) {
  return <label className="trl-tick"><input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} /> <span>{children}</span></label>;
}
