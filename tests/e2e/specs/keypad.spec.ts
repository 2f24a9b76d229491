import { expect, test } from '../support/fixtures';
import { answerOf } from '../support/far-media';
import { talk, type Phone } from '../support/phone';

/** The keys that have gone out as telephone events. */
async function expectSentByEvents(phone: Phone, keys: string): Promise<void> {
  await expect
    .poll(() => phone.page.evaluate(() => window.ears.keysSent()), { message: `${phone} should send ${keys}` })
    .toBe(keys);
}

async function paste(phone: Phone, text: string): Promise<void> {
  await phone.page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', text);
    const target = document.activeElement ?? document.body;
    const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'clipboardData', { value: clipboardData }); // Firefox takes none from the constructor.
    target.dispatchEvent(event);
  }, text);
}

test('keys go out as telephone events: pressed, typed and pasted', { tag: ['@gate', '@firefox'] }, async ({ phones }) => {
  const alice = await phones.signIn('1001', { pitch: 300 });
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.keypadButton.click();
  await expect(alice.keypadButton).toHaveAttribute('aria-pressed', 'true');
  await alice.key('5').click();
  await alice.key('#').click();
  await expect(alice.keysSent).toHaveValue('5#');
  await expectSentByEvents(alice, '5#');
  await alice.page.keyboard.type('90');
  await expect(alice.keysSent).toHaveValue('5#90');
  await expectSentByEvents(alice, '5#90');
  await paste(alice, '1234#');
  await expect(alice.keysSent).toHaveValue('5#901234#');
  await expectSentByEvents(alice, '5#901234#');
  expect(alice.sip.sent(/^INFO [^]*dtmf/)).toEqual([]);
  await alice.keypadButton.click();
  await expect(alice.muteButton).toBeVisible();
  await alice.expectInCall('1002');
});

test('what is typed in a call opens the keys, and what is typed into their field is sent', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await alice.page.keyboard.type('7');
  await expect(alice.keysSent).toHaveValue('7');
  await alice.keysSent.click();
  await alice.page.keyboard.type('a8');
  await paste(alice, '+57 (604) 1');
  await expect(alice.keysSent).toHaveValue('78576041');
  await expectSentByEvents(alice, '78576041');
});

test('a key is heard here and at the far end', { tag: '@gate' }, async ({ phones }) => {
  const alice = await phones.signIn('1001', { pitch: 300 });
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await bob.expectHearsPitches([300], [1336]);
  await alice.keypadButton.click();
  await alice.expectTone(() => alice.key('5').click());
  await bob.expectHeard([770, 1336], () => paste(alice, '5'.repeat(20)));
});

test('early media is heard, and keys are sent into it', async ({ phones, udpPeer, page }) => {
  const alice = await phones.signIn('1001');
  const machine = await udpPeer('1009');
  await alice.call('1009');
  await expect(alice.shown('Calling…')).toBeVisible();
  await expect(alice.keypadButton).toBeHidden();
  const invite = await machine.receive(/^INVITE /);
  const answer = await answerOf(page, invite, 700);
  machine.reply(invite, '183 Session Progress', { tag: 'a', sdp: answer });
  await alice.expectHearsPitches([700]);
  await expect(alice.keypadButton).toBeVisible();
  await alice.page.keyboard.type('21');
  await expect(alice.keysSent).toHaveValue('21');
  await expectSentByEvents(alice, '21');
  machine.reply(invite, '200 OK', { tag: 'a', sdp: answer });
  await machine.receive(/^ACK /);
  await alice.expectInCall('1009');
  await expect(alice.keysSent).toHaveValue('21');
  await alice.hangUp();
  machine.reply(await machine.receive(/^BYE /), '200 OK');
  await alice.expectDialer();
});

test('each key of a pasted text sounds when it is sent, and no more of them once the call is over', { tag: '@alone' }, async ({ phones }) => {
  const alice = await phones.signIn('1001', { pitch: 300 });
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await paste(alice, '12,3');
  await expect(alice.keysSent).toHaveValue('12,3');
  const tones = () => alice.page.evaluate(() => window.ears.keyTones());
  await expect.poll(async () => (await tones()).length, { message: 'each key should sound' }).toBe(3);
  const moments = await tones();
  expect(moments.slice(1).map((moment, index) => Math.round((moment - moments[index]) * 100))).toEqual([23, 223]);

  await paste(alice, '5'.repeat(30));
  await expect.poll(() => alice.page.evaluate(() => window.ears.keysSent()), { message: 'the keys should be on their way' }).toMatch(/5555/);
  await expect.poll(() => alice.page.evaluate(() => window.ears.tone()), { message: 'a key should sound', intervals: [30] }).toBeGreaterThan(0.005);
  await alice.hangUp();
  await alice.expectDialer();
  // What is listened to are the last hundredths of a second, in which the tone fades.
  await expect.poll(() => alice.page.evaluate(() => window.ears.tone()), { message: 'the tone should fade', intervals: [30] }).toBeLessThan(0.001);
  const loudest = () =>
    alice.page.evaluate(async () => {
      let loudest = 0;
      for (const end = performance.now() + 1000; performance.now() < end; ) {
        loudest = Math.max(loudest, window.ears.tone());
        await new Promise(requestAnimationFrame);
      }
      return loudest;
    });
  expect(await loudest(), 'no key should sound for a second').toBeLessThan(0.001);
});
