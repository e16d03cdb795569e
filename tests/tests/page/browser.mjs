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
    const field = (name) => page.getAttribute(`#form input[name=${name}]`, 'value');
    const unread = { form: await field('form'), digest: await field('digest'), verdict: 'approve' };
    const sent = await page.request.post(PAGE + whole('hostile'), { form: unread, headers: { 'sec-fetch-site': 'same-origin' } });
    assert.equal(sent.status(), 409, 'what was not read whole is not approved');
    await page.click('text=Show all as plain text >> nth=0');
    const plain = await page.textContent('body');
    assert.ok(plain.replaceAll('\n┊ ', '').includes('x'.repeat(60000)));
    const ours = plain.split('\n').filter((line) => !/^[│┊] /.test(line));
    assert.equal(ours.filter((line) => line.includes('Parameter')).length, 3, 'none of the text looks like ours');
    await page.goto(PAGE + whole('hostile'));
    assert.equal(await page.locator('button.approve').count(), 1);
    await page.click('button.refuse');
    assert.equal(await phase(page), 'refused');
  },

  // What a browser carries by itself decides nothing: not by the API, not by a GET, not by a form of
  // another page, and not about anything else than what was read.
  async doors() {
    const page = await signedIn('dba-1', whole('doors'));
    const at = PAGE + whole('doors');
    const [session] = (await page.context().cookies()).filter(({ name }) => name === '__Host-postern');
    const { secure, httpOnly, sameSite, path, domain } = session;
    assert.deepEqual({ secure, httpOnly, sameSite, path, domain }, { secure: true, httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' });

    const field = (name) => page.getAttribute(`#form input[name=${name}]`, 'value');
    const form = { form: await field('form'), digest: await field('digest'), verdict: 'approve' };
    const send = (form, headers = { 'sec-fetch-site': 'same-origin' }) => page.request.post(at, { form, headers, maxRedirects: 0 });
    const status = async (answer) => (await answer).status();
    const decision = { data: { verdict: 'approve', digest: form.digest }, headers: { 'sec-fetch-site': 'same-origin' } };
    assert.equal(await status(page.request.post(`${PAGE}/v1/approvals/${requests.doors}/decision`, decision)), 401);
    assert.equal(await status(page.request.get(`${at}?${new URLSearchParams(form)}`)), 200);
    assert.equal(await status(send(form, {})), 403);
    assert.equal(await status(send(form, { 'sec-fetch-site': 'cross-site' })), 403);
    assert.equal(await status(send(form, { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' })), 403);
    assert.equal(await status(send({ ...form, form: 'a'.repeat(64) })), 403);
    assert.equal(await status(send({ ...form, form: '' })), 403);
    assert.equal(await status(send({ ...form, digest: 'a'.repeat(64) })), 409);
    assert.equal(await status(send({ ...form, verdict: 'maybe' })), 400);
    assert.equal(await status(page.request.get(`${PAGE}/signed-in?code=a&state=b`, { maxRedirects: 0 })), 400);
    await page.reload();
    assert.equal(await phase(page), 'pending', 'nothing of that decided');
    assert.equal(await page.locator('.said').count(), 0);

    for (const path of ['/', '/past', whole('doors'), `${whole('doors')}/whole`, '/requests/none', '/signed-out']) {
      const headers = (await page.request.get(PAGE + path)).headers();
      assert.match(headers['content-security-policy'], /^default-src 'none';.*frame-ancestors 'none'/, path);
      assert.equal(headers['cache-control'], 'no-store', path);
      assert.equal(headers['referrer-policy'], 'no-referrer', path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
    }
    const style = await page.getAttribute('link[rel=stylesheet]', 'href');
    assert.match((await page.request.get(PAGE + style)).headers()['cache-control'], /immutable/);

    assert.equal(await status(send(form)), 303);
    assert.equal(await status(send(form)), 409, 'nobody decides twice');
    await page.click('summary .who');
    await page.click('text=Sign out');
    await page.context().addCookies([session]);
    const after = await page.request.get(PAGE, { maxRedirects: 0 });
    assert.match(after.headers().location, /^\/sign-in/, 'a copy of the cookie is worth nothing');
  },

  // Whoever decides after their session has ended is told so, and loses nothing that they wrote.
  async ended() {
    const page = await signedIn('dba-1', whole('ended'));
    await page.fill('#comment', 'Read it <b>twice</b>.');
    await page.context().clearCookies();
    await page.click('button.approve');
    assert.match(await page.textContent('.note'), /not signed in any more.*Nothing was decided/s);
    assert.equal(await page.textContent('.note blockquote'), 'Read it <b>twice</b>.');
    await accessible(page, 'the session has ended');
    await picture(page, 'ended');
    const form = { comment: 'Send it to evil.example', verdict: 'approve' };
    const foreign = await page.request.post(PAGE + whole('ended'), { form, headers: { 'sec-fetch-site': 'cross-site' } });
    assert.equal(foreign.status(), 403);
    assert.ok(!(await foreign.text()).includes('evil.example'), 'nobody puts words into their mouth');
    await page.click('.note .button');
    await logIn(page, 'dba-1');
    assert.equal(page.url(), PAGE + whole('ended'));
    assert.equal(await phase(page), 'pending');
    assert.equal(await page.locator('.said').count(), 0, 'nothing was decided');
    // A form that was sent and led nowhere can be sent again.
    await page.evaluate(() => {
      document.getElementById('form').dataset.sent = '1';
      dispatchEvent(new PageTransitionEvent('pageshow'));
    });
    await page.click('button.approve');
    assert.match(await page.textContent('.done'), /approval is on record/);
    const nobody = await person();
    const out = await nobody.request.post(`${PAGE}/sign-out`, { maxRedirects: 0 });
    assert.equal(out.headers().location, '/signed-out');
  },

  // How to log in for a request is known without being shown it.
  async anew() {
    const page = await signedIn('dba-1');
    const to = new URLSearchParams({ to: whole('anew'), anew: '1' });
    const sent = await page.request.get(`${PAGE}/sign-in?${to}`, { maxRedirects: 0 });
    const query = new URL(sent.headers().location).searchParams;
    assert.equal(query.get('acr_values'), 'phr');
    assert.equal(query.get('max_age'), '86400');
    const form = { form: await page.getAttribute('input[name=form]', 'value'), digest: 'a'.repeat(64), verdict: 'approve' };
    const blind = await page.request.post(PAGE + whole('anew'), { form, headers: { 'sec-fetch-site': 'same-origin' } });
    assert.equal(blind.status(), 409);
  },

  // The same by programs of people, with tokens of their own.
  async api() {
    const now = Math.floor(Date.now() / 1000);
    const good = (sub) => ({ sub, aud: 'https://postern.example/decide', client_id: 'terminal', iat: now, exp: now + 300, auth_time: now - 9, groups: [sub.replace(/-\d+$/, '')] });
    const minted = async (claims) => (await fetch(`${ISSUER}/minted?${encodeURIComponent(JSON.stringify(claims))}`)).text();
    const call = async (claims, method, path, body) => {
      const headers = { authorization: `Bearer ${await minted(claims)}`, ...(body && { 'content-type': 'application/json' }) };
      const answer = await fetch(`${PAGE}/v1/approvals${path}`, { method, headers, body: body && JSON.stringify(body) });
      return { status: answer.status, body: await answer.json() };
    };
    const first = good('dba-1');
    const list = await call(first, 'GET', '');
    assert.deepEqual(list.body.approvals.map(({ request }) => request), [requests.api]);
    const one = (await call(first, 'GET', `/${requests.api}`)).body;
    assert.equal(one.phase, 'pending');
    assert.deepEqual(one.missing, { dba: 2, privacy: 1 });
    assert.match(one.statement, /JOIN customers/);

    const at = `/${requests.api}/decision`;
    const yes = { verdict: 'approve', digest: one.digest };
    for (const [what, claims, status] of [
      ['for agents', { ...first, aud: 'https://postern.example/v1' }, 401],
      ['for nobody', { ...first, aud: undefined }, 401],
      ['over', { ...first, exp: now - 99 }, 401],
      ['without a login', { ...first, auth_time: undefined }, 403],
      ['of an actor', { ...first, act: { sub: 'agent' } }, 403],
      ['of an app', { ...first, sub: 'terminal' }, 403],
      ['of another group', good('sales-1'), 404],
    ]) {
      assert.equal((await call(claims, 'POST', at, yes)).status, status, what);
    }
    for (const [what, body, status] of [
      ['another digest', { ...yes, digest: 'a'.repeat(64) }, 409],
      ['no verdict', { digest: one.digest }, 400],
      ['more than there is', { ...yes, force: true }, 400],
    ]) {
      assert.equal((await call(first, 'POST', at, body)).status, status, what);
    }
    const approved = await call(first, 'POST', at, { ...yes, comment: 'Fine.' });
    assert.deepEqual(approved.body.missing, { dba: 1, privacy: 1 });
    assert.equal((await call(first, 'DELETE', at)).body.phase, 'pending');
    assert.equal((await call(first, 'DELETE', at)).status, 409);
    for (const name of ['dba-1', 'dba-2', 'privacy-1']) assert.equal((await call(good(name), 'POST', at, yes)).status, 200);
    assert.equal((await call(first, 'GET', `/${requests.api}`)).body.phase, 'granted');
    assert.equal((await call(first, 'GET', '?past')).body.approvals[0].phase, 'granted');
    assert.equal((await call(first, 'GET', '?future')).status, 400);
    const document = await (await fetch(`${PAGE}/openapi.json`)).json();
    assert.match(document.openapi, /^3\.1/);
    assert.deepEqual(Object.keys(document.paths).sort(), ['/healthz', '/v1/approvals', '/v1/approvals/{id}', '/v1/approvals/{id}/decision']);
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
  const told = wrong.filter((line) => !/status of 40[34]/.test(line));
  assert.deepEqual(told, [], 'nothing that a page must not do');
} finally {
  await browser.close();
}
