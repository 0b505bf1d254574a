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
import { createRunClient } from './sim/worker/client.ts';
import { mountLab } from './components/mountLab.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('main: the page has no element with id "root"');
mountLab(root, createRunClient(() => new Worker(new URL('./sim/worker/worker.ts', import.meta.url), { type: 'module' })));
