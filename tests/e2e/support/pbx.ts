import { expect } from '@playwright/test';
import type { Asterisk } from './asterisk';
import type { OpenOptions, Phones } from './fixtures';
import { talk, type Phone } from './phone';

/** What each telephone of the PBX hums, so that its sound can be told from that of the others and from music. */
export const hums: Record<string, number> = { 1001: 400, 1002: 700, 1003: 1100, 1005: 1400, 1009: 1700 };

/** Asterisk with a telephone of ours that hums. JsSIP knows MD5 alone: 1006 to 1009 are its extensions. */
export function signInAt(phones: Phones, asterisk: Asterisk, extension: string, options: OpenOptions = {}): Promise<Phone> {
  return phones.signIn(extension, { server: asterisk, pitch: hums[extension], ...options });
}

/** Three telephones of ours at Asterisk, the first two of which talk. */
export async function three(phones: Phones, asterisk: Asterisk): Promise<Phone[]> {
  const all = [];
  for (const extension of ['1001', '1002', '1003']) all.push(await signInAt(phones, asterisk, extension));
  const [alice, bob] = all;
  await talk(alice, bob);
  await expectTalk(alice, bob);
  return all;
}

/** Each hears what the other hums. */
export async function expectTalk(a: Phone, b: Phone): Promise<void> {
  await Promise.all([a.expectHearsPitches([hums[b.extension]]), b.expectHearsPitches([hums[a.extension]])]);
}

/** Who is muted, and therefore silent, and holds the call: what the other one hears then is Asterisk's music. */
export async function expectMusic(held: Phone, hold: () => Promise<unknown>): Promise<void> {
  await held.expectSilence();
  await hold();
  await held.expectHears();
}

/** Transfers the call at once. A sound that is still on its way then would be taken for the answer of the target by Asterisk. */
export async function transferNow(phone: Phone, target: string): Promise<void> {
  await phone.fillTransfer(target);
  await phone.page.evaluate(() => window.ears.hush());
  await phone.transferNowButton.click();
}

/** Has the JsSIP of a page do something: `does(bob, 'call.hold()')`. */
export const does = (phone: Phone, script: string) => phone.page.evaluate(`(() => { window.jssip.${script}; })()`);

/** Asterisk has no more to do with this telephone. */
export async function expectOut(asterisk: Asterisk, phone: Phone): Promise<void> {
  await expect
    .poll(async () => (await asterisk.channels()).filter((name) => name.includes(phone.extension)), {
      message: `Asterisk should have no call of ${phone.extension}`,
    })
    .toEqual([]);
}
