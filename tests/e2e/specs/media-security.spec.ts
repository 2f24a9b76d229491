import { createHash } from 'node:crypto';
import { closeSheet, connectionSheet, digits, openConnection, signal } from '../support/connection';
import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';

/** The code of two fingerprints, by its definition in src/media/verification.rs. */
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
