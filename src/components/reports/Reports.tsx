/** The teacher's page: reports of students, opened, checked and replayed. */
import { msg } from '../../sim/msg.ts';

export function Reports() {
  return <h1>{msg`Reports of a class`}</h1>;
}
