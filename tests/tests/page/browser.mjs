// Chromium, as people use it: one scenario of the page, named by the first argument.
//
// Reads from the environment: PAGE, where the page is; ISSUER, where people sign in; CHROMIUM, the
// program; PICTURES, the folder for screenshots; REQUESTS, the ids of requests by name, as JSON. Whatever
// a page does that it must not (another origin, a dialog, a violation of its policy, an error) fails the
// scenario.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { PAGE, ISSUER, CHROMIUM, PICTURES } = process.env;
const requests = JSON.parse(process.env.REQUESTS);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wrong = [];

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--no-proxy-server', '--disable-background-networking'],
});

// A person's own browser.
async function person(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  context.setDefaultTimeout(20000);
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => { wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('console', (line) => { if (line.type() === 'error' && page.url().startsWith(PAGE)) wrong.push(line.text()); });
  // The issuer's own pages may ask for what they like; it is not to be had here.
  await context.route((url) => ![PAGE, ISSUER].includes(url.origin), (route) => route.abort());
  page.on('request', (request) => {
    const allowed = request.isNavigationRequest() ? [PAGE, ISSUER] : [PAGE];
    const ours = request.isNavigationRequest() || request.frame().url().startsWith(PAGE);
    if (ours && !allowed.includes(new URL(request.url()).origin)) wrong.push(`request: ${request.url()}`);
  });
  return page;
}

// At the issuer's own pages.
async function logIn(page, name) {
  await page.waitForURL(`${ISSUER}/interaction/**`);
  await page.fill('input[name=login]', name);
  await page.fill('input[name=password]', 'any');
  await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
  if (page.url().startsWith(ISSUER)) {
    await Promise.all([page.waitForURL(`${PAGE}/**`), page.click('button[type=submit]')]);
  }
}

async function signedIn(name, path = '/', options = {}) {
  const page = await person(options);
  await page.goto(PAGE + path);
  await logIn(page, name);
  assert.equal(page.url(), PAGE + path, 'whoever signs in comes to where they wanted to go');
  return page;
}

const picture = (page, name) => page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
const phase = (page) => page.textContent('.what .phase');
const whole = (name) => `/requests/${requests[name]}`;

// Nothing serious by axe, and nothing wider than the screen.
async function accessible(page, what) {
  // Past the page's policy, which would keep it out, as an extension's is.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`);
  assert.deepEqual(told, [], what);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what} is ${wide} pixels too wide`);
}

const scenarios = {
  // Two of dba and one of privacy; each sees what the others said.
  async people() {
    const first = await signedIn('dba-1');
    await picture(first, 'queue');
    await first.click(`a[href="${whole('export')}"]`);
    await picture(first, 'request');
    assert.equal(await phase(first), 'pending');
    assert.match(await first.textContent('.listing'), /JOIN customers c/);
    assert.match(await first.textContent('.chain'), /report-agent/);
    await first.fill('#comment', 'Read it twice; the limit is fine.');
    await first.click('button.approve');
    assert.match(await first.textContent('.done'), /approval is on record/);
    assert.equal(await phase(first), 'pending');
    await picture(first, 'approved-once');

    await first.click('text=Take my approval back');
    assert.match(await first.textContent('.done'), /taken back/);
    await first.click('button.approve');

    const second = await signedIn('dba-2', whole('export'));
    assert.match(await second.textContent('.groups'), /1 of 2/);
    await second.click('button.approve');
    const third = await signedIn('privacy-1', whole('export'));
    await third.click('button.approve');
    assert.equal(await phase(third), 'granted');
    await picture(third, 'granted');
    await third.goto(`${PAGE}/past`);
    assert.match(await third.textContent('.lines'), /granted/);
    await picture(third, 'past');
  },

  async refusal() {
    const page = await signedIn('dba-1', whole('refused'));
    await page.fill('#comment', 'Not at this hour.');
    await page.click('button.refuse');
    assert.equal(await phase(page), 'refused');
    assert.equal(await page.locator('button.approve').count(), 0);
    assert.match(await page.textContent('.said'), /Not at this hour/);
    await picture(page, 'refused');
  },

  // Without a mouse: skip link, j and k, a, one more question, and out again.
  async keyboard() {
    const page = await signedIn('dba-1');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.keyboard.press('j');
    const begun = await page.evaluate(() => document.activeElement.getAttribute('href'));
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), begun);
    await page.goto(PAGE + whole('keyboard'));
    await page.keyboard.press('a');
    assert.equal(await page.evaluate(() => document.querySelector('dialog').open), true);
    await picture(page, 'keyboard');
    await page.keyboard.press('Escape');
    assert.equal(await phase(page), 'pending', 'asking is not deciding');
    await page.keyboard.press('a');
    await page.keyboard.press('Tab');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.match(await page.textContent('.done'), /approval is on record/);
  },

  // Everything works where no script does.
  async plain() {
    const page = await signedIn('dba-1', whole('plain'), { javaScriptEnabled: false });
    await page.click('button.approve');
    assert.equal(await page.locator('.done').count(), 1);
    await page.click('summary .who');
    await page.click('text=Sign out');
    assert.equal(page.url(), `${PAGE}/signed-out`);
  },

  async screens() {
    const screens = {
      wide: {},
      dark: { colorScheme: 'dark' },
      phone: { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
      night: { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
      forced: { forcedColors: 'active' },
      still: { reducedMotion: 'reduce' },
    };
    for (const [name, options] of Object.entries(screens)) {
      const page = await signedIn('dba-3', '/', options);
      await accessible(page, `the queue, ${name}`);
      await picture(page, `${name}-queue`);
      for (const one of ['shown', 'hostile']) {
        await page.goto(PAGE + whole(one));
        await accessible(page, `${one}, ${name}`);
        await picture(page, `${name}-${one}`);
      }
      await page.goto(`${PAGE}/past`);
      await accessible(page, `past, ${name}`);
      await page.goto(`${PAGE}/requests/none`);
      await accessible(page, `nothing, ${name}`);
      await page.context().close();
    }
  },

  // What an agent wrote is looked at, and does nothing.
  async hostile() {
    const page = await signedIn('dba-1', whole('hostile'));
    const text = await page.textContent('main');
    for (const shown of ['<script>', '⟦U+202E⟧', '⟦U+200B⟧', 'Look-alike letters', 'U+043E Cyrillic']) {
      assert.ok(text.includes(shown), shown);
    }
    assert.equal(await page.evaluate(() => document.querySelectorAll('main script, main img, main iframe, main style').length), 0);
    assert.ok(!(await page.content()).includes('\u202e'), 'nothing turns the page around');
    assert.equal(await page.locator('button.approve').count(), 0, 'it is cut, and not read whole');
    await picture(page, 'hostile');
    await page.click('text=Show all as plain text >> nth=0');
    assert.ok((await page.textContent('body')).includes('x'.repeat(60000)));
    await page.goto(PAGE + whole('hostile'));
    assert.equal(await page.locator('button.approve').count(), 1);
    await page.click('button.refuse');
    assert.equal(await phase(page), 'refused');
  },

  // Another person than the one who began it is wanted, and a login that policy takes.
  async conditions() {
    const page = await signedIn('dba-1', whole('own'));
    assert.match(await page.textContent('.decide'), /part of the chain/);
    await page.goto(PAGE + whole('strong'));
    assert.match(await page.textContent('.decide'), /stronger login/);
    assert.equal(await page.locator('button.approve').count(), 0);
    const [asked] = await Promise.all([
      page.waitForRequest((request) => request.url().startsWith(`${ISSUER}/auth?`)),
      page.click('text=Sign in anew'),
    ]);
    const query = new URL(asked.url()).searchParams;
    assert.equal(query.get('prompt'), 'login');
    assert.equal(query.get('max_age'), '86400');
    assert.equal(query.get('acr_values'), 'phr');
    assert.equal(query.get('code_challenge_method'), 'S256');
    await logIn(page, 'dba-1');
    assert.equal(page.url(), PAGE + whole('strong'));
    const stranger = await signedIn('sales-1', whole('strong'));
    assert.match(await stranger.textContent('main'), /no such request/);
  },
};

try {
  await scenarios[process.argv[2]]();
  const told = wrong.filter((line) => !/status of 404/.test(line));
  assert.deepEqual(told, [], 'nothing that a page must not do');
} finally {
  await browser.close();
}
