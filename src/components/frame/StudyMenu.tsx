/** What students and teachers take the lab for, beside the lecture. */
import { Menu } from '@mantine/core';
import { useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { useLab } from '../labStore.ts';
import { OfflineDialog } from '../offline/OfflineDialog.tsx';
import { VIEWS, viewLink } from '../views/views.ts';
import './StudyMenu.css';

export function StudyMenu() {
  const set = useLab((lab) => lab.set);
  const walking = useLab((lab) => lab.path !== null);
  const offered = useLab((lab) => !lab.hidden.includes('chapters'));
  const [offline, setOffline] = useState(false);
  if (!offered) return null;
  return (
    <>
      <Menu position="bottom-end" shadow="md" width="min(22rem, calc(100vw - 2rem))">
        <Menu.Target><button type="button" className="quiet">{msg`Study`}<span aria-hidden="true" className="caret" /></button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => set({ path: walking ? null : 'ood' })}>
            <Entry title={walking ? msg`Leave the guided path` : msg`Guided path`} brief={walking ? msg`what you did is kept on this machine` : msg`predict, run, explain, vary; and a report to hand in`} />
          </Menu.Item>
          {VIEWS.map(({ id, title, brief }) => <Menu.Item key={id} component="a" href={viewLink(id, location.search)}><Entry title={title} brief={brief} /></Menu.Item>)}
          <Menu.Item onClick={() => setOffline(true)}><Entry title={msg`Use it offline`} brief={msg`install it, or keep it as one file`} /></Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <OfflineDialog opened={offline} close={() => setOffline(false)} />
    </>
  );
}

function Entry({ title, brief }: { title: string; brief: string }) {
  return <span className="study-entry">{title}<small>{brief}</small></span>;
}
