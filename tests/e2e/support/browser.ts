/** Chromium without a window, with a microphone that beeps, and with media over loopback. */
export const chromiumArgs = [
  '--headless=new',
  '--no-sandbox',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--mute-audio',
  '--disable-gpu',
  '--disable-dev-shm-usage',
];
