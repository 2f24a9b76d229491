import { freePort } from './ports';
import { Server } from './server';

/** The media relay between browsers and plain RTP, which Kamailio controls. */
export class Rtpengine extends Server {
  private constructor(
    runDir: string,
    readonly port: number,
  ) {
    // An address of its own for its sound: its ports are shared with any other rtpengine that runs at the same address.
    super('rtpengine', runDir, { RTPENGINE_PORT: port, MEDIA_ADDRESS: `127.1.${port >> 8}.${port & 255}` });
  }

  static launch(): Promise<Rtpengine> {
    return Server.launchEach(async (runDir) => new Rtpengine(runDir, await freePort()));
  }
}
