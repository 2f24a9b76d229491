import type { Page } from '@playwright/test';
import { slowTcp, swallowTcp, swallowUdp, type Coturn, type Grant, type Listening } from '../support/coturn';
import { noteClicks, onlyRelaysReach, type Path } from '../support/ears';
import { expect, test } from '../support/fixtures';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import { freePort } from '../support/ports';
import { settingsButton } from '../support/talk';

const credentials = { 'webphone-turn-credentials': '/turn' };
const relayOnly = { 'webphone-ice-policy': 'relay' };
/** For the other side, whose credentials are none of the test's business. */
const others = { 'webphone-turn-credentials': '/other-turn', ...relayOnly };

/** What a test has opened besides. */
const opened: Listening[] = [];
test.afterEach(({ site }) => {
  for (const listening of opened.splice(0)) listening.close();
  site.answers.clear();
});

async function open(opening: Promise<Listening>): Promise<number> {
  const listening = await opening;
  opened.push(listening);
  return listening.port;
}

const paths = (phone: Phone): Promise<Path[]> => phone.page.evaluate(() => window.ears.paths());

/** The descriptions and candidates that a page has sent. */
const bodies = (phone: Phone): string[] => phone.sip.sent(/^(INVITE|SIP\/2.0 200|INFO) /).map(({ text }) => text.split('\r\n\r\n')[1]);
const candidates = (phone: Phone): string[] => bodies(phone).flatMap((body) => body.match(/^a=candidate:.*$/gm) ?? []);

/** Milliseconds from the last click to the last INVITE, by the page's own clock. */
async function clickToInvite(page: Page, phone: Phone): Promise<number> {
  const clicked = await page.evaluate(() => window.clickedAt);
  return phone.sip.sent(/^INVITE /).at(-1)!.at - clicked;
}

