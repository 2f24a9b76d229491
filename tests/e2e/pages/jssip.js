// The script of jssip.html. `?name=` sets the display name that goes into From; `?plain-contact` gives calls an ordinary
// Contact even where the server offers a GRUU; `?no-telephone-event` agrees to no telephone events; each `?header=` is a
// header line of the calls that are placed; `?video` calls and answers with a picture, and `?refuse-video` refuses one that
// is added to a call, `=once` the first one only. Who is transferred goes along, and a call that takes the place of another one is answered.
import JsSIP from 'jssip';

const query = new URLSearchParams(location.search);
const byId = (id) => document.getElementById(id);
const mediaConstraints = { audio: true, video: query.has('video') };
const screens = ['sign-in', 'dialer', 'calling', 'incoming', 'in-call'];
const remoteAudio = new Audio();
let ua;
let call;
let replacement;
let clock;
let tone;

// What the page has no button for, a test asks of JsSIP itself.
window.jssip = {
  get ua() {
    return ua;
  },
  get call() {
    return call;
  },
};

function show(screen) {
  for (const id of screens) byId(id).hidden = id !== screen;
  byId('sign-out').hidden = screen === 'sign-in';
  byId('messages').hidden = screen === 'sign-in';
  if (screen !== 'incoming' && screen !== 'calling') silence();
}

function say(text) {
  byId('status').textContent = text;
}

function showPeer(name) {
  for (const element of document.querySelectorAll('.peer')) element.textContent = name;
}

// Signing in and out.

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const address = form.get('address').trim().replace(/^sip:/, '');
  if (!/^[^@\s]+@[^@\s]+$/.test(address)) return say('The SIP address is not complete.');
  ua?.stop();
  ua = new JsSIP.UA({
    uri: `sip:${address}`,
    password: form.get('password'),
    display_name: query.get('name') ?? undefined,
    sockets: [new JsSIP.WebSocketInterface(form.get('server').trim())],
  });
  let wasConnected = false;
  ua.on('connected', () => (wasConnected = true));
  ua.on('disconnected', () => say(wasConnected ? 'Disconnected' : 'The server cannot be reached.'));
  ua.on('registered', () => {
    say('Connected');
    if (query.has('plain-contact')) ua.contact.pub_gruu = null;
    if (!call) show('dialer');
  });
  ua.on('registrationFailed', ({ response }) => {
    if (!response) return;
    ua.stop();
    say(response.status_code === 404 ? 'The server knows no such user.' : 'The password is wrong.');
  });
  ua.on('newRTCSession', ({ originator, session }) => {
    if (originator === 'remote') ring(session);
  });
  ua.on('newMessage', ({ originator, request }) => {
    if (originator === 'remote') byId('inbox').append(`${request.from.uri.user}: ${request.body}\n`);
  });
  say('Connecting…');
  ua.start();
});

byId('sign-out').addEventListener('click', () => {
  ua.stop();
  show('sign-in');
  say('Disconnected');
});
addEventListener('pagehide', () => ua?.stop());

// Dialling.

const letters = { 2: 'ABC', 3: 'DEF', 4: 'GHI', 5: 'JKL', 6: 'MNO', 7: 'PQRS', 8: 'TUV', 9: 'WXYZ', 0: '+' };
const target = byId('dialer').elements.target;
for (const digit of '123456789*0#') {
  const key = document.createElement('button');
  key.type = 'button';
  key.textContent = `${digit} ${letters[digit] ?? ''}`.trim();
  key.addEventListener('click', () => (target.value += digit));
  byId('keypad').append(key);
}
byId('delete').addEventListener('click', () => (target.value = target.value.slice(0, -1)));
addEventListener('keydown', (event) => {
  if (byId('dialer').hidden || event.target instanceof HTMLInputElement) return;
  if (/^[\d*#]$/.test(event.key)) target.value += event.key;
  if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) byId('dialer').requestSubmit();
});
byId('dialer').addEventListener('submit', async (event) => {
  event.preventDefault();
  const failure = await microphoneFailure();
  if (failure) return say(failure);
  showPeer(target.value);
  byId('progress').textContent = 'Calling…';
  show('calling');
  const extraHeaders = query.getAll('header');
  follow(ua.call(target.value, { mediaConstraints, extraHeaders }));
});

byId('messages').addEventListener('submit', (event) => {
  event.preventDefault();
  const { to, text } = event.target.elements;
  ua.sendMessage(to.value, text.value);
});

async function microphoneFailure() {
  if (!navigator.mediaDevices) return 'This page is not secure.';
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
  } catch (error) {
    if (error.name === 'NotAllowedError') return 'The microphone was refused.';
    if (error.name === 'NotFoundError') return 'No microphone was found.';
    if (error.name === 'NotReadableError') return 'The microphone is in use.';
    throw error;
  }
}

// Calls.

function ring(session) {
  if (session === replacement) {
    follow(session);
    return session.answer({ mediaConstraints });
  }
  if (call) return session.terminate({ status_code: 486 });
  const { display_name: name, uri } = session.remote_identity;
  showPeer(name ? `${name} (${uri.user})` : uri.user);
  byId('incoming').setAttribute('aria-label', `Incoming call from ${name ? `${name} ` : ''}${uri.user}`);
  show('incoming');
  sound();
  follow(session);
}

