import {
  answerWithVideoButton,
  cameraButton,
  expectHoldHides,
  expectLive,
  expectSees,
  expectSeesNothing,
  farPicture,
  installEyes,
  ownPicture,
  setCamera,
  videoCall,
  videoCallButton,
} from '../support/eyes';
import { expect, test, type OpenOptions, type Phones } from '../support/fixtures';
import { expectAudioBothWays, talk, type Phone } from '../support/phone';
import { accessibilityFaults, layoutFaults } from '../support/screens';
import { sdp } from '../support/peer';

const seeing: OpenOptions = { before: installEyes };

async function pair(phones: Phones, far: OpenOptions = {}): Promise<[Phone, Phone]> {
  return [await phones.signIn('1001', seeing), await phones.signIn('1002', { ...seeing, ...far })];
}

/** Two that see each other. */
async function look(alice: Phone, bob: Phone): Promise<void> {
  await videoCall(alice, '1002');
  await bob.expectIncoming('1001');
  await answerWithVideoButton(bob).click();
  await Promise.all([alice.expectInCall('1002'), bob.expectInCall('1001')]);
  await Promise.all([expectSees(alice), expectSees(bob)]);
}

test('a video call is seen and heard both ways, and its end switches the cameras off', { tag: '@gate' }, async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await look(alice, bob);
  await expectAudioBothWays(alice, bob);
  await expect(farPicture(alice)).toHaveAccessibleName('Picture of 1002');
  await expect(ownPicture(alice)).toBeVisible();
  const scale = await ownPicture(alice).locator('video').evaluate((video) => getComputedStyle(video).scale);
  expect(scale, 'the user sees themselves as in a mirror').toBe('-1 1');
  await expectLive(alice, { cameras: 1 });
  await alice.hangUp();
  await Promise.all([expectLive(alice, {}), expectLive(bob, {})]);
  await expect(farPicture(alice)).toBeHidden();
});

test('Ctrl and Enter calls with a picture', async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await alice.numberBox.fill('1002');
  await alice.page.keyboard.press('Control+Enter');
  await bob.expectIncoming('1001');
  await expect(bob.incoming).toContainText('Incoming video call');
  await expect(answerWithVideoButton(bob)).toBeVisible();
});

test('a video call is answered without a picture, which follows later', async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await videoCall(alice, '1002');
  await bob.expectIncoming('1001');
  await bob.answer();
  await expectSees(bob);
  await expectAudioBothWays(alice, bob);
  await expectLive(bob, {});
  await expect(farPicture(alice)).toBeHidden();
  await expect(ownPicture(bob)).toBeHidden();
  await setCamera(bob, true);
  await expectSees(alice);
});

test('pictures are added to a running call and removed again', async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await talk(alice, bob);
  await setCamera(alice, true);
  await expectSees(bob);
  await expect(bob.page.getByRole('alertdialog', { name: /1001 shows their camera/ })).toBeVisible();
  await bob.page.getByRole('button', { name: 'Show camera' }).click();
  await expectSees(alice);
  await expect(cameraButton(bob)).toHaveAttribute('aria-pressed', 'true');

  await setCamera(alice, false);
  await expectLive(alice, {});
  await expect(ownPicture(alice)).toBeHidden();
  await expect(farPicture(bob)).toBeHidden();
  await expectSees(alice);
  await setCamera(bob, false);
  await expect(farPicture(alice)).toBeHidden();
  await expectSeesNothing(alice);
  await expectAudioBothWays(alice, bob);

  // The same streams are used again.
  await setCamera(alice, true);
  await expectSees(bob);
  const offer = alice.sip.sent(/^INVITE /).at(-1)!;
  expect(offer.text.match(/^m=/gm)).toHaveLength(2);
});

test('on hold nothing is seen, and all of it afterwards', async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await look(alice, bob);
  await alice.hold();
  await expect(farPicture(alice)).toBeHidden();
  await expect(farPicture(bob)).toBeHidden();
  await Promise.all([expectSeesNothing(alice), expectSeesNothing(bob)]);
  await alice.resume();
  await Promise.all([expectSees(alice), expectSees(bob)]);
  await expectAudioBothWays(alice, bob);
  await expectHoldHides(bob, alice);
});

test('JsSIP is seen, and sees', async ({ phones }) => {
  const [alice, bob] = await pair(phones, { kind: 'jssip', query: 'video' });
  await videoCall(alice, '1002');
  await bob.answer();
  await Promise.all([expectSees(alice), expectSees(bob)]);
  await setCamera(alice, false);
  await expectSeesNothing(bob);
  await setCamera(alice, true);
  await Promise.all([expectSees(alice), expectSees(bob)]);
  await alice.hangUp();
  await bob.expectDialer();

  await bob.call('1001');
  await answerWithVideoButton(alice).click();
  await Promise.all([expectSees(alice), expectSees(bob)]);
});

