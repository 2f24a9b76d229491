import { createHash, randomBytes } from 'node:crypto';
import { header } from './sip-trace';

export interface Login {
  user: string;
  password: string;
}

/** The value of a parameter, quoted or not. */
export function parameter(value: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|[\\s,;])${name}=(?:"([^"]*)"|([^\\s,;]+))`, 'i').exec(value);
  return found?.[1] ?? found?.[2];
}

/** The header that answers a challenge (RFC 7616, `qop=auth`), by the algorithm that was asked for. */
export function authorization(challenge: string, method: string, uri: string, login: Login): string {
  const proxy = challenge.startsWith('SIP/2.0 407');
  const offered = header(challenge, proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate')!;
  const values = {
    realm: parameter(offered, 'realm')!,
    nonce: parameter(offered, 'nonce')!,
    uri,
    algorithm: parameter(offered, 'algorithm') ?? 'MD5',
    nc: '00000001',
    cnonce: randomBytes(8).toString('hex'),
  };
  const { realm, nonce, algorithm, nc, cnonce } = values;
  return (
    `${proxy ? 'Proxy-Authorization' : 'Authorization'}: Digest username="${login.user}", realm="${realm}", ` +
    `nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, qop=auth, nc=${nc}, cnonce="${cnonce}", ` +
    `response="${response(method, login, values)}"`
  );
}

/** Whether what a request says of itself fits the password. */
export function isRight(method: string, authorization: string, login: Login): boolean {
  const value = (name: string) => parameter(authorization, name) ?? '';
  if (value('username') !== login.user) return false;
  const [realm, nonce, uri, nc, cnonce] = ['realm', 'nonce', 'uri', 'nc', 'cnonce'].map(value);
  return value('response') === response(method, login, { realm, nonce, uri, nc, cnonce, algorithm: value('algorithm') || 'MD5' });
}

type Values = Record<'realm' | 'nonce' | 'uri' | 'nc' | 'cnonce' | 'algorithm', string>;

function response(method: string, { user, password }: Login, { realm, nonce, uri, nc, cnonce, algorithm }: Values): string {
  const hash = (text: string) => createHash(algorithm.replace('-', '')).update(text).digest('hex');
  return hash(`${hash(`${user}:${realm}:${password}`)}:${nonce}:${nc}:${cnonce}:auth:${hash(`${method}:${uri}`)}`);
}
