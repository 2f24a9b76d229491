import { build } from 'esbuild';
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

/** Serves `dist/` at `/` and the JsSIP page at `/jssip/`, on a free loopback port. */
export class Site {
  private constructor(private readonly server: Server) {}

  static async open(): Promise<Site> {
    const jssip = await bundleJsSip();
    const server = createServer(async (request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://site').pathname));
      const name = path.endsWith('/') ? `${path}index.html` : path;
      try {
        const body =
          name === '/jssip/bundle.js' ? jssip
          : name === '/jssip/index.html' ? await readFile(join(pages, 'jssip.html'))
          : await readFile(join(dist, name));
        response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream' }).end(body);
      } catch {
        const missing = name === '/index.html' ? `No page in ${dist}: run \`make build\` first.` : 'Not found.';
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end(missing);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Site(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
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
