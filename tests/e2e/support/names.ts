export type Language = 'en' | 'es';

const exactly = (name: string) => ({ name, exact: true });
const like = (name: RegExp) => ({ name });

/** The English names are promised to screen readers and stand as they are; the Spanish ones may be worded freely. */
export const names = {
  en: {
    address: exactly('SIP address'),
    password: exactly('Password'),
    server: exactly('WebSocket server'),
    connect: exactly('Connect'),
    signOut: exactly('Sign out'),
    number: exactly('Number or SIP address'),
    call: exactly('Call'),
    deleteDigit: exactly('Delete digit'),
    hangUp: exactly('Hang up'),
    answer: exactly('Answer'),
    decline: exactly('Decline'),
    mute: exactly('Mute'),
    connected: /Connected/,
    ringing: /Ringing…/,
    incomingFrom: /^Incoming call from /,
  },
  es: {
    address: like(/^dirección sip/i),
    password: like(/^contraseña/i),
    server: like(/^servidor/i),
    connect: like(/^conectar/i),
    signOut: like(/^(cerrar sesión|salir|desconectar)/i),
    number: like(/^número/i),
    call: like(/^llamar/i),
    deleteDigit: like(/^(borrar|eliminar)/i),
    hangUp: like(/^(colgar|terminar|finalizar)/i),
    answer: like(/^(contestar|responder|atender|descolgar|aceptar)/i),
    decline: like(/^rechazar/i),
    mute: like(/^(silenciar|silencio|micrófono)/i),
    connected: /(^|[^s])conectado/i,
    ringing: /(sonando|timbrando|llamando)…/i,
    incomingFrom: /^llamada entrante de /i,
  },
};
