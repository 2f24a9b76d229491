import { createHash } from 'node:crypto';
import { closeSheet, connectionSheet, digits, openConnection, signal } from '../support/connection';
import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import { sdp } from '../support/udp-peer';

/** The code of two fingerprints, by its definition in src/phone/verification.rs. */
function codeOf(fingerprints: string[]): string {
  const keys = fingerprints.map((digits) => Buffer.from(digits.replaceAll(':', ''), 'hex')).sort(Buffer.compare);
  let hash = createHash('sha256').update('sha-256').update(keys[0]).update('sha-256').update(keys[1]).digest();
  for (let round = 0; round < 1 << 14; round++) hash = createHash('sha256').update(hash).digest();
  const value = BigInt(`0x${hash.subarray(0, 16).toString('hex')}`) % 10n ** 20n;
  return value.toString().padStart(20, '0').match(/.{5}/g)!.join(' ');
}

/** The fingerprints that a telephone sent and received in the descriptions of its only call. */
function fingerprints(phone: Phone): string[] {
  const described = phone.sip.messages.filter(({ text }) => /^(INVITE |SIP\/2\.0 200 )/.test(text));
  const found = described.map(({ text }) => /^a=fingerprint:sha-256 (\S+)/m.exec(text)?.[1]);
  return [...new Set(found.filter((fingerprint) => fingerprint !== undefined))];
}

test('two WebPhones show the same code, that of the certificates in their descriptions', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await alice.call('1002');
  await bob.expectIncoming('1001');
  await expect(signal(alice), 'nothing is claimed while it rings').toBeHidden();
  await bob.answer();
  await expectAudioBothWays(alice, bob);
  await expect(signal(alice)).toHaveAccessibleName(/ Encrypted$/);
  await openConnection(alice);
  await openConnection(bob);
  const code = await digits(alice).innerText();
  expect(await digits(bob).innerText()).toBe(code);
  expect(fingerprints(alice)).toHaveLength(2);
  expect(code).toBe(codeOf(fingerprints(alice)));
  await expect(connectionSheet(alice)).toContainText('Read these digits to each other. If they differ');
  const match = connectionSheet(alice).getByRole('button', { name: 'The digits are the same' });
  await match.click();
  await expect(match).toHaveAttribute('aria-pressed', 'true');
  await expect(connectionSheet(alice)).toContainText('Encrypted and verified');
  await closeSheet(alice);
  await expect(signal(alice)).toHaveAccessibleName(/Encrypted and verified$/);
  await expect(signal(bob), 'each decides for himself').toHaveAccessibleName(/ Encrypted$/);
  await closeSheet(bob);
  // A hold changes the descriptions, and not the certificates.
  await bob.hold();
  await bob.resume();
  await expectAudioBothWays(alice, bob);
  await expect(signal(alice)).toHaveAccessibleName(/Encrypted and verified$/);
  await alice.hangUp();
  await alice.expectDialer();
  await talk(alice, bob);
  await expect(signal(alice), 'the next call has a code of its own').toHaveAccessibleName(/ Encrypted$/);
  await openConnection(alice);
  expect(await digits(alice).innerText()).not.toBe(code);
});

test('with another telephone it is encrypted to the server, as far as can be known', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const carol = await phones.signIn('1003', { kind: 'jssip' });
  await talk(carol, alice);
  await expect(signal(alice)).toHaveAccessibleName(/Encrypted to your server$/);
  await openConnection(alice);
  await expect(connectionSheet(alice)).toContainText('Encrypted to your server');
  await expect(digits(alice)).toHaveCount(0);
  await expect(connectionSheet(alice).getByRole('button', { name: /digits/ })).toBeHidden();
});

test('through a PBX it is encrypted to the server', async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { server: asterisk });
  const bob = await phones.signIn('1002', { server: asterisk });
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  for (const phone of [alice, bob]) {
    await expect(signal(phone)).toHaveAccessibleName(/Encrypted to your server$/);
    await openConnection(phone);
    await expect(digits(phone)).toHaveCount(0);
  }
});

const open = {
  'plain RTP': (secure: string) => secure.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'),
  SDES: (secure: string) =>
    secure
      .replace('UDP/TLS/RTP/SAVPF', 'RTP/SAVP')
      .replace(/a=fingerprint.*/, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR'),
  'a certificate by SHA-1': (secure: string) => secure.replace(/sha-256 (\S{59}).*/, 'sha-1 $1'),
};

for (const [name, weaken] of Object.entries(open)) {
  test(`an offer with ${name} does not ring`, async ({ phones, udpPeer }) => {
    const alice = await phones.signIn('1001');
    const peer = await udpPeer('1002');
    const invite = await peer.invite('1001', weaken(sdp({ setup: 'actpass' })));
    const refused = await peer.receive(/^SIP\/2\.0 [3-6]/);
    expect(refused).toMatch(/^SIP\/2\.0 488 /);
    peer.ack(invite, refused.includes('Contact:') ? refused : refused.replace('\r\n\r\n', `\r\nContact: <sip:1001@${'127.0.0.1'}>\r\n\r\n`));
    await alice.expectDialer();
    expect(alice.sip.sent(/^SIP\/2\.0 180/)).toEqual([]);
    await alice.historyTab.click();
    await expect(alice.rows, 'nobody has missed it').toHaveCount(0);
  });
}

test('an answer without encryption ends the call and is said', async ({ phones, udpPeer }) => {
  const alice = await phones.signIn('1001');
  const peer = await udpPeer('1002');
  await alice.call('1002');
  const invite = await peer.receive(/^INVITE /);
  peer.reply(invite, '200 OK', { tag: 'open', sdp: open['plain RTP'](sdp()) });
  const bye = await peer.receive(/^BYE /);
  peer.reply(bye, '200 OK');
  await alice.expectSays(/other side does not encrypt the sound/);
  await alice.expectDialer();
});
