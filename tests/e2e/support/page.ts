import { test as base } from './fixtures';
import { ScriptedServer } from './scripted';

export { expect, withEachFarEnd, type OpenOptions, type Phones } from './fixtures';

/**
 * For what the page shows and does: its server is a scripted one of the test's own, so that nothing but the test decides
 * what happens and in which order. A test that fails here has found a fault; it is not tried again.
 */
export const test = base.extend<{ server: ScriptedServer }>({
  server: async ({}, use) => {
    const server = await ScriptedServer.open();
    await use(server);
    await server.stop();
  },
  home: async ({ server }, use) => use(server),
});
