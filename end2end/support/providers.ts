import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Provider } from 'oidc-provider';

/** A different host from the school's, so that browsers apply their cross-site rules. */
const HOST = '127.0.0.2';

export const CLIENT = { id: 'greencap', secret: 'a secret that only the two of us know' };

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(handler: Handler): Promise<{ server: Server; url: string }> {
  const server = createServer(handler).listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the provider has no port');
  return { server, url: `http://${HOST}:${address.port}` };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

/** A certified OpenID Connect provider (npm oidc-provider). Everyone's name there is their email address. */
export class CertifiedProvider {
  private answer: Handler = (_, response) => response.writeHead(503).end();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(): Promise<CertifiedProvider> {
    let provider: CertifiedProvider;
    const { server, url } = await listen((request, response) => provider.answer(request, response));
    provider = new CertifiedProvider(server, url);
    return provider;
  }

  /** Registers Greencap. */
  register(redirectUri: string): void {
    const provider = new Provider(this.issuer, {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      cookies: { keys: ['not a secret in a test'] },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: `subject of ${id}`, email: id, email_verified: true }),
      }),
    });
    this.answer = provider.callback();
  }

  stop(): Promise<void> {
    return close(this.server);
  }
}

/** The claims of a token from [`HostileIssuer`] before it is manipulated. */
export type Claims = JWTPayload & { nonce: string };

/** Makes a token from claims. */
export type Forgery = (claims: Claims, issuer: HostileIssuer) => Promise<string> | string;

/** An issuer controlled by the test: it lets everyone in at once, with the tokens the test wants. */
export class HostileIssuer {
  private visits = new Map<string, { nonce: string; address: string }>();
  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    private readonly keys: { privateKey: CryptoKey; publicKey: CryptoKey },
    readonly jwk: JWK,
  ) {}

  /** The address of the next person to sign in. */
  address = 'nobody@post.example';
  /** How its next tokens are made. */
  forge: Forgery = honest;
  /** Additional claims in its next tokens. */
  claims: JWTPayload = {};
  /** Whether it shows a link back instead of redirecting. */
  holds = false;
  /** The parameters of the last request. */
  asked: URLSearchParams | undefined;
  /** The issuer it names when redirecting back, if any. */
  iss: string | undefined;

  static async start(): Promise<HostileIssuer> {
    const keys = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    let issuer: HostileIssuer;
    const { server, url } = await listen((request, response) => {
      issuer.handle(request, response).catch((error) => response.writeHead(500).end(String(error)));
    });
    issuer = new HostileIssuer(server, url, keys, jwk);
    issuer.iss = url;
    return issuer;
  }

  stop(): Promise<void> {
    return close(this.server);
  }

  sign(claims: JWTPayload, header: { alg?: string; kid?: string } = {}): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(this.keys.privateKey);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    const json = (value: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        json({
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
          authorization_response_iss_parameter_supported: true,
        });
        break;
      case '/keys':
        json({ keys: [this.jwk] });
        break;
      case '/authorize': {
        this.asked = url.searchParams;
        const code = randomUUID();
        this.visits.set(code, { nonce: url.searchParams.get('nonce') ?? '', address: this.address });
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.searchParams.set('code', code);
        back.searchParams.set('state', url.searchParams.get('state') ?? '');
        if (this.iss) back.searchParams.set('iss', this.iss);
        if (this.holds) {
          response.writeHead(200, { 'content-type': 'text/html' }).end(`<a href="${back.href.replaceAll('&', '&amp;')}">Back</a>`);
        } else {
          response.writeHead(302, { location: back.href }).end();
        }
        break;
      }
      case '/token': {
        const code = new URLSearchParams(await body(request)).get('code') ?? '';
        const visit = this.visits.get(code);
        if (!visit) {
          json({ error: 'invalid_grant' }, 400);
          break;
        }
        const now = Math.floor(Date.now() / 1000);
        const claims: Claims = {
          iss: this.issuer,
          sub: `subject of ${visit.address}`,
          aud: CLIENT.id,
          iat: now,
          exp: now + 300,
          nonce: visit.nonce,
          email: visit.address,
          email_verified: true,
          ...this.claims,
        };
        json({ access_token: 'opaque', token_type: 'Bearer', id_token: await this.forge(claims, this) });
        break;
      }
      default:
        response.writeHead(404).end();
    }
  }
}

async function body(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

const honest: Forgery = (claims, issuer) => issuer.sign(claims);

/** Tokens that must be refused: what is wrong with each, and the reason in Greencap's log. */
export const FORGERIES: [what: string, reason: string, forge: Forgery][] = [
  ['another nonce', 'another nonce', (claims, issuer) => issuer.sign({ ...claims, nonce: 'of another visit' })],
  ['no nonce', 'another nonce', ({ nonce: _, ...claims }, issuer) => issuer.sign(claims)],
  ['another audience', 'another audience', (claims, issuer) => issuer.sign({ ...claims, aud: 'another-client' })],
  [
    'one more audience',
    'another audience',
    (claims, issuer) => issuer.sign({ ...claims, aud: [CLIENT.id, 'another-client'] }),
  ],
  [
    'issued to another party',
    'another authorized party',
    (claims, issuer) => issuer.sign({ ...claims, azp: 'another-client' }),
  ],
  ['another issuer', 'another issuer', (claims, issuer) => issuer.sign({ ...claims, iss: 'https://login.elsewhere.example' })],
  ['expired', 'clocks_differ', (claims, issuer) => issuer.sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 600 })],
  ['issued long ago', 'clocks_differ', (claims, issuer) => issuer.sign({ ...claims, iat: Math.floor(Date.now() / 1000) - 3600 })],
  ['no signature', 'wrong signature', (claims) => new UnsecuredJWT(claims).encode()],
  [
    'signed with the public key as a secret',
    'wrong signature',
    (claims, issuer) => sealed(claims, JSON.stringify(issuer.jwk)),
  ],
  ['signed with the secret that both know', 'wrong signature', (claims) => sealed(claims, CLIENT.secret)],
  [
    'changed after it was signed',
    'wrong signature',
    async (claims, issuer) => {
      const [header, , signature] = (await issuer.sign(claims)).split('.');
      const changed = Buffer.from(JSON.stringify({ ...claims, email: 'head@post.example' })).toString('base64url');
      return [header, changed, signature].join('.');
    },
  ],
  ['a key that is not published', 'unknown key', (claims) => strange(claims, 'two')],
  ['another key of the same name', 'wrong signature', (claims) => strange(claims, 'one')],
  ['a subject that cannot be kept', 'control characters', (claims, issuer) => issuer.sign({ ...claims, sub: 'one\0two' })],
  ['an address that cannot be kept', 'control characters', (claims, issuer) => issuer.sign({ ...claims, email: 'a\0@post.example' })],
];

/** Signed with a secret, which tokens for Greencap must not be. */
function sealed(claims: Claims, secret: string): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(new TextEncoder().encode(secret));
}

/** Signed with a key that is not the issuer's. */
async function strange(claims: Claims, kid: string): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256');
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
}
