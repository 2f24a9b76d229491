import type { Phone } from './phone';
import { header } from './sip-trace';

/** So many messages of each telephone are told. */
const messages = 12;

/** What the telephones and the servers of a failed test said last, in as few lines as tell it. */
export function lastWords(phones: Phone[], logs: { name: string; log: string }[]): string {
  const said = phones.flatMap((phone) => {
    // Where the test signed in by another way than the phone's own, the page alone has told what passed.
    const all = phone.wire.passed.length ? phone.wire.passed : phone.sip.messages;
    return all.filter(({ text }) => text.trim()).slice(-messages).map((message) => ({ phone, ...message }));
  });
  const words = said.sort((a, b) => a.at - b.at).map(({ phone, at, sent, text }) => {
    const [start] = text.split('\r\n', 1);
    const ofWhat = start.startsWith('SIP/2.0') ? ` (${header(text, 'CSeq') ?? ''})` : '';
    return `${new Date(at).toISOString().slice(11, 23)} ${phone} ${sent ? '→' : '←'} ${start.slice(0, 120)}${ofWhat}`;
  });
  for (const phone of phones) {
    for (const fault of phone.faults.slice(-5)) words.push(`${phone}, console: ${fault.split('\n')[0].slice(0, 200)}`);
  }
  for (const { name, log } of logs) {
    const lines = log.split('\n').filter((line) => line.trim());
    for (const line of lines.slice(-5)) words.push(`${name}: ${line.slice(0, 200)}`);
  }
  return words.join('\n');
}
