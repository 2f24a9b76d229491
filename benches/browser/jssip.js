// The least telephone that JsSIP makes, as its documentation and its users do it. `?ice=stun:…` is a STUN server.
import JsSIP from 'jssip';

const [signIn, dialer] = document.forms;
const incoming = document.querySelector('[role=alertdialog]');
const hangUp = document.getElementById('hang-up');
const ice = new URLSearchParams(location.search).get('ice');
const media = {
  mediaConstraints: { audio: true, video: false },
  pcConfig: { iceServers: ice ? [{ urls: ice }] : [] },
};
let ua;

signIn.addEventListener('submit', (event) => {
  event.preventDefault();
  const { address, password, server } = signIn.elements;
  ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(server.value)],
    uri: `sip:${address.value}`,
    password: password.value,
  });
  ua.on('registered', () => {
    signIn.hidden = true;
    dialer.hidden = false;
  });
  ua.on('newRTCSession', ({ originator, session }) => {
    // JsSIP sends nothing before all candidates are there. Its users have it go on at the first from a server.
    session.on('icecandidate', ({ candidate, ready }) => candidate.type === 'srflx' && ready());
    session.on('peerconnection', ({ peerconnection }) => play(peerconnection));
    if (session.connection) play(session.connection);
    session.on('confirmed', () => (hangUp.hidden = false));
    session.on('ended', () => (hangUp.hidden = true));
    hangUp.onclick = () => session.terminate();
    if (originator === 'local') return;
    document.getElementById('caller').textContent = session.remote_identity.uri.user;
    incoming.hidden = false;
    incoming.querySelector('button').onclick = () => session.answer(media);
    session.on('confirmed', () => (incoming.hidden = true));
  });
  ua.start();
});

dialer.addEventListener('submit', (event) => {
  event.preventDefault();
  ua.call(dialer.elements.target.value, media);
});

function play(connection) {
  connection.addEventListener('track', ({ streams }) => (document.querySelector('audio').srcObject = streams[0]));
}

signIn.querySelector('button').disabled = false;
