import { expect, type Locator, type Page } from '@playwright/test';
import { names, type Language } from './names';
import { SipTrace } from './sip-trace';
import type { Wire } from './wire';

/** `webphone` is our page; `jssip` is the JsSIP page, which has the same accessible names. */
export type Kind = 'webphone' | 'jssip';

export interface Account {
  address: string;
  password: string;
  server: string;
}

/** The names of the keypad's buttons, in order. */
export const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Not in the middle of a button, where the last click may have fallen: the second of two clicks in one place is ignored. */
const aside = { x: 12, y: 12 };

/** A telephone page, used as a person uses it: by accessible names only. */
export class Phone {
  readonly sip = new SipTrace();
  readonly names: (typeof names)[Language];
  /** What the page's console has told of errors. */
  readonly faults: string[] = [];
  private pressed = 0;

  constructor(
    readonly page: Page,
    readonly kind: Kind,
    /** The extension it signs in as. */
    readonly extension: string,
    /** Its way to its server. */
    readonly wire: Wire,
    language: Language = 'en',
  ) {
    this.names = names[language];
    page.on('console', (message) => message.type() === 'error' && this.faults.push(message.text()));
    page.on('pageerror', (error) => this.faults.push(String(error)));
  }

  // Controls.

  get addressBox() { return this.page.getByRole('textbox', this.names.address); }
  get passwordBox() { return this.page.getByLabel(this.names.password.name, { exact: true }); }
  get serverBox() { return this.page.getByRole('textbox', this.names.server); }
  get connectButton() { return this.page.getByRole('button', this.names.connect); }
  get signOutButton() { return this.page.getByRole('button', this.names.signOut); }
  get numberBox() { return this.page.getByRole('textbox', this.names.number); }
  get callButton() { return this.page.getByRole('button', this.names.call); }
  get deleteButton() { return this.page.getByRole('button', this.names.deleteDigit); }
  get hangUpButton() { return this.page.getByRole('button', this.names.hangUp); }
  get answerButton() { return this.page.getByRole('button', this.names.answer); }
  get declineButton() { return this.page.getByRole('button', this.names.decline); }
  get muteButton() { return this.page.getByRole('button', this.names.mute); }
  get holdButton() { return this.page.getByRole('button', this.names.hold); }
  get resumeButton() { return this.page.getByRole('button', this.names.resume); }
  get keypadButton() { return this.page.getByRole('button', this.names.keypad); }
  get keysSent() { return this.page.getByRole('textbox', this.names.keysSent); }
  get addCallButton() { return this.page.getByRole('button', this.names.addCall); }
  /** Opens the sheet with the tools that are not in sight. */
  get moreButton() { return this.page.getByRole('button', this.names.more); }
  get moreSheet() { return this.page.getByRole('dialog', this.names.more); }
  get swapButton() { return this.page.getByRole('button', this.names.swap); }
  get answerAndHoldButton() { return this.page.getByRole('button', this.names.answerAndHold); }
  get answerAndEndButton() { return this.page.getByRole('button', this.names.answerAndEnd); }
  get transferButton() { return this.page.getByRole('button', this.names.transfer); }
  get transferSheet() { return this.page.getByRole('dialog', { name: this.names.transferPeer }); }
  get transferTarget() { return this.transferSheet.getByRole('textbox', this.names.number); }
  get transferNowButton() { return this.page.getByRole('button', this.names.transferNow); }
  get consultFirstButton() { return this.page.getByRole('button', this.names.consultFirst); }
  get completeTransferButton() { return this.page.getByRole('button', this.names.completeTransfer); }
  get cancelButton() { return this.page.getByRole('button', this.names.cancel); }
  get conferenceButton() { return this.page.getByRole('button', this.names.conference); }
  get mergeCallsButton() { return this.page.getByRole('button', this.names.mergeCalls); }
  get splitButton() { return this.page.getByRole('button', this.names.split); }
  get refuseButton() { return this.page.getByRole('button', this.names.refuse); }
  /** The list of calls, which is there with two of them or in another room. */
  get callList() { return this.page.getByRole('region', this.names.calls); }
  /** The keys that the JsSIP page was sent by INFO. */
  get keysReceived() { return this.page.getByLabel('Keys received'); }
  get timer() { return this.page.getByRole('timer'); }
  get incoming() { return this.page.getByRole('alertdialog'); }

  get historyTab() { return this.page.getByRole('button', { name: /^History/ }); }
  get contactsTab() { return this.page.getByRole('button', { name: 'Contacts', exact: true }); }
  get phoneTab() { return this.page.getByRole('button', { name: 'Phone', exact: true }); }
  get voicemailButton() { return this.page.getByRole('button', { name: /^Voicemail/ }); }
  get searchBox() { return this.page.getByRole('searchbox', { name: 'Search' }); }
  /** The rows of the history or of the contacts that are on the page. */
  get rows() { return this.page.getByRole('main').getByRole('listitem'); }

