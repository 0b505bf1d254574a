/** From the present update on with another β, learning rate, loss or algorithm; what was recorded stays as a branch. */
import { Popover } from '@mantine/core';
import { useState } from 'react';
import { BRANCHES_KEPT, BRANCH_BYTES } from '../../sim/fork.ts';
import { msg } from '../../sim/msg.ts';
import { KEPT_BYTES } from '../../sim/worker/protocol.ts';
import { useRun } from '../run.ts';
import { BranchList } from './BranchList.tsx';
import { ForkForm } from './ForkForm.tsx';

export function ForkButton() {
  const [opened, setOpened] = useState(false);
  const running = useRun((run) => run.state === 'running');
  const pause = useRun((run) => run.pause);
  return (
    <Popover opened={opened} onChange={setOpened} position="top-end" shadow="md" width="min(25rem, calc(100vw - 2rem))" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button" className="outlined timeline-button" title={msg`Go on from here with another β, loss or algorithm`}
          onClick={() => {
            if (!opened && running) pause(); // a fork begins at an update that stands
            setOpened(!opened);
          }}
        >
          <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><path d="M3 1v12M3 8c0-3 7-1.5 7-5.5M7.6 4.4 10 1.6l2.4 2.8" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" /></svg>
          <span className="timeline-word">{msg`Fork`}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className="timeline-dropdown fork-dropdown" aria-label={msg`Fork this run`}>
        {opened && <ForkPanel close={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Exported for tests. */
export function ForkPanel({ close }: { close: () => void }) {
  return (
    <>
      <ForkForm close={close} />
      <BranchList />
      <p className="fork-memory">
        {msg`Kept while this page is open: states to go back to, up to ${KEPT_BYTES / 2 ** 20} MB (where they are larger, fewer of them: going back then takes longer), and the records of at most ${BRANCHES_KEPT} branches, up to ${BRANCH_BYTES / 2 ** 20} MB; the oldest goes first.`}
      </p>
    </>
  );
}
