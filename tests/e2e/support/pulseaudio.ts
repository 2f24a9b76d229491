import { join } from 'node:path';
import { Server } from './server';

/** What Firefox plays sound with: without an output, the clock of its Web Audio stands still. */
class PulseAudio extends Server {
  private constructor(runDir: string) {
    super('pulseaudio', runDir, {});
  }

  static launch(): Promise<PulseAudio> {
    return Server.launchEach(async (runDir) => new PulseAudio(runDir));
  }

  get url(): string {
    return `unix:${join(this.runDir, 'socket')}`;
  }
}

/** Runs once, before all tests: one serves the browsers of all workers, which start with it in their environment. */
export default async function setUp(): Promise<() => Promise<void>> {
  const server = await PulseAudio.launch();
  process.env.E2E_PULSE_SERVER = server.url;
  return () => server.dispose();
}