  /** A keypad button; its name may go on with its letters ("2 ABC"). */
  key(digit: string): Locator {
    return this.page.getByRole('button', { name: new RegExp(`^${digit.replace('*', '\\*')}(?![0-9])`) });
  }

  /** The live regions that say `words`. */
  notice(words: RegExp): Locator {
    return this.page.getByRole('status').or(this.page.getByRole('alert')).filter({ hasText: words });
  }

  /** The row of a call in the list of calls. */
  callRow(peer: string): Locator {
    return this.callList.getByRole('button', { name: new RegExp(`^${peer}(?![0-9])`) });
  }

  /** Visible text of the screen. */
  shown(text: string | RegExp): Locator {
    return this.page.getByText(text).filter({ visible: true }).first();
  }

  // Actions.

  async fillSignIn(account: Account): Promise<void> {
    await this.addressBox.fill(account.address);
    await this.passwordBox.fill(account.password);
    await this.serverBox.fill(account.server);
  }

  async signIn(account: Account): Promise<void> {
    await this.fillSignIn(account);
    await this.connectButton.click();
    await this.expectSays(this.names.connected);
    await this.expectDialer();
  }

  /** Signs in by the same boxes and the same button, without the time that a person's hands take: most tests begin so. */
  async signInAtOnce({ address, password, server }: Account): Promise<void> {
    const boxes: [string | RegExp, string][] = [
      [this.names.address.name, address],
      [this.names.password.name, password],
      [this.names.server.name, server],
    ];
    await this.page.evaluate(fillAndPress, { boxes, button: this.names.connect.name });
    await this.expectSays(this.names.connected);
    await expect(this.callButton, `${this} should show its dialer`).toBeVisible();
  }

  /** Waits until the account is kept for the next page, which takes the browser a moment longer than signing in. */
  async expectKept(): Promise<void> {
    await expect.poll(() => this.page.evaluate(isAccountKept), { message: `${this} should keep its account` }).toBe(true);
  }

  /** Loads the page anew, which goes on with the account. */
  async reload(): Promise<void> {
    if (this.kind === 'webphone') await this.expectKept();
    await this.page.reload();
    await this.expectSays(this.names.connected);
  }

  /** Takes the telephone from the tab that has it. */
  async fetch(): Promise<void> {
    await this.page.bringToFront();
    await this.page.getByRole('button', { name: 'Use it here' }).click();
    await this.expectSays(this.names.connected);
  }

  async signOut(): Promise<void> {
    await this.signOutButton.click();
    await expect(this.connectButton, `${this} should be back at the sign-in screen`).toBeVisible();
  }

  async call(target: string): Promise<void> {
    await this.numberBox.fill(target);
    await this.callButton.click();
  }

  async answer(): Promise<void> {
    await this.press(this.answerButton);
  }

  async decline(): Promise<void> {
    await this.press(this.declineButton);
  }

  async hangUp(): Promise<void> {
    await this.press(this.hangUpButton);
  }

  /** Not where the last press may have fallen: calls may come one right after the other here, faster than any hand. */
  private async press(button: Locator): Promise<void> {
    this.pressed += 1;
    await button.click(this.pressed % 2 ? {} : { position: aside });
  }

  /** Presses the toggle and waits until it is pressed, or no longer is. */
  async setMuted(muted: boolean): Promise<void> {
    await this.muteButton.click();
    await expect(this.muteButton, `${this}: "Mute" should be ${muted ? 'pressed' : 'released'}`)
      .toHaveAttribute('aria-pressed', String(muted));
  }

  /** Holds the other side and waits until it is said that it is on hold. */
  async hold(): Promise<void> {
    await this.holdButton.click();
    await expect(this.resumeButton, `${this} should offer to resume`).toBeVisible();
    await expect(this.shown(this.names.onHold), `${this} should say that the other side is on hold`).toBeVisible();
  }

  async resume(): Promise<void> {
    await this.resumeButton.click({ position: aside });
    await expect(this.holdButton, `${this} should have resumed the call`).toBeVisible();
  }

  /** Calls somebody else beside the call that stands, which is held. */
  async addCall(target: string): Promise<void> {
    await this.addCallButton.click();
    await this.call(target);
  }

  /** Opens the sheet that asks whom the call is transferred to. */
  async openTransfer(): Promise<void> {
    await this.page.bringToFront(); // Firefox gives the focus to nothing in a window behind another.
    await this.transferButton.click({ position: aside });
    await expect(this.transferTarget, `${this} should ask for the target`).toBeFocused();
  }

  /** Opens it and types whom. */
  async fillTransfer(target: string): Promise<void> {
    await this.openTransfer();
    await this.transferTarget.fill(target);
  }

