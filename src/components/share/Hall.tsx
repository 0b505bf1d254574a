/** The QR code as large as the screen, for a room to point its phones at. */
import { msg } from '../../sim/msg.ts';
import { QrCode, qrOf } from './QrCode.tsx';

/** A longer address nobody types. */
const TYPED = 110;

export function Hall({ link, close }: { link: string; close: () => void }) {
  const picture = qrOf(link);
  return (
    <div className="hall">
      {picture && <QrCode picture={picture} of={link} />}
      {link.length <= TYPED && <p className="hall-address">{link}</p>}
      <button type="button" className="outlined" data-autofocus onClick={close}>{msg`Back`}</button>
    </div>
  );
}
