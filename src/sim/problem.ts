/** What is wrong with one field of an experiment file. */
export interface Problem {
  /** Path of the field, e.g. `preferences.pairs[1].chosen`; empty for the file as a whole. */
  path: string;
  /** The allowed range in words. */
  expected: string;
  /** The value found, as text. */
  found: string;
  /** One sentence with path, range and value. */
  message: string;
}

/** A problem in the usual sentence: `<path> must be <expected>, got <found>.` */
export function mustBe(path: string, expected: string, found: string): Problem {
  return { path, expected, found, message: `${path === '' ? 'The experiment' : path} must be ${expected}, got ${found}.` };
}
