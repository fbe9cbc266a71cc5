import { offset, type Zone } from '../engine/format/time.ts';

/** The zone of whoever runs this process (TZ, or the system's). */
export function localZone(): Zone {
  // Made when a time is shown, which is seldom: it takes 10 ms.
  let names: Intl.DateTimeFormat | undefined;
  return (seconds) => {
    const date = new Date(seconds * 1000);
    const minutes = -date.getTimezoneOffset();
    names ??= new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' });
    const name = names.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    // Where there are only numbers (`GMT-3`), Go shows those of the tz database: `-03`.
    const hasName = /^[A-Z]{2,5}$/.test(name);
    return { minutes, name: hasName ? name : offset(minutes, '').replace(/00$/, '') };
  };
}
