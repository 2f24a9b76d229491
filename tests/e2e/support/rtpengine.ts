import { freePort } from './ports';
import { Server } from './server';

/** The media relay between browsers and plain RTP, which Kamailio controls. */
export class Rtpengine extends Server {
  private constructor(
    runDir: string,
    readonly port: number,
  ) {
    super('rtpengine', runDir, { RTPENGINE_PORT: port });
  }

  static launch(): Promise<Rtpengine> {
    return Server.launchEach(async (runDir) => new Rtpengine(runDir, await freePort()));
  }
}
