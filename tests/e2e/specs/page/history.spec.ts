import { writeHistory } from '../../support/book';
import { expect, test } from '../../support/page';
import { account } from '../../support/kamailio';
import { noon, talk, type Phone } from '../../support/phone';

/** A call of 1002 that nobody answers. */
async function missACall(alice: Phone, bob: Phone): Promise<void> {
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await bob.hangUp();
  await alice.expectDialer();
  await bob.expectDialer();
}

test('calls made, received, missed, declined and failed stand in the history, the newest first', async ({ phones }) => {
  const alice = await phones.signIn('1001', { clock: noon() });
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await alice.historyTab.click();
  await expect(alice.shown('No calls yet.')).toBeVisible();
  await alice.phoneTab.click();
  await talk(alice, bob);
  await alice.hangUp();
  await alice.expectDialer();
  await bob.expectDialer();
  await talk(bob, alice);
  await bob.hangUp();
  await alice.expectDialer();
  await missACall(alice, bob);
  await bob.call('1001');
  await alice.expectIncoming('1002');
  await alice.decline();
  await alice.expectDialer();
  await alice.call('2486');
  await alice.expectSays(/busy/);

  await alice.historyTab.click();
  await expect(alice.rows).toHaveCount(5);
  const row = (place: number) => alice.rows.nth(place).getByRole('button').first();
  await expect(row(0)).toHaveAccessibleName(/^Call 2486 ?, Failed, Today \d\d:\d\d · Busy$/);
  await expect(row(1)).toHaveAccessibleName(/^Call 1002 ?, Declined, Today/);
  await expect(row(2)).toHaveAccessibleName(/^Call 1002 ?, missed call, Today \d\d:\d\d$/);
  await expect(row(3)).toHaveAccessibleName(/^Call 1002 ?, incoming call, Today .* · \d+ s$/);
  await expect(row(4)).toHaveAccessibleName(/^Call 1002 ?, outgoing call, Today .* · \d+ s$/);

  const chip = (name: string) => alice.page.getByRole('button', { name, exact: true });
  for (const [name, count] of [['Missed', 1], ['Made', 2], ['Received', 1]] as const) {
    await chip(name).click();
    await expect(alice.rows).toHaveCount(count);
    await expect(chip(name)).toHaveAttribute('aria-pressed', 'true');
  }
  await alice.searchBox.fill('9');
  await expect(alice.shown('Nothing found.')).toBeVisible();
  await alice.searchBox.fill('');
  await chip('Received').click();
  await expect(alice.rows).toHaveCount(5);
});

test('one click in the history calls again', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await missACall(alice, bob);
  await alice.historyTab.click();
  await alice.rows.first().getByRole('button').first().click();
  await bob.expectIncoming('1001');
  await alice.expectRinging('1002');
});

test('missed calls are counted on the tab until one looks, even after a restart', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await missACall(alice, bob);
  await expect(alice.historyTab).toHaveAccessibleName('History, 1 missed call');
  await missACall(alice, bob);
  await expect(alice.historyTab).toHaveAccessibleName('History, 2 missed calls');

  const context = alice.page.context();
  await alice.page.close();
  const again = await phones.openIn(context, '1001');
  await expect(again.historyTab).toHaveAccessibleName('History, 2 missed calls');
  await again.historyTab.click();
  await expect(again.rows).toHaveCount(2);
  await expect(again.historyTab).toHaveAccessibleName('History');

  await again.reload();
  await expect(again.phoneTab).toBeVisible();
  await again.historyTab.click();
  await expect(again.rows).toHaveCount(2);
  await expect(again.historyTab).toHaveAccessibleName('History');
});

test('a call that ends with the page stands in the history', async ({ phones, browserName }) => {
  const alice = await phones.signIn('1001');
  const bob = await phones.signIn('1002', { kind: 'jssip' });
  await talk(alice, bob);
  await alice.reload();
  // Without a worker the call ends. Firefox closes the socket of a reloaded page before the page hears of it: no BYE.
  if (browserName !== 'firefox') await bob.expectDialer();
  await alice.historyTab.click();
  await expect(alice.rows).toHaveCount(1);
});

test('each account has a history of its own', async ({ phones, server }) => {
  const alice = await phones.signIn('1001');
  await alice.call('2486');
  await alice.expectSays(/busy/);
  await alice.signOut();
  await alice.signIn({ ...account('1003'), server: server.url });
  await alice.historyTab.click();
  await expect(alice.shown('No calls yet.')).toBeVisible();
  await alice.signOut();
  await alice.signIn({ ...account('1001'), server: server.url });
  await alice.historyTab.click();
  await expect(alice.rows).toHaveCount(1);
});