/** Waits until coturn has counted the bytes of this login's session. */
async function expectRelayed(coturn: Coturn, { username }: Grant): Promise<void> {
  const carried = async () => {
    const sessions = (await coturn.sessions()).filter((session) => session.username === username);
    return Math.min(sum(sessions.map(({ received }) => received)), sum(sessions.map(({ sent }) => sent)));
  };
  await expect.poll(carried, { message: `coturn should have carried the sound of ${username} both ways` }).toBeGreaterThan(5000);
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

for (const transport of ['udp', 'tcp'] as const) {
  test(`under the policy "relay" all sound goes through TURN over ${transport}, and no other address is told`, { tag: transport === 'udp' ? '@gate' : [] }, async ({ phones, site, startCoturn }) => {
    const coturn = await startCoturn({ tcpOnly: transport === 'tcp' });
    const grants: Grant[] = [];
    site.answers.set('/turn', () => {
      grants.push(coturn.grant(`user${grants.length}`, [coturn.uri(transport)]));
      return grants.at(-1);
    });
    const alice = await phones.signIn('1001', { meta: { ...credentials, ...relayOnly } });
    const bob = await phones.signIn('1002', { meta: { ...credentials, ...relayOnly } });
    await talk(alice, bob);
    await expectAudioBothWays(alice, bob);
    for (const phone of [alice, bob]) {
      const [path] = await paths(phone);
      expect(path, `${phone} should send and receive through its relay`).toMatchObject({ local: 'relay', relayProtocol: transport });
      expect(path.received).toBeGreaterThan(0);
      expect(candidates(phone).length).toBeGreaterThan(0);
      for (const line of candidates(phone)) expect(line).toMatch(/ typ relay raddr 0\.0\.0\.0 rport 9( |$)/);
      const ports = candidates(phone).map((line) => line.split(' ')[5]);
      const named = bodies(phone).flatMap((body) => [...body.matchAll(/^m=audio (\d+) /gm)].map(([, port]) => port));
      for (const port of named) expect([...ports, '9'], `${phone} should name no port but that of its relay`).toContain(port);
    }
    await alice.hangUp();
    await bob.expectDialer();
    for (const grant of grants.slice(0, 2)) await expectRelayed(coturn, grant);
  });
}

test('who chooses so in the settings is heard through the relay, and tells no other address', async ({ phones, site, startCoturn, browserName }) => {
  const coturn = await startCoturn();
  site.answers.set('/other-turn', () => coturn.grant('other', [coturn.uri('udp')]));
  let grants = 0;
  site.answers.set('/turn', () => coturn.grant(`chooser${grants++}`, [coturn.uri('udp')]));
  const alice = await phones.signIn('1001', { meta: credentials });
  // Firefox pairs an address of its own network with no loopback address, which is where our relay is.
  const bob = await phones.signIn('1002', browserName === 'firefox' ? { meta: others } : {});
  await settingsButton(alice).click();
  const relayed = alice.page.getByRole('switch', { name: 'Sound and picture through a relay only' });
  await relayed.check();
  await settingsButton(alice).click();
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  expect((await paths(alice))[0].local).toBe('relay');
  // Taken back, it holds for this call still, wherever that looks for its way anew.
  const before = alice.sip.sent(/^INVITE /).length;
  await settingsButton(alice).click();
  await relayed.uncheck();
  await alice.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect.poll(() => alice.sip.sent(/^INVITE /).length, 'another way should be looked for').toBeGreaterThan(before);
  await expectAudioBothWays(alice, bob);
  expect((await paths(alice))[0].local).toBe('relay');
  expect(candidates(alice).length).toBeGreaterThan(0);
  for (const line of candidates(alice)) expect(line).toMatch(/ typ relay raddr 0\.0\.0\.0 rport 9( |$)/);
});

test('a login that the relay refuses is said, and the call is set up all the same', async ({ phones, site, startCoturn }) => {
  const coturn = await startCoturn();
  site.answers.set('/turn', () => coturn.grant('late', [coturn.uri('udp')], -60));
  const alice = await phones.signIn('1001', { meta: credentials });
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await alice.expectSays(/relay/i);
});

test('a relay that is a must and refuses the login ends the call with a sentence of its own', async ({ phones, site, startCoturn }) => {
  const coturn = await startCoturn();
  site.answers.set('/turn', () => ({ ...coturn.grant('forger', [coturn.uri('udp')]), password: 'wrong' }));
  const alice = await phones.signIn('1001', { meta: { ...credentials, ...relayOnly } });
  await alice.call('1002');
  await alice.expectSays(/must go through a relay/i);
  await alice.expectDialer();
  expect(alice.sip.sent(/^INVITE /)).toEqual([]);
});

test('where no credentials are to be had, a call goes on without, unless a relay is a must', async ({ phones, site }) => {
  site.answers.set('/turn', () => {
    throw new Error('down');
  });
  const alice = await phones.signIn('1001', { meta: credentials });
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  await alice.hangUp();
  await bob.expectDialer();
  const carol = await phones.signIn('1003', { meta: { ...credentials, ...relayOnly } });
  await carol.call('1002');
  await carol.expectSays(/must go through a relay/i);
  await carol.expectDialer();
  expect(carol.sip.sent(/^INVITE /)).toEqual([]);
});

test('whoever is called and must use a relay that is gone can try again while it rings', async ({ phones, site, startCoturn }) => {
  const coturn = await startCoturn();
  let down = true;
  site.answers.set('/turn', () => {
    if (down) throw new Error('down');
    return coturn.grant('bob', [coturn.uri('udp')]);
  });
  site.answers.set('/other-turn', () => coturn.grant('other', [coturn.uri('udp')]));
  const alice = await phones.signIn('1001', { meta: others });
  const bob = await phones.signIn('1002', { meta: { ...credentials, ...relayOnly } });
  await alice.call('1002');
  await bob.expectIncoming('1001');
  await bob.answer();
  await bob.expectSays(/must go through a relay/i);
  down = false;
  await bob.answerButton.press('Enter'); // A second click so soon would count as one of a double click.
  await bob.expectInCall('1001');
  await expectAudioBothWays(alice, bob);
  expect((await paths(bob))[0].local).toBe('relay');
});

test('credentials are fetched again before they are void, and the next call uses them', async ({ phones, site, startCoturn }) => {
  const coturn = await startCoturn();
  const grants: Grant[] = [];
  site.answers.set('/turn', () => {
    grants.push({ ...coturn.grant(`grant${grants.length}`, [coturn.uri('udp')]), ttl: 4 });
    return grants.at(-1);
  });
  site.answers.set('/other-turn', () => coturn.grant('other', [coturn.uri('udp')]));
  const alice = await phones.signIn('1001', { meta: { ...credentials, ...relayOnly } });
  const bob = await phones.signIn('1002', { meta: others });
  await expect.poll(() => grants.length, { message: 'the credentials should be fetched again' }).toBeGreaterThan(1);
  await talk(alice, bob);
  await expectAudioBothWays(alice, bob);
  const used = async () => [...(await coturn.log()).matchAll(/grant(\d+)/g)].map(([, number]) => Number(number));
  await expect.poll(async () => Math.min(...(await used())), { message: 'coturn should see the newer login only' }).toBeGreaterThan(0);
});

test('connections that find no candidate are changed for others', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', {
    before: () => {
      let made = 0;
      window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(++made <= 2 ? { ...configuration, iceServers: [], iceTransportPolicy: 'relay' } : configuration);
        }
      };
    },
  });
  await talk(alice, bob);
  expect(bob.sip.sent(/^SIP\/2\.0 200 [^]*m=audio/).at(-1)!.text).toContain('a=candidate');
  await expectAudioBothWays(alice, bob);
});

