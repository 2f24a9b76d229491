import { expect, test } from '../../support/page';
import { sdp } from '../../support/peer';

test('hold is said only when the other side agrees, and the button is busy until then', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const peer = server.peer('1009');
  await alice.call('1009');
  const answer = sdp();
  peer.reply(await peer.receive(/^INVITE /), '200 OK', { tag: 'a', sdp: answer });
  await peer.receive(/^ACK /);
  await alice.expectInCall('1009');

  await alice.holdButton.click();
  const refused = await peer.receive(/^INVITE [^]*a=sendonly/);
  await expect(alice.holdButton).toHaveAttribute('aria-busy', 'true');
  await expect(alice.shown('On hold')).toBeHidden();
  peer.reply(refused, '488 Not Acceptable Here');
  await alice.expectSays(/1009 cannot be put on hold/);
  await expect(alice.holdButton).not.toHaveAttribute('aria-busy');
  await expect(alice.shown(/^On hold$/)).toBeHidden();

  await alice.holdButton.click();
  const held = await peer.receive(/^INVITE [^]*a=sendonly/);
  peer.reply(held, '200 OK', { sdp: answer.replace('a=sendrecv', 'a=recvonly').replace('1 1 IN', '1 2 IN') });
  await expect(alice.resumeButton).toBeVisible();
  await expect(alice.shown('On hold')).toBeVisible();
  await expect(alice.resumeButton).not.toHaveAttribute('aria-busy');
});
