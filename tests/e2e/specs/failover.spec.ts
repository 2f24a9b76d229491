import { expect, test } from '../support/fixtures';
import type { Kamailio, KamailioOptions } from '../support/kamailio';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import { freePort } from '../support/ports';
import type { SipServer } from '../support/server';

/** Two nodes of one domain, each of which knows the phones of both. */
async function twoNodes(start: (options: KamailioOptions) => Promise<Kamailio>): Promise<[Kamailio, Kamailio]> {
  const ports = [await freePort(), await freePort()];
  return [await start({ ports: { own: ports[0], peer: ports[1] } }), await start({ ports: { own: ports[1], peer: ports[0] } })];
}

/** What a phone signs in at that is to try the one before the other. */
function listed(first: Kamailio, second: Kamailio): SipServer {
  const { sipPort } = first;
  return {
    name: `node ${sipPort}`,
    sipPort,
    url: `${first.url} ${second.url}`,
    contacts: async (extension) => [...(await first.contacts(extension)), ...(await second.contacts(extension))],
    forget: async (extension) => void (await Promise.all([first.forget(extension), second.forget(extension)])),
    start: () => first.start(),
    log: () => first.log(),
  };
}

/** The phone is signed in, and by this node. */
async function expectAt(phone: Phone, node: Kamailio, timeout = 20_000): Promise<void> {
  const registrar = () => phone.wire.registrar();
  await expect.poll(registrar, { message: `${phone} should be at ${node.url}`, timeout }).toContain(`:${node.wsPort}`);
  await phone.expectSays(/^Connected/);
}

async function expectTalk(caller: Phone, callee: Phone): Promise<void> {
  await talk(caller, callee);
  await expectAudioBothWays(caller, callee);
  await caller.hangUp();
  await Promise.all([caller.expectDialer(), callee.expectDialer()]);
}

test('two servers share their phones, and the phones of one that is gone move to the other and back', async ({ phones, startKamailio }) => {
  test.slow();
  const [one, two] = await twoNodes(startKamailio);
  const alice = await phones.signIn('1001', { server: listed(one, two) });
  const bob = await phones.signIn('1002', { server: listed(two, one) });
  await Promise.all([expectAt(alice, one), expectAt(bob, two)]);
  await expectTalk(alice, bob);
  await expectTalk(bob, alice);

  await one.stop();
  await expectAt(alice, two);
  await expectTalk(alice, bob);
  await expectTalk(bob, alice);

  await one.start();
  await alice.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expectAt(alice, one, 40_000); // Once no late message of the calls can come.
  await expectTalk(bob, alice);
  await expectTalk(alice, bob);
});

test('a call goes on when its server is gone, and its end is known at both ends', async ({ phones, startKamailio }) => {
  const [one, two] = await twoNodes(startKamailio);
  const alice = await phones.signIn('1001', { server: listed(one, two) });
  const bob = await phones.signIn('1002', { server: listed(one, two) });
  await talk(alice, bob);
  await one.stop();
  await Promise.all([expectAt(alice, two), expectAt(bob, two)]);
  await expectAudioBothWays(alice, bob);
  await alice.hangUp();
  await Promise.all([alice.expectDialer(), bob.expectDialer()]);
  await expectTalk(bob, alice);
});

test('a server that cannot be reached at sign-in is no reason to wait', async ({ phones, startKamailio }) => {
  const [one, two] = await twoNodes(startKamailio);
  await one.stop();
  const alice = await phones.signIn('1001', { server: listed(one, two) });
  await expectAt(alice, two);
});