test('three dead servers delay no call', async ({ phones }) => {
  const nothing = await freePort();
  const udp = await open(swallowUdp());
  const tcp = await open(swallowTcp());
  const dead = `stun:127.0.0.1:${nothing} turn:127.0.0.1:${udp}?transport=udp turn:127.0.0.1:${tcp}?transport=tcp`;
  const meta = { 'webphone-ice': dead, 'webphone-turn-login': 'somebody secret' };
  const alice = await phones.signIn('1001', { meta, before: noteClicks });
  const bob = await phones.signIn('1002', { meta });
  const took: number[] = [];
  for (const _ of ['first', 'second']) {
    await alice.call('1002');
    await bob.expectIncoming('1001');
    took.push(await clickToInvite(alice.page, alice));
    await bob.answer();
    await expectAudioBothWays(alice, bob);
    await alice.hangUp();
    await bob.expectDialer();
    await alice.expectDialer();
  }
  console.log(`  click to INVITE with three dead servers: ${took[0]} ms, then ${took[1]} ms`);
  expect(Math.max(...took), 'the INVITE should leave within a second of the click').toBeLessThan(1000);
  expect(took[1], 'servers that gave nothing are not waited for again').toBeLessThan(took[0]);
});

test('credentials that never arrive delay no call', async ({ phones, site }) => {
  site.answers.set('/turn', () => undefined);
  const alice = await phones.signIn('1001', { meta: credentials, before: noteClicks });
  const bob = await phones.signIn('1002');
  await talk(alice, bob);
  const took = await clickToInvite(alice.page, alice);
  console.log(`  click to INVITE while credentials do not arrive: ${took} ms`);
  expect(took).toBeLessThan(1000);
  await expectAudioBothWays(alice, bob);
});

test.describe('a relay that is found late', () => {
  async function slowRelay(coturn: Coturn): Promise<Record<string, string>> {
    const port = await open(slowTcp(coturn.port, 1500));
    const { username, password } = coturn.grant('slow', []);
    return { 'webphone-ice': coturn.uri('tcp', port), 'webphone-turn-login': `${username} ${password}` };
  }

  test('is told to another WebPhone by INFO, and carries the sound', async ({ phones, startCoturn }) => {
    const meta = await slowRelay(await startCoturn({ tcpOnly: true }));
    const alice = await phones.signIn('1001', { meta, before: onlyRelaysReach });
    const bob = await phones.signIn('1002', { meta, before: onlyRelaysReach });
    await talk(alice, bob);
    await expectAudioBothWays(alice, bob);
    for (const phone of [alice, bob]) {
      const described = phone.sip.sent(phone === alice ? /^INVITE / : /^SIP\/2.0 200 OK[^]*CSeq: \d+ INVITE/);
      expect(described[0].text, `${phone} should not wait for the relay`).not.toContain(' typ relay');
      const [info] = phone.sip.sent(/^INFO /);
      expect(info?.text, `${phone} should tell of its relay`).toContain(' typ relay');
      const [path] = await paths(phone);
      expect([path.local, path.remote], `${phone} should use a relay`).toContain('relay');
      expect(path.theirs).toContain('relay');
    }
  });

  test('is not told to JsSIP, which would not take it', async ({ phones, startCoturn }) => {
    const meta = await slowRelay(await startCoturn({ tcpOnly: true }));
    const alice = await phones.signIn('1001', { meta });
    const bob = await phones.signIn('1002', { kind: 'jssip' });
    await alice.call('1002');
    await bob.expectIncoming('1001');
    await expect.poll(async () => (await paths(alice))[0].ours, { message: 'the relay should be found' }).toContain('relay');
    await bob.answer();
    await expectAudioBothWays(alice, bob);
    await alice.hangUp();
    await bob.expectDialer();
    expect(alice.sip.sent(/^INFO /)).toEqual([]);
  });
});