test('one call or all of them are deleted, and come back', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  for (const number of ['2486', '2603']) {
    await alice.call(number);
    await alice.expectSays(new RegExp(number));
    await alice.expectDialer();
  }
  await alice.historyTab.click();
  const undo = alice.page.getByRole('button', { name: 'Undo', exact: true });
  await alice.rows.first().getByRole('button', { name: 'Delete call' }).click();
  await expect(alice.rows).toHaveCount(1);
  await alice.expectSays(/Call deleted/);
  await expect(undo).toBeFocused();
  await alice.page.keyboard.press('Enter');
  await expect(alice.rows).toHaveCount(2);
  await expect(undo).toBeHidden();

  await alice.page.getByRole('button', { name: 'Delete all calls' }).click();
  await alice.expectSays(/2 calls deleted/);
  await expect(alice.rows).toHaveCount(0);
  await undo.click();
  await expect(alice.rows).toHaveCount(2);

  await alice.page.getByRole('button', { name: 'Delete all calls' }).click();
  await expect(alice.rows).toHaveCount(0);
  await alice.reload();
  await alice.historyTab.click();
  await expect(alice.shown('No calls yet.')).toBeVisible();
});

test('ten thousand calls scroll and are searched with a handful of them on the page', async ({ phones }) => {
  test.slow();
  const alice = await phones.signIn('1001');
  await writeHistory(alice.page, '1001', 10_000);
  await alice.reload();
  await alice.historyTab.click();
  await expect(alice.rows.first()).toContainText('Person 9999');
  await expect(alice.rows.first()).toHaveAttribute('aria-setsize', '10000');
  expect(await alice.rows.count()).toBeLessThan(40);

  const list = alice.page.locator('.rows');
  const scrolled = await list.evaluate(async (list) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const times: number[] = [];
    for (let step = 0; step < 100; step++) {
      const start = performance.now();
      list.scrollTop += 700;
      await frame();
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    return { median: times[50], worst: times[99], rows: list.querySelectorAll('li').length };
  });
  console.log(`scrolling 100 × 700 px: ${scrolled.median.toFixed(1)} ms a frame, at worst ${scrolled.worst.toFixed(1)} ms`);
  expect(scrolled.rows).toBeLessThan(40);
  await expect(alice.rows.first()).toBeAttached();

  // How long the page takes to search, in the time that it takes for a search that ends at once.
  const typed = await alice.searchBox.evaluate(async (box: HTMLInputElement) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const times: Record<string, number> = {};
    for (const text of ['person 1', 'person 12', '604120', 'nobody', '']) {
      const start = performance.now();
      box.value = text;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      await frame();
      times[text] = performance.now() - start;
    }
    return times;
  });
  console.log('searching 10,000 calls, ms to the next frame:', JSON.stringify(typed));

  await alice.searchBox.fill('person 77');
  await expect(alice.rows.first()).toContainText('Person 7799');
  await expect(alice.rows.first()).toHaveAttribute('aria-setsize', '111');
  await alice.searchBox.fill('60412 00042');
  await expect(alice.rows).toHaveCount(1);
  await expect(alice.rows.first()).toContainText('Person 42');
  await alice.searchBox.fill('');
  await alice.page.getByRole('button', { name: 'Missed', exact: true }).click();
  await expect(alice.rows.first()).toHaveAttribute('aria-setsize', '1000');
});

test('the list is walked with the arrow keys, and is one stop of Tab', async ({ phones }) => {
  const alice = await phones.signIn('1001');
  await writeHistory(alice.page, '1001', 300);
  await alice.reload();
  await alice.historyTab.click();
  const focused = alice.page.locator(':focus');
  await expect(alice.rows.first()).toBeVisible();
  await alice.page.getByRole('button', { name: 'Received', exact: true }).focus();
  await alice.page.keyboard.press('Tab');
  await expect(focused).toContainText('Person 299');
  await alice.page.keyboard.press('ArrowDown');
  await expect(focused).toContainText('Person 298');
  await alice.page.keyboard.press('End');
  await expect(focused).toContainText('Person 0');
  await alice.page.keyboard.press('Home');
  await expect(focused).toContainText('Person 299');
  await alice.page.keyboard.press('PageDown');
  await expect(focused).not.toContainText('Person 299');
  await alice.page.keyboard.press('Tab');
  await expect(focused).toHaveAccessibleName('Delete call');
  await alice.page.keyboard.press('Tab');
  await expect(alice.phoneTab).toBeFocused();
});

test('where the browser keeps nothing, it is said once and the history lasts for the visit', async ({ phones }) => {
  const before = () => Object.defineProperty(window, 'indexedDB', { get: () => null });
  const alice = await phones.signIn('1001', { before });
  await alice.expectSays(/cannot keep/);
  await alice.page.getByRole('button', { name: 'Close', exact: true }).click();
  await alice.call('2486');
  await alice.expectSays(/busy/);
  await expect(alice.notice(/cannot keep/)).toHaveCount(0);
  await alice.historyTab.click();
  await expect(alice.rows).toHaveCount(1);
});
