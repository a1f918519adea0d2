// Debian's Chromium, and the page as a test sees it.

import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Playwright gives every launch a new, empty profile. */
export const startBrowser = (...more) => chromium.launch({ executablePath, args: [...args, ...more] });

export class DemoPage {
  faults = []; // exceptions, and what the page's policy or the network refused

  static async open(context, address) {
    const page = new DemoPage(await context.newPage());
    await page.tab.goto(address);
    return page;
  }

  constructor(tab) {
    this.tab = tab;
    tab.setDefaultTimeout(120_000); // no promise of anything: a machine may be busy
    tab.on('pageerror', (e) => this.faults.push(String(e)));
    tab.on('console', (message) => { if (message.type() === 'error') this.faults.push(message.text()); });
  }

  get id() {
    return /\/streams\/([^/]+)$/.exec(new URL(this.tab.url()).pathname)?.[1] ?? null;
  }

  $ = (selector) => this.tab.locator(selector);

  driverText = () => this.$('#driver-text').textContent();

  observerText = () => this.$('#observer-text').textContent();

  status = () => this.$('#status').textContent();

  /** Starts a stream by the form. */
  async start({ rate = '30', length = '', fail = false } = {}) {
    await this.$('select[name=rate]').selectOption(rate);
    await this.$('select[name=length]').selectOption(length);
    await this.$('input[name=fail]').setChecked(fail);
    await this.tab.getByRole('button', { name: 'Start a stream' }).click();
  }

  /** An ending counts once it has been read out of the log, and so after all text. */
  statusIs = (status) => this.until((wanted) => document.getElementById('status').textContent === wanted
    && (wanted === 'streaming' || !document.getElementById('ending').hidden), status);

  /** Until so many characters were read out of the log. */
  hasRead = (length) => this.until((n) => document.getElementById('observer-text').textContent.length >= n, length);

  until = (condition, argument) => this.tab.waitForFunction(condition, argument);
}