test('a picture that the other side refuses is said, and the call goes on with sound', async ({ phones, browserName }) => {
  const [alice, bob] = await pair(phones, { kind: 'jssip', query: 'refuse-video' });
  await talk(alice, bob);
  await cameraButton(alice).click();
  await alice.expectSays(/1002 does not take video now/);
  await expect(cameraButton(alice)).toHaveAttribute('aria-pressed', 'false');
  await expectLive(alice, {});
  await expectAudioBothWays(alice, bob);
  await alice.hold();
  // Firefox goes on naming what it has once offered, as turned down.
  const left = browserName === 'firefox' ? /m=video [1-9]/ : /m=video/;
  expect(alice.sip.sent(/^INVITE /).at(-1)!.text, 'nothing is left of it').not.toMatch(left);
  await alice.resume();
  await expectAudioBothWays(alice, bob);
});

test('a picture after one that was refused is not shown as if it were seen', async ({ phones }) => {
  const [alice, bob] = await pair(phones, { kind: 'jssip', query: 'refuse-video=once' });
  await talk(alice, bob);
  await cameraButton(alice).click();
  await alice.expectSays(/1002 does not take video now/);
  await alice.page.getByRole('button', { name: 'Close', exact: true }).click();
  await cameraButton(alice).click();
  // Browsers offer none any more.
  await alice.expectSays(/1002 does not take video now/);
  await expect(cameraButton(alice)).toHaveAttribute('aria-pressed', 'false');
  await expectLive(alice, {});
  await expectAudioBothWays(alice, bob);
});

test('two who switch their cameras on in the same moment see each other', async ({ phones }) => {
  const [alice, bob] = [await phones.signIn('1001', seeing), await phones.signIn('1002', seeing)];
  await talk(alice, bob);
  for (const { wire } of [alice, bob]) wire.delay = 500; // Each offer is out before the other one arrives.
  await Promise.all([cameraButton(alice).click(), cameraButton(bob).click()]);
  await Promise.all([alice, bob].map((phone) => phone.sip.expectReceived(/^SIP\/2\.0 491 /)));
  await Promise.all([expectSees(alice), expectSees(bob)]);
  for (const phone of [alice, bob]) await expect(cameraButton(phone)).toHaveAttribute('aria-pressed', 'true');
  await expectAudioBothWays(alice, bob);
  await Promise.all([expectSees(alice), expectSees(bob)]);
});

test('a callee that knows sound alone is called with sound', async ({ phones, udpPeer }) => {
  const alice = await phones.signIn('1001', seeing);
  const peer = await udpPeer('1009');
  await videoCall(alice, '1009');
  peer.reply(await peer.receive(/^INVITE [^]*m=video/), '488 Not Acceptable Here', { tag: 'a' });
  await peer.receive(/^ACK /);
  const again = await peer.receive(/^INVITE /);
  expect(again).not.toContain('m=video');
  peer.reply(again, '200 OK', { tag: 'b', sdp: sdp() });
  await alice.expectInCall('1009');
  await alice.expectSays(/1009 takes no video calls/);
  await expectLive(alice, {});
});

for (const [name, video] of [
  ['turns the picture down', 'm=video 0 RTP/AVP 0\r\n'],
  ['leaves the picture out', ''],
]) {
  test(`a callee that ${name} has a call with sound`, async ({ phones, udpPeer }) => {
    const alice = await phones.signIn('1001', seeing);
    const peer = await udpPeer('1009');
    await videoCall(alice, '1009');
    peer.reply(await peer.receive(/^INVITE [^]*m=video/), '200 OK', { tag: 'a', sdp: sdp() + video });
    await alice.expectInCall('1009');
    await alice.expectSays(/1009 does not take video now/);
    await expectLive(alice, {});
    await expect(cameraButton(alice)).toHaveAttribute('aria-pressed', 'false');
  });
}

test('an echo that knows sound alone gives sound back', async ({ phones, asterisk }) => {
  const alice = await phones.signIn('1001', { ...seeing, server: asterisk });
  await videoCall(alice, '600');
  await alice.expectInCall('600');
  await alice.expectHears();
  await expectLive(alice, {});
  await alice.hold();
  await alice.resume();
  await alice.expectHears();
});

