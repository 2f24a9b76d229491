import type { Page } from '@playwright/test';

/**
 * The browser's answer to the offer in an INVITE, for a far end whose signalling a test scripts: it hums at `pitch`
 * hertz. The connection lives in `page`.
 */
export function answerOf(page: Page, invite: string, pitch: number): Promise<string> {
  const offer = invite.slice(invite.indexOf('\r\n\r\n') + 4);
  return page.evaluate(
    async ([offer, pitch]) => {
      const context = new AudioContext();
      const voice = new MediaStreamAudioDestinationNode(context);
      const oscillator = new OscillatorNode(context, { frequency: pitch });
      oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(voice);
      oscillator.start();
      const connection = new RTCPeerConnection();
      const gathered = new Promise((resolve) => {
        connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve(null);
      });
      await connection.setRemoteDescription({ type: 'offer', sdp: offer });
      connection.addTrack(voice.stream.getAudioTracks()[0], voice.stream);
      await connection.setLocalDescription();
      await gathered;
      Object.assign(window, { farMedia: [connection, oscillator] }); // Kept from the garbage collector.
      return connection.localDescription!.sdp;
    },
    [offer, pitch] as const,
  );
}
