import { test, withEachFarEnd } from '../support/fixtures';

withEachFarEnd((far) => {
  for (const target of ['1002', '1002@webphone.test', 'sip:1002@webphone.test']) {
    test(`a call to ${target} rings, sounds the ring-back tone and is answered`, { tag: target === '1002' ? '@gate' : [] }, async ({ phones }) => {
      const alice = await phones.signIn('1001');
      const bob = await phones.signIn('1002', { kind: far });
      await alice.call(target);
      await bob.expectIncoming('1001');
      await alice.expectRinging('1002');
      await alice.expectTone();
      await bob.answer();
      await alice.expectInCall('1002');
      await bob.expectInCall('1001');
    });
  }
});
