/** Starts the page: the run with its worker, the link it was opened by, the address bar, the components. */
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Button.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Menu.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Switch.css';
import '@mantine/core/styles/Kbd.css';
import './components/theme.css';
import './components/page.css';
import { loadLanguage } from './components/language.ts';
import { keepInstallPrompt } from './components/offline/installPrompt.ts';
import { keepOffline } from './components/offline/keepOffline.ts';

const root = document.getElementById('root');
if (!root) throw new Error('main: the page has no element with id "root"');
// The texts of modules are made when they are loaded, so the language comes first; English takes no time.
loadLanguage(location.search).then((problem) => import('./components/openPage.ts').then(({ openPage }) => openPage(root, problem))).catch(() => {
  root.textContent = 'The lab could not be loaded; reload the page.';
});
keepInstallPrompt();
keepOffline();
