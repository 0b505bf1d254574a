/** Keeps the browser's offer to install the page until the reader asks for it; it may come before the page is there. */
import { offlineStore, type InstallPrompt } from './offlineStore.ts';

export function keepInstallPrompt(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault(); // no banner in the middle of a lecture
    offlineStore.setState({ install: event as InstallPrompt });
  });
  addEventListener('appinstalled', () => offlineStore.setState({ install: null }));
}
