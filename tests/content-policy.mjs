// Writes into the page what it may load and run (Content Security Policy), with the hashes of the scripts that stand in
// it: nothing that gets into the page otherwise is run. Trunk runs it on the release that it has built.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(process.env.TRUNK_STAGING_DIR, 'index.html');
const page = readFileSync(file, 'utf8');
const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(([, script]) => script);
const hashes = inline.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
const policy = [
  "default-src 'none'",
  `script-src 'self' 'wasm-unsafe-eval' ${hashes.join(' ')}`,
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self' blob:",
  // The SIP server, and where the login for TURN is fetched, are whoever's who hosts the page.
  "connect-src 'self' https: wss: ws:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join(';');
// Before anything that it is to hold for.
const written = page.replace(/<meta charset[^>]*>/i, (charset) => `${charset}<meta http-equiv="Content-Security-Policy" content="${policy}">`);
if (hashes.length === 0 || written === page) throw new Error('no place for the policy, or nothing to allow');
writeFileSync(file, written);
