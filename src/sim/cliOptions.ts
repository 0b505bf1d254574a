/** The options of the command line, and the error that is the caller's. */

export interface Options {
  file: string;
  out: string | null;
  every: number;
  backend: 'cpu' | 'wasm';
  steps: number | null;
  /** Where the PyTorch script goes that makes the run again; null = no script. */
  pytorch: string | null;
}

const USAGE = 'npm run experiment -- FILE.json [--out RESULT.json] [--every 10] [--backend cpu|wasm] [--steps N] [--pytorch SCRIPT.py]';

/** A mistake in what the caller gave: printed as one line, exit code 2. */
export class UsageError extends Error {}

export function readOptions(argv: string[]): Options {
  const options: Options = { file: '', out: null, every: 10, backend: 'wasm', steps: null, pytorch: null };
  for (let i = 0; i < argv.length; i++) {
    const [name, inline] = argv[i].startsWith('--') ? splitOption(argv[i]) : [argv[i], undefined];
    const value = () => {
      const given = inline ?? argv[++i];
      if (given === undefined || given === '' || given.startsWith('--')) throw new UsageError(`${name} needs a value. Usage: ${USAGE}`);
      return given;
    };
    if (name === '--out') options.out = value();
    else if (name === '--pytorch') options.pytorch = value();
    else if (name === '--every') options.every = wholeNumber(name, value(), 1);
    else if (name === '--steps') options.steps = wholeNumber(name, value(), 0);
    else if (name === '--backend') {
      const backend = value();
      if (backend !== 'cpu' && backend !== 'wasm') throw new UsageError(`--backend must be cpu or wasm, got "${backend}".`);
      options.backend = backend;
    } else if (name.startsWith('-')) throw new UsageError(`Unknown option ${name}. Usage: ${USAGE}`);
    else if (options.file !== '') throw new UsageError(`One experiment file at a time, got "${options.file}" and "${name}". Usage: ${USAGE}`);
    else options.file = name;
  }
  if (options.file === '') throw new UsageError(`An experiment file is needed. Usage: ${USAGE}`);
  return options;
}

function splitOption(argument: string): [string, string | undefined] {
  const at = argument.indexOf('=');
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > 1_000_000) {
    throw new UsageError(`${name} must be a whole number in [${min}, 1000000], got "${text}".`);
  }
  return value;
}
