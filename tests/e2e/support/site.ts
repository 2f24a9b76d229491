import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const dist = process.env.WEBPHONE_DIST ?? join(import.meta.dirname, '../../../dist');
const pages = join(import.meta.dirname, '../pages');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** The name of the page's own script. */
const script = /webphone-[0-9a-f]{8,16}\.js/g;

/** What the site answers by a function: with JSON, or with an error. */
export type Answers = Map<string, () => unknown>;

/**
 * Serves `dist/` at `/` and the JsSIP page at `/jssip/`, on a free loopback port; at `/with/SCRIPT/` the page of `/` with a
 * script before its own, for a browser whose driver cannot put one there.
 */
export class Site {
  private constructor(
    private readonly server: Server,
    /** By path; a test adds and removes its own. One that returns nothing leaves the request without an answer. */
    readonly answers: Answers,
    /** The paths that were asked for. Chromium's driver does not see those of worklets. */
    readonly requested: string[],
    /** Once it is set, the page is another version: its script has a name that ends in this. */
    private readonly release: { name?: string } = {},
  ) {}

  static async open(host = '127.0.0.1'): Promise<Site> {
    const jssip = await bundleJsSip();
    const answers: Answers = new Map();
    const requested: string[] = [];
    const release: { name?: string } = {};
    const server = createServer(async (request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://site').pathname));
      const name = path.endsWith('/') ? `${path}index.html` : path;
      requested.push(path);
      const answer = answers.get(path);
      if (answer) {
        try {
          const value = answer();
          if (value) response.writeHead(200, { 'Content-Type': types['.json'] }).end(JSON.stringify(value));
        } catch {
          response.writeHead(503).end();
        }
        return;
      }
      try {
        const body =
          name === '/jssip/bundle.js' ? jssip
          : name === '/jssip/index.html' ? await readFile(join(pages, 'jssip.html'))
          : name.startsWith('/with/') ? await pageWith(name.slice(6).replace(/\/index\.html$/, ''))
          : name === '/index.html' && release.name ? another(await readFile(join(dist, name), 'utf8'), release.name)
          : name === `/webphone-${release.name}.js` ? await readFile(join(dist, (await readFile(join(dist, 'index.html'), 'utf8')).match(script)![0]))
          : await readFile(join(dist, name));
        response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream' }).end(body);
      } catch {
        const missing = name === '/index.html' ? `No page in ${dist}: run \`make build\` first.` : 'Not found.';
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end(missing);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return new Site(server, answers, requested, release);
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  /** Has another version of the page from now on; `digits` are 16 hexadecimal ones. */
  publish(digits: string): void {
    this.release.name = digits;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** The page as another version of it, whose policy allows the scripts that stand in it now. */
function another(page: string, digits: string): string {
  const renamed = page.replaceAll(script, `webphone-${digits}.js`);
  const hashes = (of: string) => [...of.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(([, text]) => createHash('sha256').update(text).digest('base64'));
  const allowed = hashes(renamed);
  return hashes(page).reduce((policed, hash, place) => policed.replace(hash, allowed[place]), renamed);
}

async function pageWith(script: string): Promise<string> {
  const page = await readFile(join(dist, 'index.html'), 'utf8');
  return page.replace('<meta ', (first) => `<script>${script}</script>${first}`); // The release leaves `<head>` out.
}

/** JsSIP and the page's own script as one file; the npm package has none for browsers. */
async function bundleJsSip(): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [join(pages, 'jssip.js')],
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  return result.outputFiles[0].contents;
}