  // What a person sees.

  async expectSays(words: RegExp, timeout?: number): Promise<void> {
    await expect(this.notice(words).first(), `${this} should say ${words}`).toBeVisible({ timeout });
  }

  /** Waits for a notice that matches `words` and that, numbers aside, differs from the `others`; adds it to them. */
  async expectOwnSentence(words: RegExp, others: Set<string>): Promise<void> {
    await this.expectSays(words);
    const sentence = async () => (await this.notice(words).first().innerText()).replace(/\d+/g, '').trim();
    await expect
      .poll(async () => others.has(await sentence()), { message: `${this} should say ${words} in a sentence of its own` })
      .toBe(false);
    others.add(await sentence());
  }

  async expectDialer(): Promise<void> {
    await expect(this.callButton, `${this} should show its dialer`).toBeVisible();
    await expect(this.numberBox, `${this} should show its number box`).toBeVisible();
    await expect(this.hangUpButton, `${this} should have no call`).toBeHidden();
    await expect(this.incoming, `${this} should not ring`).toBeHidden();
  }

  async expectRinging(peer: string): Promise<void> {
    await expect(this.shown(this.names.ringing), `${this} should say that ${peer} rings`).toBeVisible();
    await expect(this.shown(inGroups(peer)), `${this} should show whom it calls`).toBeVisible();
    await expect(this.hangUpButton, `${this} should offer to hang up`).toBeVisible();
  }

  /** The dialog is named after the caller; what else is known of the caller is shown in it. */
  async expectIncoming(caller: string, ...more: string[]): Promise<void> {
    await expect(this.incoming, `${this} should ring`).toBeVisible();
    await expect(this.incoming, `${this} should say who calls`).toHaveAccessibleName(this.names.incomingFrom);
    await expect(this.incoming, `${this} should name the caller`).toHaveAccessibleName(inGroups(caller));
    for (const text of more) await expect(this.incoming, `${this} should show ${text}`).toContainText(inGroups(text));
  }

  async expectInCall(peer: string): Promise<void> {
    await expect(this.timer, `${this} should be in a call`).toBeVisible();
    await expect(this.timer).toHaveText(/^\d{1,3}:\d\d$/);
    await expect(this.shown(inGroups(peer)), `${this} should show whom it talks to`).toBeVisible();
    await expect(this.hangUpButton).toBeVisible();
  }

  // What a person hears.

  /** Waits until sound of the other side arrives and is played. */
  async expectHears(): Promise<void> {
    await expect
      .poll(async () => (await this.inbound()).packets, { message: `${this} should receive audio packets` })
      .toBeGreaterThan(10);
    const before = (await this.inbound()).energy;
    await expect
      .poll(async () => (await this.inbound()).energy - before, {
        message: `${this} should hear the other side: totalAudioEnergy should rise`,
      })
      .toBeGreaterThan(audible);
    await expect
      .poll(() => this.page.evaluate(() => window.ears.playsRemoteAudio()), {
        message: `${this} should play the other side through an audio element`,
      })
      .toBe(true);
  }

  /** Waits for two seconds in which nothing is heard: what was said before may still be on its way. */
  async expectSilence(): Promise<void> {
    await expect
      .poll(() => this.playOut(2), { message: `${this} should hear nothing for two seconds` })
      .toBeLessThan(audible / 10);
  }

  /** Waits until the tones of these microphones arrive, and until those that are silent do not for a second. */
  async expectHearsPitches(heard: number[], silent: number[] = []): Promise<void> {
    for (const pitch of heard) {
      await expect
        .poll(() => this.level(pitch), { message: `${this} should hear ${pitch} Hz` })
        .toBeGreaterThan(loud);
    }
    // For a second: at the first look, what comes late would be missed.
    for (const pitch of silent) {
      await expect
        .poll(() => this.page.evaluate((pitch) => window.ears.standsOut(1, pitch), pitch), { message: `${this} should not hear ${pitch} Hz` })
        .toBeLessThan(loud - 20);
    }
  }

  level(pitch: number): Promise<number> {
    return this.page.evaluate((pitch) => window.ears.level(pitch), pitch);
  }

  /** Waits until each of these pitches has arrived at least for a moment after `act` began. */
  async expectHeard(pitches: number[], act: () => Promise<unknown>): Promise<void> {
    await this.page.evaluate((pitches) => window.ears.note(pitches), pitches);
    await act();
    for (const pitch of pitches) {
      await expect
        .poll(() => this.page.evaluate((pitch) => window.ears.loudest(pitch), pitch), { message: `${this} should have heard ${pitch} Hz` })
        .toBeGreaterThan(loud);
    }
  }