function follow(session) {
  call = session;
  byId('keys').textContent = '';
  // JsSIP leaves Contact out of its NOTIFY, which Asterisk refuses.
  const send = session.sendRequest;
  session.sendRequest = function (method, options) {
    const headers = [...(options?.extraHeaders ?? []), ...(method === 'NOTIFY' ? [`Contact: ${session.contact}`] : [])];
    return send.call(this, method, { ...options, extraHeaders: headers });
  };
  const watch = (connection) =>
    connection.addEventListener('track', (event) => {
      const element = event.track.kind === 'video' ? byId('picture') : remoteAudio;
      element.srcObject = event.streams[0] ?? new MediaStream([event.track]);
      element.play();
    });
  if (session.connection) watch(session.connection);
  else session.on('peerconnection', ({ peerconnection }) => watch(peerconnection));
  session.on('sdp', (event) => {
    if (event.originator === 'local' && query.has('no-telephone-event')) event.sdp = withoutTelephoneEvents(event.sdp);
  });
  session.on('reinvite', ({ request, reject }) => {
    if (!query.has('refuse-video') || !/m=video [1-9]/.test(request.body)) return;
    if (query.get('refuse-video') === 'once') query.delete('refuse-video');
    reject({ status_code: 488 });
  });
  session.on('newDTMF', ({ originator, dtmf }) => {
    if (originator === 'remote') byId('keys').textContent += dtmf.tone;
  });
  session.on('refer', ({ accept }) => {
    accept(
      (referred) => {
        showPeer(referred.remote_identity.uri.user);
        follow(referred);
      },
      { mediaConstraints },
    );
  });
  session.on('replaces', ({ request, accept }) => {
    accept((session) => {
      replacement = session;
      showPeer(request.from.uri.user);
    });
  });
  const showHold = () => {
    const { local, remote } = session.isOnHold();
    byId('hold').textContent = local ? 'Resume' : 'Hold';
    byId('hold-state').textContent = local ? 'On hold' : remote ? 'The other side holds the call' : '';
  };
  session.on('hold', showHold);
  session.on('unhold', showHold);
  session.on('progress', ({ originator, response }) => {
    if (originator !== 'remote' || response.status_code < 180) return;
    byId('progress').textContent = 'Ringing…';
    if (!tone) sound();
  });
  session.on('confirmed', () => {
    const start = Date.now();
    clearInterval(clock);
    const two = (number) => String(number).padStart(2, '0');
    clock = setInterval(() => {
      const seconds = Math.floor((Date.now() - start) / 1000);
      byId('timer').textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    }, 200);
    if (session === call) showHold();
    show('in-call');
  });
  const end = (text) => session === call && over(text);
  session.on('ended', () => end('Connected'));
  session.on('failed', ({ originator, message }) => end((originator === 'remote' && reason(message)) || 'Connected'));
}

function withoutTelephoneEvents(sdp) {
  const types = [...sdp.matchAll(/^a=rtpmap:(\d+) telephone-event/gim)].map(([, type]) => type);
  const lines = sdp.split('\r\n').filter((line) => !types.some((type) => new RegExp(`^a=\\w+:${type} `).test(line)));
  const strip = (line) => line.split(' ').filter((word, index) => index < 3 || !types.includes(word)).join(' ');
  return lines.map((line) => (line.startsWith('m=audio') ? strip(line) : line)).join('\r\n');
}

function reason(message) {
  const words = {
    403: 'This call is not allowed.',
    404: 'The number was not found.',
    408: 'There was no answer.',
    480: 'The other side is not available.',
    486: 'The other side is busy.',
    500: 'The server had an error.',
    603: 'The call was declined.',
  };
  return words[message?.status_code];
}

function over(text) {
  call = undefined;
  clearInterval(clock);
  byId('timer').textContent = '00:00';
  byId('mute').setAttribute('aria-pressed', 'false');
  say(text);
  show('dialer');
}

for (const button of document.querySelectorAll('.hang-up')) button.addEventListener('click', () => call.terminate());
byId('answer').addEventListener('click', async () => {
  const failure = await microphoneFailure();
  if (!failure) return call.answer({ mediaConstraints });
  call.terminate({ status_code: 480 });
  say(failure);
});
byId('decline').addEventListener('click', () => call.terminate({ status_code: 603 }));
byId('hold').addEventListener('click', () => (call.isOnHold().local ? call.unhold() : call.hold()));
byId('mute').addEventListener('click', () => {
  const muted = call.isMuted().audio;
  if (muted) call.unmute();
  else call.mute();
  byId('mute').setAttribute('aria-pressed', String(!muted));
});

// The tone of both directions of ringing.

function sound() {
  tone = new AudioContext();
  const oscillator = new OscillatorNode(tone, { frequency: 425 });
  oscillator.connect(new GainNode(tone, { gain: 0.1 })).connect(tone.destination);
  oscillator.start();
}

function silence() {
  tone?.close();
  tone = undefined;
}
