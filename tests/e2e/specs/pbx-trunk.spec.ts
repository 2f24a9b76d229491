import { test } from '../support/fixtures';
import type { SipServer } from '../support/server';

// Our page and the telephone network, a plain SIP/UDP telephone with plain RTP. Sound is measured on both ends.

for (const through of ['Kamailio with rtpengine', 'Asterisk']) {
  const server = through === 'Asterisk' ? 'asterisk' : 'gateway';

  test.describe(`through ${through}`, () => {
    // Only the server that is asked for is started.
    const pbx = test.extend<{ server: SipServer }>({
      server: server === 'asterisk' ? ({ asterisk }, use) => use(asterisk) : ({ gateway }, use) => use(gateway),
    });

    pbx('a page calls the telephone network, which answers and is heard', { tag: '@gate' }, async ({ phones, server, plainPeer }) => {
      const alice = await phones.signIn('1001', { server });
      await alice.call(plainPeer.ringing);
      await plainPeer.expectIncoming('1001');
      await alice.expectRinging(plainPeer.ringing);
      await plainPeer.answer();
      await alice.expectInCall(plainPeer.ringing);
      await Promise.all([alice.expectHears(), plainPeer.expectHears()]);
      await alice.hangUp();
      await plainPeer.expectEnded();
      await alice.expectDialer();
    });

    pbx('the telephone network hangs up', async ({ phones, server, plainPeer }) => {
      const alice = await phones.signIn('1001', { server });
      await alice.call(plainPeer.answering);
      await alice.expectInCall(plainPeer.answering);
      await plainPeer.expectInCall();
      await plainPeer.hangUp();
      await alice.expectDialer();
    });

    pbx('the telephone network declines', async ({ phones, server, plainPeer }) => {
      const alice = await phones.signIn('1001', { server });
      await alice.call(plainPeer.ringing);
      await plainPeer.expectIncoming('1001');
      await plainPeer.hangUp();
      await alice.expectSays(/busy/i);
      await alice.expectDialer();
    });

    pbx('the telephone network calls a page, which answers and is heard', { tag: '@gate' }, async ({ phones, server, plainPeer }) => {
      const alice = await phones.signIn('1001', { server });
      await plainPeer.dial('1001', server);
      await alice.expectIncoming(plainPeer.answering.slice(1));
      await plainPeer.expectRinging();
      await alice.answer();
      await alice.expectInCall(plainPeer.answering.slice(1));
      await plainPeer.expectInCall();
      await Promise.all([alice.expectHears(), plainPeer.expectHears()]);
      await plainPeer.hangUp();
      await alice.expectDialer();
    });

    pbx('a page declines a call of the telephone network', async ({ phones, server, plainPeer }) => {
      const alice = await phones.signIn('1001', { server });
      await plainPeer.dial('1001', server);
      await alice.expectIncoming(plainPeer.answering.slice(1));
      await alice.decline();
      await plainPeer.expectEnded(/^(4|6)\d\d /);
      await alice.expectDialer();
    });
  });
}
