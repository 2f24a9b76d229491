import { expect, test } from '../../support/page';
import { sdp } from '../../support/peer';

const open = {
  'plain RTP': (secure: string) => secure.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'),
  SDES: (secure: string) =>
    secure
      .replace('UDP/TLS/RTP/SAVPF', 'RTP/SAVP')
      .replace(/a=fingerprint.*/, 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR'),
  'a certificate by SHA-1': (secure: string) => secure.replace(/sha-256 (\S{59}).*/, 'sha-1 $1'),
};

for (const [name, weaken] of Object.entries(open)) {
  test(`an offer with ${name} does not ring`, async ({ phones, server }) => {
    const alice = await phones.signIn('1001');
    const peer = server.peer('1002');
    await peer.invite('1001', weaken(sdp({ setup: 'actpass' })));
    const refused = await peer.receive(/^SIP\/2\.0 [3-6]/);
    expect(refused).toMatch(/^SIP\/2\.0 488 /);
    await alice.expectDialer();
    expect(alice.sip.sent(/^SIP\/2\.0 180/)).toEqual([]);
    await alice.historyTab.click();
    await expect(alice.rows, 'nobody has missed it').toHaveCount(0);
  });
}

test('an answer without encryption ends the call and is said', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  const peer = server.peer('1002');
  await alice.call('1002');
  const invite = await peer.receive(/^INVITE /);
  peer.reply(invite, '200 OK', { tag: 'open', sdp: open['plain RTP'](sdp()) });
  const bye = await peer.receive(/^BYE /);
  peer.reply(bye, '200 OK');
  await alice.expectSays(/other side does not encrypt the sound/);
  await alice.expectDialer();
});