for (const [error, says] of [
  ['NotAllowedError', /The camera is blocked/],
  ['NotFoundError', /No camera was found/],
  ['NotReadableError', /Another program is using the camera/],
] as const) {
  test(`a camera that gives ${error} is said, and the call goes on`, async ({ phones }) => {
    const [alice, bob] = await pair(phones);
    await alice.page.evaluate((error) => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        if (constraints?.video) throw new DOMException('', error);
        return open(constraints);
      };
    }, error);
    await videoCall(alice, '1002');
    await bob.expectIncoming('1001');
    await answerWithVideoButton(bob).click();
    await alice.expectSays(says);
    await expectSees(alice);
    await expectAudioBothWays(alice, bob);
    await cameraButton(alice).click();
    await alice.expectSays(says);
    await expect(cameraButton(alice)).toHaveAttribute('aria-pressed', 'false');
    await expectAudioBothWays(alice, bob);
  });
}

test('a camera that is unplugged is said, and the other side sees it go', async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await look(alice, bob);
  await alice.page.evaluate(() => window.eyes.unplug());
  await alice.expectSays(/The camera was disconnected/);
  await expect(farPicture(bob)).toBeHidden();
  await expectSees(alice);
  await setCamera(alice, true);
  await expectSees(bob);
});

test('the screen is shown in a call with sound, and stopped by the bar or by the browser', async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await talk(alice, bob);
  const share = async () => {
    await alice.moreButton.click();
    await alice.moreSheet.getByRole('button', { name: 'Share screen' }).click();
    await expect(alice.page.getByRole('region', { name: 'You are sharing your screen' })).toBeVisible();
  };
  await share();
  await expectSees(bob);
  const scale = await ownPicture(alice).locator('video').evaluate((video) => getComputedStyle(video).scale);
  expect(scale, 'a screen is not mirrored').toBe('none');
  await alice.page.getByRole('button', { name: 'Stop sharing' }).click();
  await expectLive(alice, {});
  await expect(farPicture(bob)).toBeHidden();

  await share();
  await expectSees(bob);
  await alice.page.evaluate(() => window.eyes.unplug());
  await expect(alice.page.getByRole('region', { name: 'You are sharing your screen' })).toBeHidden();
  await expect(farPicture(bob)).toBeHidden();
  await expectAudioBothWays(alice, bob);
});

test('the screen takes the place of the camera, which is on again afterwards', async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await look(alice, bob);
  const offers = alice.sip.sent(/^INVITE /).length;
  await alice.moreButton.click();
  await alice.moreSheet.getByRole('button', { name: 'Share screen' }).click();
  await expectLive(alice, { screens: 1 });
  await expectSees(bob);
  await alice.page.getByRole('button', { name: 'Stop sharing' }).click();
  await expectLive(alice, { cameras: 1 });
  await expectSees(bob);
  expect(alice.sip.sent(/^INVITE /), 'nothing of it is negotiated').toHaveLength(offers);
});

test('another room hides the picture, and the call brings it back', async ({ phones }) => {
  const [alice, bob] = await pair(phones);
  await look(alice, bob);
  await alice.historyTab.click();
  await expect(farPicture(alice)).toBeHidden();
  await alice.callRow('1002').click();
  await expect(farPicture(alice)).toBeVisible();
  await Promise.all([expectSees(alice), expectSees(bob)]);
});

for (const viewport of [
  { width: 300, height: 500 },
  { width: 320, height: 568 },
  { width: 390, height: 664 },
  { width: 844, height: 390 },
  { width: 1280, height: 800 },
]) {
  test(`at ${viewport.width} × ${viewport.height} the controls of a video call are reached`, async ({ phones }) => {
    const alice = await phones.signIn('1001', { ...seeing, viewport, reducedMotion: 'reduce' });
    const bob = await phones.signIn('1002', { ...seeing, query: 'lang=en' });
    await expect(videoCallButton(alice)).toBeInViewport({ ratio: 1 });
    await videoCall(bob, '1001');
    await alice.expectIncoming('1002');
    const check = async (state: string) => {
      expect.soft(await layoutFaults(alice.page), state).toEqual([]);
      expect.soft(await accessibilityFaults(alice.page), state).toEqual([]);
    };
    await check('incoming');
    await answerWithVideoButton(alice).click();
    await alice.expectInCall('1002');
    await expectSees(alice);
    for (const button of [alice.muteButton, cameraButton(alice), alice.moreButton, alice.hangUpButton]) {
      await expect.soft(button).toBeInViewport({ ratio: 1 });
    }
    await check('in a video call');
    const own = (await ownPicture(alice).boundingBox())!;
    for (const button of [alice.muteButton, alice.transferButton, alice.hangUpButton]) {
      const box = (await button.boundingBox())!;
      const apart = box.x >= own.x + own.width || box.x + box.width <= own.x || box.y >= own.y + own.height || box.y + box.height <= own.y;
      expect.soft(apart, 'the own picture covers no control').toBe(true);
    }
    await alice.moreButton.click();
    await check('more');
    await alice.page.keyboard.press('Escape');
    await alice.keypadButton.click();
    await check('keypad');
  });
}
