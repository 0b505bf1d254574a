/**
 * The messages between the windows of a lecture: plain, typed, of one version, over a BroadcastChannel of the session.
 *
 * The leading window has the engine and the stores; the others follow. A follower says `hello` and gets the `whole`
 * state; afterwards `changes` come, numbered, and one that is missed is made good by another `hello`. What a reader does
 * in a follower is sent to the leader as (store, action, arguments).
 */

/** Windows of another version are not heard. */
export const SYNC_VERSION = 1;

/** The action that sets fields of a store without actions. */
export const SETS = '=';

/** The fields of a store that are not functions, without those that every window has for itself. */
export type Fields = Record<string, unknown>;

/** A list that goes on from the one that was sent before: items `from` to `to` of that one, and these after them. */
export interface ListEdit {
  from: number;
  to: number;
  added: readonly unknown[];
}

/** What changed in one store. */
export interface Patch {
  /** Fields, whole. */
  set: Fields;
  /** Fields that are lists and only grew, or were cut. */
  lists: Record<string, ListEdit>;
  /** Fields that are histories (history.ts): their two lists, and the rest. */
  histories: Record<string, { steps: ListEdit; points: ListEdit; rest: Fields }>;
}

/** How many actions of each follower have been carried out. */
export type Done = Record<string, number>;

export type FollowerMessage =
  /** Wants the whole state. */
  | { v: number; kind: 'hello'; from: string }
  /** Is still there, with the state as of message `seq`. */
  | { v: number; kind: 'ping'; from: string; seq: number }
  /** Its `nth` action. `answered`: the reader has been told what it says. */
  | { v: number; kind: 'act'; from: string; nth: number; store: string; action: string; args: unknown[]; answered: boolean }
  | { v: number; kind: 'leave'; from: string };

export type LeaderMessage =
  /** A window that would lead; one that does so already answers `taken`. */
  | { v: number; kind: 'claim'; leader: string }
  | { v: number; kind: 'taken'; leader: string; claimant: string }
  /** A window has begun to lead. */
  | { v: number; kind: 'lead'; leader: string }
  /** The leading window was closed, or is loading anew. */
  | { v: number; kind: 'bye'; leader: string }
  | { v: number; kind: 'pong'; leader: string; seq: number }
  /** `shown`: what the audience sees, where that stands still. */
  | { v: number; kind: 'whole'; leader: string; to: string; seq: number; stores: Record<string, Fields>; shown: Record<string, Fields> | null; done: Done }
  | { v: number; kind: 'changes'; leader: string; seq: number; stores: Record<string, Patch>; done: Done }
  /** An action was refused, in a sentence. */
  | { v: number; kind: 'refused'; leader: string; to: string; sentence: string };

export type Message = FollowerMessage | LeaderMessage;

const TEXT = (value: unknown) => typeof value === 'string' && value.length <= 64;
const COUNT = (value: unknown) => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const RECORD = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

type Check = (value: unknown) => boolean;

/** What every kind of message has. */
const PARTS: Record<Message['kind'], Record<string, Check>> = {
  hello: { from: TEXT },
  ping: { from: TEXT, seq: COUNT },
  act: { from: TEXT, nth: COUNT, store: TEXT, action: TEXT, args: (value) => Array.isArray(value) && value.length <= 8, answered: (value) => typeof value === 'boolean' },
  leave: { from: TEXT },
  claim: { leader: TEXT },
  taken: { leader: TEXT, claimant: TEXT },
  lead: { leader: TEXT },
  bye: { leader: TEXT },
  pong: { leader: TEXT, seq: COUNT },
  whole: { leader: TEXT, to: TEXT, seq: COUNT, stores: (value) => recordOf(value, RECORD), shown: (value) => value === null || recordOf(value, RECORD), done: (value) => recordOf(value, COUNT) },
  changes: { leader: TEXT, seq: COUNT, stores: (value) => recordOf(value, isPatch), done: (value) => recordOf(value, COUNT) },
  refused: { leader: TEXT, to: TEXT, sentence: (value) => typeof value === 'string' && value.length <= 2000 },
};

function recordOf(value: unknown, check: Check): boolean {
  return RECORD(value) && Object.values(value as object).every(check);
}

const isEdit: Check = (value) => {
  const edit = value as ListEdit;
  return RECORD(value) && COUNT(edit.from) && COUNT(edit.to) && edit.from <= edit.to && Array.isArray(edit.added);
};

const isPatch: Check = (value) => {
  const patch = value as Patch;
  return RECORD(value) && RECORD(patch.set) && recordOf(patch.lists, isEdit)
    && recordOf(patch.histories, (entry) => {
      const history = entry as Patch['histories'][string];
      return RECORD(entry) && isEdit(history.steps) && isEdit(history.points) && RECORD(history.rest);
    });
};

/** A message of this version, as it came over the channel; null for anything else. */
export function readMessage(data: unknown): Message | null {
  if (!RECORD(data)) return null;
  const message = data as { v?: unknown; kind?: unknown } & Record<string, unknown>;
  if (message.v !== SYNC_VERSION || typeof message.kind !== 'string' || !Object.hasOwn(PARTS, message.kind)) return null;
  const parts = PARTS[message.kind as Message['kind']];
  return Object.entries(parts).every(([part, check]) => check(message[part])) ? data as Message : null;
}
