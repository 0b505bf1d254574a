/** "Your bug as a toy": public reports of DPO going wrong, each with the small run that shows the same symptom. */
import { msg } from '../../sim/msg.ts';

export function Gallery() {
  return <h1>{msg`Your bug as a toy`}</h1>;
}
