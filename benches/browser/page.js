// Runs in the page: the same frames through the three readers, in turns.
import JsSipParser from 'jssip/lib/Parser';
import { Parser as SipJsParser } from 'sip.js/lib/core/messages/parser.js';
import load, * as webphone from 'webphone';

const silent = { debug() {}, log() {}, warn() {}, error() {} };
const length = (text) => text?.length ?? 0;
const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/**
 * A reader in JavaScript. `parse` has read the values already when it returns; the getters of both libraries answer from
 * what it has kept.
 */
function library(parse, field) {
  const all = (read, name) => read.getHeaders(name).map((_, index) => read.parseHeader(name, index));
  return {
    message: (event) => parse(event.data).body.length,
    values(event) {
      const read = parse(event.data);
      const addresses = [...all(read, 'record-route'), ...all(read, 'contact')];
      return (
        read.body.length +
        read[field.callId].length +
        read.via.branch.length +
        read.cseq +
        length(read.from.getParam('tag')) +
        length(read.to.getParam('tag')) +
        total(addresses.map((address) => address.uri.host.length)) +
        length(read.parseHeader('www-authenticate')?.nonce)
      );
    },
    summary(event) {
      const read = parse(event.data);
      const { cseq } = read;
      return [
        read[field.status] ?? read.method,
        read[field.callId],
        `${cseq} ${read.parseHeader('cseq').method}`,
        read[field.fromTag],
        read.body.length,
      ].join(' ');
    },
  };
}

const readers = {
  WebPhone: webphone,
  JsSIP: library((data) => JsSipParser.parseMessage(data, {}), {
    status: 'status_code',
    callId: 'call_id',
    fromTag: 'from_tag',
  }),
  'SIP.js': library((data) => SipJsParser.parseMessage(data, silent), {
    status: 'statusCode',
    callId: 'callId',
    fromTag: 'fromTag',
  }),
};
const names = Object.keys(readers);

/** What a socket hands to a page. No two events are the same, so that nothing can be remembered. */
function eventsOf(text, count) {
  return Array.from({ length: count }, (_, index) => {
    const data = text.replaceAll('2d1c9f6b', (index + 0x2d1c9f00).toString(16));
    return new MessageEvent('message', { data });
  });
}

/** Fails unless all read the same. */
function compare(name, events) {
  for (const event of events) {
    for (const kind of ['summary', 'message', 'values']) {
      const [ours, ...theirs] = names.map((reader) => readers[reader][kind](event));
      if (ours === undefined || theirs.some((other) => other !== ours)) {
        throw new Error(`${name}, ${kind}: ${names.join(', ')} read ${[ours, ...theirs].join(' | ')}`);
      }
    }
  }
}

/** Messages a second, over at least so many milliseconds. */
function rate(read, events, duration) {
  const expected = total(events.map(read));
  const start = performance.now();
  let rounds = 0;
  let end;
  do {
    let sum = 0;
    for (const event of events) sum += read(event);
    if (sum !== expected) throw new Error('A message was read in two ways.');
    rounds += 1;
    end = performance.now();
  } while (end - start < duration);
  return (rounds * events.length * 1000) / (end - start);
}

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];

/** The median rates by message, kind and reader. Readers take turns, in another order each round. */
globalThis.measure = async (messages, { rounds, duration, warmUp }) => {
  await load({ module_or_path: 'webphone.wasm' });
  const results = [];
  for (const [name, text] of messages) {
    const events = eventsOf(text, 32);
    compare(name, events);
    for (const kind of ['message', 'values']) {
      const rates = new Map(names.map((reader) => [reader, []]));
      for (const reader of names) rate(readers[reader][kind], events, warmUp);
      for (let round = 0; round < rounds; round++) {
        for (const turn of names.keys()) {
          const reader = names[(round + turn) % names.length];
          rates.get(reader).push(rate(readers[reader][kind], events, duration));
        }
        await new Promise((resolve) => setTimeout(resolve));
      }
      results.push({ name, kind, ...Object.fromEntries([...rates].map(([reader, all]) => [reader, median(all)])) });
    }
  }
  return results;
};
