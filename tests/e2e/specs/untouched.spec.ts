import type { Page } from '@playwright/test';
import { expect, test, type Phones } from '../support/fixtures';
import { account, type Kamailio } from '../support/kamailio';
import type { Site } from '../support/site';
import { hum, installEars } from '../support/ears';
import type { Phone } from '../support/phone';

// A page that nobody has touched, in a browser that lets no such page sound. Whatever a driver does in a page counts as a
// touch: the page signs in by itself, and tells by its console how it fares.
test.use({ trace: 'off', screenshot: 'off' });
test.skip(({ browserName }) => browserName === 'firefox', 'the driver of Firefox touches each page that it opens');

interface Report {
  /** What is said. */
  says: string;
  rings: boolean;
  /** How loud the page is, 0 to 1. */
  tone: number;
  /** Live sound of the other side is played. */
  plays: boolean;
}

/** Runs in the page before its own scripts. */
function standAlone(boxes: string[], answers: boolean): void {
  const visible = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)].filter((it) => it.checkVisibility());
  let signedIn = false;
  setInterval(() => {
    const form = document.forms[0];
    const connect = form?.querySelector<HTMLButtonElement>('.primary');
    if (!signedIn && connect && !connect.disabled) {
      signedIn = true;
      for (const [place, box] of form.querySelectorAll('input').entries()) {
        box.value = boxes[place];
        box.dispatchEvent(new Event('input', { bubbles: true }));
      }
      form.requestSubmit(connect);
    }
    const incoming = visible('[role=alertdialog]');
    const answer = incoming.flatMap((it) => [...it.querySelectorAll('button')]).find((it) => it.innerText.trim() === 'Answer');
    if (answers) answer?.click();
    const report: Report = {
      says: visible('[role=status], [role=alert]').map((it) => it.innerText).join(' '),
      rings: incoming.length > 0,
      tone: window.ears.tone(),
      plays: window.ears.playsRemoteAudio(),
    };
    console.info(`report ${JSON.stringify(report)}`);
  }, 100);
}

interface Untouched {
  page: Page;
  reports: Report[];
}

async function untouched(page: Page, site: Site, kamailio: Kamailio, answers = false): Promise<Untouched> {
  const reports: Report[] = [];
  page.on('console', (message) => {
    const told = /^report (.*)/.exec(message.text());
    if (told) reports.push(JSON.parse(told[1]));
  });
  const { address, password } = account('1001');
  await page.addInitScript(installEars);
  await page.addInitScript(hum, 300);
  await page.addInitScript(`(${standAlone})(${JSON.stringify([address, password, kamailio.url])}, ${answers})`);
  await page.goto(`${site.url}/?lang=en`, { waitUntil: 'commit' });
  return { page, reports };
}

async function expectReport(reports: Report[], what: string, holds: (report: Report) => boolean): Promise<void> {
  await expect.poll(() => reports.some(holds), `the page should have told: ${what}`).toBe(true);
}

async function callee(phones: Phones): Promise<Phone> {
  return phones.signIn('1002', { pitch: 500 });
}

test('a page that may not sound says that it cannot ring, and rings from the first touch', async ({ phones, site, kamailio, startBrowser }) => {
  const page = await (await startBrowser({ autoplay: 'blocked' })).newPage();
  const { reports } = await untouched(page, site, kamailio);
  await expectReport(reports, 'it cannot ring', ({ says }) => says.includes('This page cannot ring yet. Touch it once.'));
  const bob = await callee(phones);
  await bob.call('1001');
  await expectReport(reports, 'somebody calls', ({ rings }) => rings);
  const { length } = reports;
  await expect.poll(() => reports.length, 'it should go on telling').toBeGreaterThan(length + 20);
  expect(reports.filter(({ tone }) => tone > 0.001), 'it is silent').toEqual([]);
  await page.mouse.click(2, 2);
  await expectReport(reports, 'it rings', ({ rings, tone }) => rings && tone > 0.005);
  await expect.poll(() => reports.at(-1)!.says, 'nothing is asked for any more').not.toContain('cannot ring');
  await bob.hangUp();
});

test('a call that the browser keeps silent says so, and is heard from the next key', async ({ phones, site, kamailio, startBrowser }) => {
  const page = await (await startBrowser({ autoplay: 'blocked' })).newPage();
  const { reports } = await untouched(page, site, kamailio, true);
  const bob = await callee(phones);
  await expectReport(reports, 'it cannot ring', ({ says }) => says.includes('cannot ring'));
  await bob.call('1001');
  await bob.expectInCall('1001');
  await expectReport(reports, 'the sound is paused', ({ says }) => says.includes('Your browser has paused the sound.'));
  expect(reports.filter(({ plays }) => plays), 'nothing is heard').toEqual([]);
  await page.keyboard.press('x');
  await expectReport(reports, 'it is heard', ({ plays }) => plays);
  await expect.poll(() => reports.at(-1)!.says, 'nothing is asked for any more').not.toContain('paused');
  await bob.hangUp();
});
