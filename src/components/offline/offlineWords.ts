/** What the dialog says of the copy in the browser: one sentence for every state. */
import { msg } from '../../sim/msg.ts';
import type { Interruption, Keeping } from './offlineStore.ts';
import type { Refusal } from './places.ts';

/** A size as a reader knows it: "3.8 MB". */
export function megabytes(bytes: number): string {
  return msg`${(bytes / 1e6).toFixed(1)} MB`;
}

/** Enough of a version to tell two apart. */
export const shortVersion = (version: string) => version.slice(0, 7);

export function keepingSentence(keeping: Keeping): string {
  switch (keeping.kind) {
    case 'refused': return refusalSentence(keeping.why);
    case 'waiting': return msg`Not stored yet: it begins when the page has been open for a few seconds.`;
    case 'unwanted': return msg`Nothing is stored in this browser, as you asked. The lab needs the network.`;
    case 'storing': return msg`Storing the lab in this browser …`;
    case 'failed': return msg`The lab is not stored: ${keeping.file ? interruptionWords(keeping.file) : keeping.why.replace(/\.+$/, '') || msg`the browser broke it off`}. Nothing half is kept; the lab itself goes on.`;
    case 'stored': {
      const { files, bytes, version } = keeping.stored;
      return keeping.controlled
        ? msg`The lab works without a network from now on, at this address and in this browser: ${files} files, ${megabytes(bytes)}, version ${shortVersion(version)}.`
        : msg`The lab is stored in this browser and works without a network from the next time it is opened: ${files} files, ${megabytes(bytes)}, version ${shortVersion(version)}.`;
    }
  }
}

function interruptionWords({ name, status }: Interruption): string {
  if (status === null) return msg`${name} did not arrive, or not as it was built`;
  if (status === 'full') return msg`the browser has no room for ${name}`;
  return msg`the server answered ${status} for ${name}`;
}

function refusalSentence(why: Refusal): string {
  switch (why) {
    case 'one-file': return msg`This is the lab as one file: all of it is in the file, and it asks no network for anything.`;
    case 'development': return msg`The development server changes what it serves, so nothing of it is stored.`;
    case 'embedded': return msg`The lab stands in another page here, and nothing is stored for that page. Open the lab itself to keep it.`;
    case 'insecure': return msg`Browsers store a page only from an address that begins with https, or from this machine itself; this address is neither.`;
    case 'unsupported': return msg`This browser stores no pages here; some do not in a private window.`;
  }
}
