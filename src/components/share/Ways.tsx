/** A link in the three forms it can be given: an address, a QR code, a frame for another page. */
import { msg } from '../../sim/msg.ts';
import { download } from '../frame/download.ts';
import { CopyRow } from './CopyRow.tsx';
import { FRAME_SIZES } from './embed.ts';
import { LONGEST_CODE, QrCode, qrFile, qrOf } from './QrCode.tsx';

interface WaysProps {
  link: string;
  /** The snippet. */
  frame: string;
  /** Id of the frame's size. */
  size: string;
  onSize(id: string): void;
  onHall(): void;
}

export function Ways({ link, frame, size, onSize, onHall }: WaysProps) {
  const picture = qrOf(link);
  return (
    <>
      <CopyRow label={msg`Link for the class`} text={link} rows={3} />
      <p className="class-try"><a href={link} target="_blank" rel="noreferrer">{msg`Open as a student`}<span className="lab-sr">{msg`, in a new tab`}</span></a></p>
      {picture ? (
        <div className="qr-row">
          <QrCode picture={picture} of={link} />
          <div>
            <button type="button" className="outlined" onClick={onHall}>{msg`Show to the room`}</button>
            <button type="button" className="outlined" onClick={() => download('dpo-lab-link.svg', qrFile(picture), 'image/svg+xml')}>{msg`Save as SVG`}</button>
          </div>
        </div>
      ) : <p className="qr-none" role="status">{msg`No QR code: the link has ${link.length.toLocaleString('en')} characters, and beyond ${LONGEST_CODE.toLocaleString('en')} phones cannot read one from a screen. Send the link itself.`}</p>}
      <CopyRow label={msg`Frame for another page`} text={frame} rows={4} />
      <div className="class-row">
        <label htmlFor="frame-size">{msg`Its size`}</label>
        <select id="frame-size" value={size} onChange={(event) => onSize(event.currentTarget.value)}>
          {FRAME_SIZES.map(({ id, width, height }) => <option key={id} value={id}>{msg`${width} × ${height} pixels`}</option>)}
        </select>
      </div>
      <p className="link-note">{msg`In a frame the arrow keys, Space and the Page keys stay those of the page around it, unless a control in the lab needs them. Slides made with reveal.js follow them.`}</p>
    </>
  );
}
