import { expect, test } from '../../support/page';

test('nothing that gets into the page is run: neither a script, nor a handler, nor markup', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const ran = await alice.page.evaluate(async () => {
    const script = document.createElement('script');
    const attempts: [string, () => unknown][] = [
      ['a script', () => { script.text = 'window.ran = 1'; document.body.append(script); }],
      ['a handler', () => document.body.setAttribute('onclick', 'window.ran = 1')],
      ['markup', () => { document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="window.ran = 1">'); }],
      ['a timer', () => setTimeout('window.ran = 1')],
      ['a worker', () => new Worker('/another.js')],
      ['a frame', () => document.body.append(Object.assign(document.createElement('iframe'), { src: '/' }))],
    ];
    const threw = attempts.map(([name, attempt]) => {
      try {
        attempt();
        return '';
      } catch {
        return name;
      }
    });
    document.body.click();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { ran: 'ran' in window, threw: threw.filter((name) => name) };
  });
  expect(ran.ran).toBe(false);
  // Chromium has Trusted Types, which stop these before the policy is asked.
  if (alice.page.context().browser()!.browserType().name() === 'chromium') {
    expect(ran.threw).toEqual(expect.arrayContaining(['a script', 'markup', 'a worker']));
  }
  await alice.expectDialer();
  expect(phones.takeViolations().length).toBeGreaterThan(0);
});
