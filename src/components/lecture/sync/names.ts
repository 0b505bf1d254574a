/** Names of sessions and of windows. */

export function newName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => (byte % 36).toString(36)).join('');
}

/** What a session may be called: it stands in addresses. */
export function isSession(text: string): boolean {
  return /^[a-z0-9]{4,32}$/.test(text);
}

export function channelName(session: string): string {
  return `dpo-lab/${session}`;
}
