/** One thing to take: its name, what it is, its buttons. */
import type { ReactNode } from 'react';

export function Entry({ title, what, children }: { title: string; what: ReactNode; children: ReactNode }) {
  return (
    <section className="take-entry">
      <h3>{title}</h3>
      <p>{what}</p>
      {children}
    </section>
  );
}
