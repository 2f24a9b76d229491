import { expect, test } from '../../support/page';
import { sdp } from '../../support/peer';

test('the timer counts the seconds of the call', async ({ phones, server }) => {
  const alice = await phones.signIn('1001', { clock: true });
  const peer = server.peer('1009');
  await alice.call('1009');
  peer.reply(await peer.receive(/^INVITE /), '200 OK', { tag: 'a', sdp: sdp() });
  await peer.receive(/^ACK /);
  await alice.expectInCall('1009');
  await alice.stopClock();
  const start = await alice.timerSeconds();
  const expectLater = async (seconds: number) => {
    const minutes = Math.floor((start + seconds) / 60);
    const rest = String((start + seconds) % 60).padStart(2, '0');
    await expect(alice.timer).toHaveText(new RegExp(`^0?${minutes}:${rest}$`));
  };
  await expectLater(0);
  await alice.page.clock.runFor(3_000);
  await expectLater(3);
  await alice.page.clock.runFor(60_000);
  await expectLater(63);
});
