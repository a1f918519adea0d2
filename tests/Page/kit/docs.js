// The API's description, tried as a reader does: each operation is opened, its example is sent as it is.

import assert from 'node:assert/strict';

const common = [
  ['Create a stream', 'POST', '', 201], ['Drive a stream', 'POST', '/{id}/drive', 200], ['Follow a stream', 'GET', '/{id}/events', 200],
  ['Query a stream', 'GET', '/{id}', 200], ['Get a stream\'s text', 'GET', '/{id}/text', 200], ['List streams', 'GET', '', 200],
  ['Cancel a stream', 'POST', '/{id}/cancel', 200],
];
const last = ['Delete a stream', 'DELETE', '/{id}', 204];

const ofSeveral = [['Delete all streams with a label', 'DELETE', '', 202], ['Follow several streams', 'POST', '/-/follow', 200]];
export const ofOpenServer = [...common, last, ...ofSeveral];
export const ofKeys = [...common, ['Make a token for one stream', 'POST', '/{id}/tokens', 200],
  ['Make a token for all streams with a label', 'POST', '../tokens', 200], last, ...ofSeveral];

// What Chromium tells now and then of a streamed answer that a page's reader has read to its end before the network's
// word of that end came.
const readToItsEnd = 'net::ERR_ABORTED';

/** @param page at the description, with room for its side */
export async function tryExamples(page, operations) {
  const answers = [];
  const over = async (request) => {
    if (!/^\/v1\/(streams|tokens)/.test(new URL(request.url()).pathname)) return;
    const problem = request.failure()?.errorText ?? null;
    answers.push([request.method(), problem === null || problem === readToItsEnd ? (await request.response())?.status() : problem]);
  };
  for (const event of ['requestfinished', 'requestfailed']) page.tab.on(event, over);
  const links = page.tab.getByRole('link', { name: / stream|^List streams/ });
  const shown = await links.evaluateAll((all) => all.map((link) => link.textContent.replace(/HTTP Method.*/, '').trim()));
  assert.deepEqual(shown.filter((name) => name !== 'Start a stream'), operations.map(([title]) => title));

  for (const [title, method, path, status] of operations) {
    const address = new URL(`http://x/v1/streams${path}`.replace('/streams../', '/')).pathname.replaceAll('%7B', '\\{').replaceAll('%7D', '\\}');
    await page.tab.getByRole('link', { name: title }).click();
    await page.tab.getByRole('button', { name: new RegExp(`^Test Request ?\\(${method} ${address}\\)$`, 'i') }).click();
    await page.tab.getByRole('button', { name: /^Send ?(Send|post|get|delete)/i }).first().click();
    await waitFor(() => answers.length > 0, title);
    assert.deepEqual(answers.splice(0), [[method, status]], title);
    await page.tab.getByText(/^Listening/).waitFor({ state: 'hidden' }); // it has read to the end
    await page.tab.getByRole('button', { name: /^Close Client/ }).click();
  }
}

async function waitFor(condition, what) {
  const until = Date.now() + 120_000;
  while (!condition()) {
    assert.ok(Date.now() < until, `in vain: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); }); // between two looks
  }
}
