/** A dialog over the page, with its name and the way out. */
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';

interface DialogProps {
  opened: boolean;
  close: () => void;
  title: string;
  /** Width, as CSS has it. */
  size?: string;
  /** Over the whole window. */
  fullScreen?: boolean;
  children: ReactNode;
}

export function Dialog({ opened, close, title, size, fullScreen = false, children }: DialogProps) {
  return (
    <Modal
      opened={opened} onClose={close} title={title} size={size} fullScreen={fullScreen} yOffset="1.5rem" closeButtonProps={{ 'aria-label': msg`Close` }} transitionProps={{ duration: 0 }}
      // Mantine 9.7 makes its head a <header>, a second banner of the page; tests/browser/lecture.test.ts tells when it need not be said.
      attributes={{ header: { role: 'presentation' } }}
    >
      {children}
    </Modal>
  );
}
