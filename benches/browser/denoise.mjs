// The noise suppressor in Chromium, as the page loads it: by how much later the sound is, what it takes of a processor, and
// what a browser downloads where it is switched on. What it takes out is measured natively, by denoise/examples/measure.rs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const root = join(import.meta.dirname, '../..');
const { chromium } = createRequire(join(root, 'tests/e2e/package.json'))('@playwright/test');

const out = join(root, 'target/bench-denoise');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'index.html'), '<!doctype html><meta name="webphone-denoise" content="">');
execFileSync('sh', [join(root, 'tests/add-denoiser.sh')], {
  env: { ...process.env, TRUNK_SOURCE_DIR: root, TRUNK_STAGING_DIR: out },
  stdio: ['ignore', 'inherit', 'inherit'],
});
const [, name] = /content="(.*?)"/.exec(readFileSync(join(out, 'index.html')));
const files = {
  '/': join(out, 'index.html'),
  '/denoise.js': join(out, `${name}.js`),
  '/denoise.wasm': join(out, `${name}.wasm`),
  '/speech.wav': join(root, 'denoise/tests/speech.wav'),
};
const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

const server = createServer(({ url }, response) => {
  if (!files[url]) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': types[extname(files[url])] ?? 'audio/wav' }).end(readFileSync(files[url]));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: false, // `--headless=new` is given by hand: Playwright would start another binary.
  args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const { offline, live, share } = await page.evaluate(measure);
  const milliseconds = (samples) => `${(samples / 48).toFixed(1)} ms`;
  const sizes = ['wasm', 'js'].map((kind) => brotliCompressSync(readFileSync(files[`/denoise.${kind}`])).length);
  console.log(`In Chromium ${browser.version()}:`);
  console.log(`the sound is ${milliseconds(offline)} later, by the worklet alone; with its way there and back ${milliseconds(live)}.`);
  console.log(`It takes ${(share * 100).toFixed(2)} % of a processor.`);
  console.log(`It is loaded when switched on: ${sizes[0]} + ${sizes[1]} bytes with brotli.`);
} finally {
  await browser.close();
  server.close();
}

/** Runs in the page. */
async function measure() {
  const rate = 48_000;
  const processorOptions = await (await fetch('denoise.wasm')).arrayBuffer();
  const file = await (await fetch('speech.wav')).arrayBuffer();
  const speech = await new OfflineAudioContext(1, 1, rate).decodeAudioData(file);
  const denoiser = async (context) => {
    await context.audioWorklet.addModule('denoise.js');
    return new AudioWorkletNode(context, 'denoise', { processorOptions, outputChannelCount: [1] });
  };
  const play = (context, loop) => {
    const source = new AudioBufferSourceNode(context, { buffer: speech, loop });
    source.start();
    return source;
  };

  /** By how many samples `late` follows `early`: where both agree best. */
  const delay = (early, late) => {
    const length = early.length - rate / 5;
    const agreement = (by) => {
      let sum = 0;
      for (let at = 0; at < length; at++) sum += early[at] * late[at + by];
      return sum;
    };
    const all = Array.from({ length: rate / 5 }, (_, by) => agreement(by));
    return all.indexOf(Math.max(...all));
  };

  /** So many seconds of speech, as fast as it goes: the sound, and how long it took. */
  const render = async (seconds, withDenoiser) => {
    const context = new OfflineAudioContext(1, seconds * rate, rate);
    const source = play(context, true);
    const through = withDenoiser ? source.connect(await denoiser(context)) : source;
    through.connect(context.destination);
    const start = performance.now();
    const buffer = await context.startRendering();
    return { sound: buffer.getChannelData(0), took: (performance.now() - start) / 1000 / seconds };
  };

  /** Speech as a microphone's track, and the same through the denoiser, as two channels of one recording. */
  const listen = async () => {
    const context = new AudioContext({ sampleRate: rate });
    const microphone = new MediaStreamAudioDestinationNode(context);
    play(context, true).connect(microphone);
    const other = new AudioContext({ sampleRate: rate });
    const denoised = new MediaStreamAudioDestinationNode(other);
    const node = await denoiser(other);
    new MediaStreamAudioSourceNode(other, { mediaStream: microphone.stream }).connect(node).connect(denoised);
    const recorder = `registerProcessor('record', class extends AudioWorkletProcessor {
      process(inputs) {
        this.port.postMessage(inputs.map(([channel]) => channel?.slice() ?? new Float32Array(128)));
        return true;
      }
    });`;
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([recorder], { type: 'text/javascript' })));
    const record = new AudioWorkletNode(context, 'record', { numberOfInputs: 2, numberOfOutputs: 0 });
    for (const [input, { stream }] of [microphone, denoised].entries()) {
      new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(record, 0, input);
    }
    const tracks = [[], []];
    await new Promise((resolve) => {
      record.port.onmessage = ({ data }) => {
        for (const input of [0, 1]) tracks[input].push(...data[input]);
        if (tracks[0].length > 4 * rate) resolve();
      };
    });
    await Promise.all([context.close(), other.close()]);
    // After the first second, in which all begins.
    return tracks.map((samples) => samples.slice(rate));
  };

  const plain = await render(3, false);
  const offline = delay(plain.sound, (await render(3, true)).sound);
  const live = delay(...(await listen()));
  const shares = [];
  for (let round = 0; round < 7; round++) {
    shares.push((await render(20, true)).took - (await render(20, false)).took);
  }
  return { offline, live, share: shares.sort((a, b) => a - b)[3] };
}
