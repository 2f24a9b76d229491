import { computer, computerWith, failWith } from '../support/computer';
import { expect, test } from '../support/fixtures';
import { talk } from '../support/phone';

const failures = {
  refused: { before: failWith('NotAllowedError'), says: /blocked\. Allow it in the address bar/ },
  forbidden: { before: failWith('SecurityError'), says: /settings give the microphone to no page/ },
};
const circumstances = {
  missing: { before: failWith('NotFoundError'), says: /You are not heard: no microphone was found/ },
  'in use': { before: failWith('NotReadableError'), says: /You are not heard: another program/ },
  broken: { before: failWith('AbortError'), says: /You are not heard: the microphone does not work/ },
};

for (const [name, { before, says }] of Object.entries(circumstances)) {
  test(`with a microphone that is ${name}, one can listen, and is told all the time`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { before });
    const bob = await phones.signIn('1002', { kind: 'jssip', pitch: 600 });
    await talk(alice, bob);
    await alice.expectHearsPitches([600]);
    await expect(alice.shown(says)).toBeVisible();
    await alice.expectSays(says);
    await bob.expectSilence();
    await alice.setMuted(true);
    await alice.setMuted(false);
    await expect(alice.shown(says)).toBeVisible();
  });
}

test('a microphone that is plugged in during a call is heard, and one that another program lets go of', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: computerWith({}) });
  const bob = await phones.signIn('1002', { kind: 'jssip', pitch: 600 });
  await talk(alice, bob);
  const hint = alice.shown(/You are not heard/);
  await expect(hint).toBeVisible();
  await computer(alice.page, (computer) => computer.plug('Headset', 900));
  await bob.expectHearsPitches([900]);
  await expect(hint).toBeHidden();
  await computer(alice.page, (computer) => {
    computer.hold('Headset', true);
    computer.end();
  });
  await expect(alice.shown(/You are not heard: another program/)).toBeVisible();
  await computer(alice.page, (computer) => computer.hold('Headset', false));
  await bob.expectHearsPitches([900]);
  await expect(hint).toBeHidden();
});

test('who refuses the microphone can call and answer to listen only', async ({ phones }) => {
  const alice = await phones.signIn('1001', { before: failures.refused.before });
  const bob = await phones.signIn('1002', { kind: 'jssip', pitch: 600 });
  const listen = alice.page.getByRole('button', { name: 'Listen only' });
  await alice.call('1002');
  await listen.click();
  await bob.answer();
  await alice.expectInCall('1002');
  await alice.expectHearsPitches([600]);
  await expect(alice.shown('You are not heard: the microphone is not allowed.')).toBeVisible();
  await bob.expectSilence();
  await alice.hangUp();
  await alice.expectDialer();

  await bob.call('1001');
  await alice.answer();
  await alice.expectSays(failures.refused.says);
  await listen.click();
  await alice.expectInCall('1002');
  await alice.expectHearsPitches([600]);
});

test('a chosen microphone that is gone before the call is said, and another is used', async ({ phones }) => {
  const before = computerWith({ microphones: { Desk: 400 } });
  const alice = await phones.signIn('1001', { before });
  await alice.page.evaluate(() => localStorage.setItem('webphone.devices', 'microphone=gone\tHeadset\n'));
  await alice.reload();
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await bob.expectHearsPitches([400]);
  await alice.expectSays(/“Headset” is not connected/);
});

test('a computer that really has no microphone is understood', async ({ phones, startBrowser }) => {
  const alice = await phones.signIn('1001', { browser: await startBrowser({ microphone: 'missing' }) });
  const bob = await phones.signIn('1002', { kind: 'jssip', pitch: 600 });
  await talk(alice, bob);
  await alice.expectHears();
  await expect(alice.shown(circumstances.missing.says)).toBeVisible();
});
