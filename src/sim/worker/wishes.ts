/** What the page wants of a session: commands leave it here as they come, the loop (serve.ts) reads it between chunks. */
import type { Command, Focus } from './protocol.ts';

export interface Wishes {
  /** Nobody wants the session any more. */
  stopped: boolean;
  playing: boolean;
  /** Updates to make one by one, whether it plays or not. */
  steps: number;
  /** Back to update 0. */
  reset: boolean;
  /** Update to go to; null = stay on the way. */
  seek: number | null;
  /** Where a seek was to go that a pause ended, and of which the page has not been told; null = none. */
  ended: number | null;
  /** Knobs to change, there where a seek that was wanted before goes to; null = none. */
  retune: { beta?: number; learningRate?: number; afterSeek: boolean } | null;
  focus: Focus;
  /** `focus` is news to the page. */
  focusChanged: boolean;
  /** Updates per second. */
  speed: number;
  /** Frames that may be sent: 1, or 0 while one is in flight. */
  credit: number;
}

export function wishesOf(start: Extract<Command, { type: 'start' }>): Wishes {
  return {
    stopped: false, playing: start.play, steps: 0, reset: false, seek: start.to?.step ?? null, ended: null, retune: null, focus: start.focus, focusChanged: false,
    speed: start.updatesPerSecond, credit: 1,
  };
}

/** Takes in a command to the session. */
export function take(wishes: Wishes, command: Command): void {
  switch (command.type) {
    case 'play': wishes.playing = true; break;
    case 'pause': wishes.playing = false; wishes.steps = 0; wishes.ended = wishes.seek ?? wishes.ended; wishes.seek = null; break;
    case 'step': wishes.playing = false; wishes.steps += command.count; break;
    case 'speed': wishes.speed = command.updatesPerSecond; break;
    case 'seek': wishes.seek = command.step; wishes.ended = null; wishes.playing = false; wishes.steps = 0; break;
    case 'reset': wishes.reset = true; wishes.playing = command.play; wishes.steps = 0; wishes.seek = null; wishes.ended = null; break;
    case 'retune': {
      const { beta = wishes.retune?.beta, learningRate = wishes.retune?.learningRate } = command;
      wishes.retune = { beta, learningRate, afterSeek: wishes.retune?.afterSeek ?? wishes.seek !== null };
      break;
    }
    case 'focus': wishes.focus = command.focus; wishes.focusChanged = true; break;
    case 'ack': wishes.credit = 1; break;
    case 'dispose': wishes.stopped = true; break;
    case 'start': break;
  }
}

/** Whether there is something to do. */
export function wantsAnything({ stopped, playing, steps, reset, seek, ended, retune, focusChanged }: Wishes): boolean {
  return stopped || playing || steps > 0 || reset || seek !== null || ended !== null || retune !== null || focusChanged;
}
