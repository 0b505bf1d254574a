/**
 * The worker's end of the port: commands in, events out, one session (session.ts) at a time.
 *
 * Knows no tfjs, no Worker and no timer: it gets a port, a way to make runs and a clock, so tests
 * drive it through a real MessageChannel.
 */
import { onMessages, post, type MessageTarget } from './endpoint.ts';
import type { Clock, CreateRun } from './loopParts.ts';
import type { Command } from './protocol.ts';
import { createSession, type Session } from './session.ts';

/**
 * Serves runs on a port until the worker ends: one run at a time, a new `start` replaces the present one.
 * Every failure becomes a `fault` event; nothing is thrown.
 */
export function serve(port: MessageTarget, createRun: CreateRun, clock: Clock): void {
  let session: Session | null = null;
  let starting: Promise<void> = Promise.resolve();
  onMessages<Command>(port, (command) => {
    if (command.type === 'start') {
      session?.stop();
      const next = createSession(command, (event) => post(port, event), createRun, clock);
      session = next;
      // One engine: the next run starts only after the previous one has let go of its tensors.
      starting = starting.then(() => next.run());
    } else if (session && session.id === command.run) {
      session.handle(command);
    }
  });
}
