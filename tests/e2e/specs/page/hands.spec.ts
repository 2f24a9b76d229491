import { expect, test } from '../../support/page';
import { header } from '../../support/sip-trace';

// The screens of a call follow each other in the same place, so a hasty hand must not undo what it did.

test('a double click on "Answer" answers', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await alice.call('1002');
  await bob.expectIncoming('1001');
  await bob.answerButton.dblclick();
  await Promise.all([alice.expectInCall('1002'), bob.expectInCall('1001')]);
  await expect.poll(() => alice.timerSeconds()).toBeGreaterThan(1);
});

test('a double click on "Call" calls, and one on "Hang up" does not call again', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002');
  await alice.numberBox.fill('1002');
  await alice.callButton.dblclick();
  await alice.expectRinging('1002');
  await bob.expectIncoming('1001');
  await alice.hangUpButton.dblclick();
  await Promise.all([alice.expectDialer(), bob.expectDialer()]);
  const calls = new Set(alice.sip.sent(/^INVITE /).map(({ text }) => header(text, 'Call-ID')));
  expect(calls.size).toBe(1);
});

test('Enter that is held down does not call again when the call is over', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.numberBox.fill('2486');
  await alice.page.keyboard.down('Enter');
  await alice.expectSays(/busy/);
  await alice.page.keyboard.down('Enter');
  await alice.expectDialer();
  await alice.page.keyboard.up('Enter');
  await expect(alice.numberBox).toHaveValue('2486');
});

test('the number of the last call stands ready, and the next key replaces it', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.call('2486');
  await alice.expectSays(/busy/);
  await alice.expectDialer();
  await expect(alice.numberBox).toHaveValue('2486');
  await alice.key('7').click();
  await alice.key('8').click();
  await expect(alice.numberBox).toHaveValue('78');
});

test('signing out takes the password out of the form', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await alice.signOut();
  await expect(alice.passwordBox).toHaveValue('');
  await expect(alice.addressBox).toHaveValue('1001@webphone.test');
});

test('signing in can be broken off', async ({ phones, server }) => {
  const alice = await phones.open('1001');
  // Something that takes the connection and never answers.
  await alice.page.routeWebSocket(/silent/, () => {});
  await alice.fillSignIn({ address: '1001@webphone.test', password: 'demo-1001', server: 'ws://127.0.0.1:9/silent' });
  await alice.connectButton.click();
  await alice.expectSays(/Connecting/);
  await alice.signOut();
  await alice.signIn({ address: '1001@webphone.test', password: 'demo-1001', server: server.url });
});

test('editing the form does not change what was said of the last attempt', async ({ phones, server }) => {
  const alice = await phones.open('1001');
  await alice.fillSignIn({ address: '1010@webphone.test', password: 'x', server: server.url });
  await alice.connectButton.click();
  await alice.expectSays(/1010/);
  await alice.addressBox.fill('1001@webphone.test');
  await alice.page.evaluate(lookAtDevices); // The sentence is written anew with whatever happens to the telephone.
  await alice.expectSays(/1010/);
});

/** Has the page ask what devices there are, and waits until it has shown them. */
function lookAtDevices(): Promise<void> {
  return new Promise((done) => {
    const devices = navigator.mediaDevices;
    const list = devices.enumerateDevices.bind(devices);
    devices.enumerateDevices = async () => {
      const listed = await list();
      setTimeout(done, 0);
      return listed;
    };
    devices.dispatchEvent(new Event('devicechange'));
  });
}
