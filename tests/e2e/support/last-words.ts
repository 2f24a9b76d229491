import type { Phone } from './phone';
import { header, type SipMessage } from './sip-trace';

/** What the pages and the servers of a failed test said last, in as few lines as tell it. */
export function lastWords(phones: Phone[], logs: { name: string; log: string }[]): string {
  const words = phones.flatMap((phone) => [
    `${phone}:`,
    ...phone.sip.messages.slice(-12).map((message) => `  ${short(message)}`),
    ...phone.faults.slice(-5).map((fault) => `  console: ${fault.split('\n')[0].slice(0, 200)}`),
  ]);
  for (const { name, log } of logs) {
    const lines = log.split('\n').filter((line) => line.trim());
    if (lines.length) words.push(`${name}:`, ...lines.slice(-5).map((line) => `  ${line.slice(0, 200)}`));
  }
  return words.join('\n');
}

function short({ sent, text, at }: SipMessage): string {
  const [start] = text.split('\r\n', 1);
  const ofWhat = start.startsWith('SIP/2.0') ? ` (${header(text, 'CSeq') ?? ''})` : '';
  return `${new Date(at).toISOString().slice(11, 23)} ${sent ? '→' : '←'} ${start.slice(0, 120)}${ofWhat}`;
}