  /** Waits until the page has sounded a tone, after `act` began where there is one. */
  async expectTone(act?: () => Promise<unknown>): Promise<void> {
    await this.page.evaluate(() => window.ears.note([]));
    await act?.();
    await expect
      .poll(() => this.page.evaluate(() => window.ears.loudestTone()), { message: `${this} should sound a tone` })
      .toBeGreaterThan(0.005);
  }

  /** The energy heard while `seconds` of sound are played out. */
  async playOut(seconds: number): Promise<number> {
    const start = await this.inbound();
    await expect
      .poll(async () => (await this.inbound()).seconds - start.seconds, { message: `${this} should play out sound` })
      .toBeGreaterThan(seconds);
    return (await this.inbound()).energy - start.energy;
  }

  inbound() {
    return this.page.evaluate(() => window.ears.inbound());
  }

  /** Stops the page's clock, which goes on by `page.clock.runFor` alone; the phone was opened with `clock`. */
  async stopClock(): Promise<void> {
    await this.page.clock.pauseAt((await this.page.evaluate(() => Date.now())) + 1000);
  }

  /** The timer's reading in seconds. */
  async timerSeconds(): Promise<number> {
    const [minutes, seconds] = (await this.timer.innerText()).trim().split(':').map(Number);
    return minutes * 60 + seconds;
  }

  toString(): string {
    return `${this.kind === 'webphone' ? 'WebPhone' : 'JsSIP'} ${this.extension}`;
  }
}

/** The level of a tone that somebody hums, in decibels. */
export const loud = -55;

/** Two beeps of Chromium's fake microphone give more `totalAudioEnergy` than this, silence none. */
const audible = 0.001;

/** What is shown of a name or a number: telephone numbers stand in groups. */
function inGroups(text: string): RegExp {
  const isNumber = /^\+?\d{7,}$/.test(text);
  return new RegExp([...text].map((character) => character.replace(/[^\w\s]/, '\\$&')).join(isNumber ? ' ?' : ''));
}

/** A caller and a callee that talk. */
export async function talk(caller: Phone, callee: Phone): Promise<void> {
  await caller.call(callee.extension);
  await callee.expectIncoming(caller.extension);
  await callee.answer();
  await caller.expectInCall(callee.extension);
  await callee.expectInCall(caller.extension);
}

/** Noon of today, for the clock of a page that shows the day of what happens: it stays the same. */
export function noon(): Date {
  return new Date(new Date().setHours(12, 0, 0, 0));
}

/** A phone in a call with another, which is told to be on hold: waits for two seconds in which none of the two hears anything. */
export async function expectSilenceBothWays(holder: Phone, held: Phone): Promise<void> {
  await expect(async () => {
    const before = (await holder.inbound()).energy;
    const byHeld = await held.playOut(2);
    expect((await holder.inbound()).energy - before, `${holder} should hear nothing`).toBeLessThan(1e-6);
    expect(byHeld, `${held} should hear nothing`).toBeLessThan(audible / 10);
  }).toPass({ timeout: 30_000 });
}

/** They are at their dialers, and their calls have left no media behind. */
export async function expectNoCallLeft(...phones: Phone[]): Promise<void> {
  for (const phone of phones) {
    await phone.expectDialer();
    await expect
      .poll(() => phone.page.evaluate(() => window.ears.openConnections()), `${phone} should have no media left`)
      .toBe(0);
  }
}

/** Both sides hear each other. */
export async function expectAudioBothWays(a: Phone, b: Phone): Promise<void> {
  await Promise.all([a.expectHears(), b.expectHears()]);
}

/** Runs in the page: whether its vault (src/platform/vault.rs) has something sealed. */
async function isAccountKept(): Promise<boolean> {
  const name = 'webphone.vault';
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return false;
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await done(indexedDB.open(name));
  const sealed = await done(database.transaction('vault').objectStore('vault').get(2));
  database.close();
  return sealed !== undefined;
}

/** Runs in the page: as soon as the boxes are there, types into those of these labels and presses the button of this name. */
async function fillAndPress({ boxes, button }: { boxes: [string | RegExp, string][]; button: string | RegExp }): Promise<void> {
  const named = <E extends HTMLInputElement | HTMLButtonElement>(kind: string, name: string | RegExp) =>
    [...document.querySelectorAll<E>(kind)].find((one) => {
      const text = (one.labels?.[0] ?? one).textContent.trim();
      return typeof name === 'string' ? name === text : name.test(text);
    });
  const all = () => boxes.map(([label]) => named<HTMLInputElement>('input', label));
  while (!all().every(Boolean)) await new Promise((done) => setTimeout(done, 20));
  for (const [index, box] of all().entries()) {
    box!.focus();
    box!.value = boxes[index][1];
    box!.dispatchEvent(new Event('input', { bubbles: true }));
    box!.dispatchEvent(new Event('change', { bubbles: true }));
  }
  const press = named<HTMLButtonElement>('button', button)!;
  press.focus();
  press.click();
}
