// SPDX-License-Identifier: Apache-2.0
/** What a JupyterHub keeps from whom. */
import { expect, test } from '../support/fixtures';
import { HubLab } from '../support/hublab';

test.beforeAll(({ lab }) => lab.forgetConnections());

test('the Spark UI is for its owner alone', async ({
  page,
  panel,
  lab,
  browser
}) => {
  await panel.ready({ name: 'main' });
  const addresses = [
    'firesteel/ui/main/jobs/',
    'firesteel/ui/main/api/v1/applications',
    'firesteel/ui/main/static/webui.css',
    'firesteel/api/v1/connections',
    'firesteel/api/v1/connections/main/log/text'
  ].map(each => lab.url(each));
  for (const address of addresses) {
    const reply = await page.request.get(address);
    expect([address, reply.status(), reply.url()]).toEqual([
      address,
      200,
      address
    ]);
  }

  const nobody = await browser.newContext();
  for (const address of addresses) {
    const reply = await nobody.request.get(address, { maxRedirects: 0 });
    expect([address, reply.status()]).toEqual([address, 302]);
    expect(reply.headers().location).toMatch(/^\/hub\/api\/oauth2\/authorize/);
    const followed = await nobody.request.get(address);
    expect(new URL(followed.url()).pathname).toBe('/hub/login');
    const killed = await nobody.request.post(address, { maxRedirects: 0 });
    expect([address, killed.status()]).toEqual([address, 403]);
  }
  await nobody.close();

  const somebody = await browser.newContext();
  const other = await somebody.newPage();
  await lab.logIn(other, HubLab.stranger);
  for (const address of addresses) {
    const reply = await other.goto(address);
    expect([address, reply?.status()]).toEqual([address, 403]);
    const refused = await somebody.request.post(address, { maxRedirects: 0 });
    expect([address, refused.status()]).toEqual([address, 403]);
  }
  await somebody.close();
});
